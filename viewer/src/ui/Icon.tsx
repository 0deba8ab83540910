// Small line drawings for buttons, all on a grid of 24.
const SHAPES: Record<string, string> = {
  play: 'M7 4.500v15l12.500-7.500z',
  pause: 'M7 5v14M17 5v14',
  next: 'M5 5l9 7-9 7zM19 5v14',
  previous: 'M19 5l-9 7 9 7zM5 5v14',
  leak: 'M12 3l9 9-9 9-9-9zM12 8.500v4.500M12 16v.500',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M19 5l-1.500 1.500M6.500 17.500L5 19',
  moon: 'M20 14.500A8.500 8.500 0 0 1 9.500 4 8.500 8.500 0 1 0 20 14.500z',
  help: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.700.400-1 .900-1 1.700M12 16.500v.200',
  save: 'M12 4v11M7.500 11L12 15.500 16.500 11M5 19.500h14',
  close: 'M6 6l12 12M18 6L6 18',
  replay: 'M3 12c4-6 14-6 18 0-4 6-14 6-18 0zM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z',
  across: 'M4 20V13M9 20V7M14 20V4M19 20v-9',
  compare: 'M4 5h6v14H4zM14 5h6v14h-6z',
  change: 'M4 20l1-4L16 5l3 3L8 19zM13.500 7.500l3 3',
  exercise: 'M4 18c2-7 5-9 8-9s6 2 8 9M12 9V4M9 4h6M8 14l4 3 4-3',
  fit: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
}
const FILLED = new Set(['play'])

export function Icon({ name, size = 18 }: { name: string; size?: number }) {
  return (
    <svg class={FILLED.has(name) ? 'icon filled' : 'icon'} viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d={SHAPES[name] ?? ''} />
    </svg>
  )
}
