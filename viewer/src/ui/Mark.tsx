// The mark of a kind of threat or of an ending, as on the map.
const POINTS: Record<string, string> = {
  drone: '12,3 20,20 12,16 4,20',
  cruise: '12,2 14,8 14,11 21,15 14,15 14,19 17,22 7,22 10,19 10,15 3,15 10,11 10,8',
  supersonic: '12,2 18,21 12,18 6,21',
  anti_radiation: '12,2 15,10 20,21 14,18 10,18 4,21 9,10',
  ballistic: '12,1 17,12 12,23 7,12',
  hypersonic: '12,2 16,14 20,21 12,18 4,21 8,14',
  glide: '12,2 21,20 12,17 3,20',
  intercontinental: '12,1 19,12 12,23 5,12',
  friend: '12,1 14,8 22,16 22,19 14,17 17,22 7,22 10,17 2,19 2,16 10,8',
  civil: '12,1 14,4 14,9 23,14 23,17 14,14 14,19 17,21 17,23 7,23 7,21 10,19 10,14 1,17 1,14 10,9 10,4',
  through: '12,2 22,12 12,22 2,12',
}

export function Mark({ kind, colour }: { kind: string; colour: string }) {
  const style = { fill: colour, stroke: colour }
  return (
    <svg class="mark" viewBox="0 0 24 24" width="12" height="12" aria-hidden="true" style={style}>
      {kind === 'shot_down' ? (
        <path d="M5 5l14 14M19 5L5 19" stroke-width="4" stroke-linecap="round" />
      ) : kind === 'mistake' ? (
        <path d="M12 2a10 10 0 1 0 .01 0M8 8l8 8M16 8l-8 8" fill="none" stroke-width="3" />
      ) : kind === 'suppressed' ? (
        <circle cx="12" cy="12" r="8" fill="none" stroke-width="4" />
      ) : (
        <polygon points={POINTS[kind] ?? '12,4 20,12 12,20 4,12'} stroke="none" />
      )}
    </svg>
  )
}
