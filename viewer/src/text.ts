// Every English word of the page, in one place. To translate: copy this file and change the right-hand sides.

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const tenth = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
const signed = [0, 1, 2].map((digits) => new Intl.NumberFormat('en', { maximumFractionDigits: digits, signDisplay: 'exceptZero' }))
const hundredth = new Intl.NumberFormat('en', { maximumFractionDigits: 2 })

export const count = (value: number): string => number.format(value)
export const figure = (value: number): string =>
  (Math.abs(value) >= 100 ? number : Math.abs(value) < 1 ? hundredth : tenth).format(value)
export const small = (value: number): string =>
  value !== 0 && Math.abs(value) < 0.05 ? (value < 0 ? '−<0.1' : '<0.1') : tenth.format(value)
/** A signed number with as many digits as its size bears. */
export const difference = (value: number): string => {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return signed[digits].format(value).replace('-', '−')
}
export const percent = (value: number): string => `${tenth.format(value * 100)} %`
export const money = (usd: number): string => {
  const size = Math.abs(usd)
  if (size >= 1e9) return `$${tenth.format(usd / 1e9)} bn`
  if (size >= 1e6) return `$${tenth.format(usd / 1e6)} m`
  if (size >= 1e3) return `$${number.format(usd / 1e3)} k`
  return `$${number.format(usd)}`
}
export const metres = (value: number): string => (value >= 1000 ? `${tenth.format(value / 1000)} km` : `${number.format(value)} m`)
export const interval = (low: number, high: number): string => `${figure(low)} to ${figure(high)}`
export const differenceInterval = (low: number, high: number): string => `${difference(low)} to ${difference(high)}`

export const CLASS_WORDS: Record<string, string> = {
  drone: 'drones',
  cruise: 'cruise missiles',
  supersonic: 'supersonic missiles',
  anti_radiation: 'anti-radiation missiles',
  ballistic: 'ballistic missiles',
  hypersonic: 'hypersonic missiles',
  glide: 'glide vehicles',
  intercontinental: 'intercontinental missiles',
}
export const CAUSE_WORDS: Record<string, string> = {
  none: 'none',
  never_detected: 'never detected',
  detected_too_late: 'detected too late',
  no_shooter_in_reach: 'no shooter in reach',
  channels_saturated: 'channels saturated',
  magazine_empty: 'magazine empty',
  command_delay: 'command delay',
  shots_missed: 'shots missed',
  held_by_rules: 'held by rules',
}
export const SIDE_WORDS: Record<string, string> = { friend: 'friendly', civil: 'civil' }
export const OUTCOME_WORDS: Record<string, string> = {
  flying: 'in the air',
  shot_down: 'shot down',
  suppressed: 'suppressed or lost',
  through: 'got through',
  aborted: 'turned back',
  passed: 'passed',
  mistake: 'shot down by mistake',
}
export const FATE_WORDS: Record<string, string> = {
  failed: 'fell by itself',
  suppressed: 'suppressed by soft kill',
  shot_down: 'shot down',
  leaked_hit: 'got through and hit',
  leaked_missed: 'got through and missed its aim point',
  aborted: 'turned back',
}
export const STATUS_WORDS: Record<string, string> = { free: 'free', tight: 'tight', hold: 'hold' }

/** A word the file does not know is shown as it is, without underscores. */
export const wordFor = (words: Record<string, string>, key: string): string => words[key] ?? key.replaceAll('_', ' ')

export const T = {
  product: 'shieldwall',
  loading: 'Reading the raid',
  failed: 'The page could not read the raid',
  noRun: 'There is no run to show. Play one: shieldwall run night-2025-06-09',
  notional: 'Laydown, routes and times are notional, at city level.',
  notModelled:
    'Paths are the scenario’s, not recorded flights. A salvo flies straight from its unit to the meeting. Coverage is of flat ground.',
  tabs: { replay: 'Replay', across: 'Across raids', compare: 'Compare', change: 'Change', exercise: 'Exercise' },
  theme: { toLight: 'Light colours', toDark: 'Dark colours' },
  help: {
    open: 'Keys and help',
    title: 'Keys',
    close: 'Close',
    keys: [
      ['Space', 'play or pause'],
      ['← →', 'a minute back, a minute on (with Shift: ten)'],
      [', .', 'to the event before, to the next event'],
      ['− +', 'slower, faster'],
      ['Home End', 'start, end'],
      ['[ ]', 'the threat before, the next threat in the air'],
      ['L', 'to the next threat that gets through'],
      ['F', 'fit the map to the raid'],
      ['1 … 5', 'open a part of the page'],
      ['Esc', 'close what is open'],
    ] as [string, string][],
    about: 'About',
  },
  map: {
    label: 'Map of the raid. Arrow keys move it, plus and minus zoom. What the map shows stands as tables in the panel.',
    second: 'Map of the second raid',
    layers: 'On the map',
    trails: 'Trails',
    shots: 'Shots',
    ends: 'Where they ended',
    units: 'Fire units',
    sensors: 'Sensors',
    zones: 'Soft-kill zones',
    airspace: 'Airspace control',
    zone: (id: string, kind: 'fighter' | 'missile' | 'joint' | 'corridor', control: string, low_m: number, high_m: number | null) => {
      const word = { fighter: 'FEZ', missile: 'MEZ', joint: 'JEZ', corridor: control === 'tight' ? 'corridor (tight)' : 'corridor' }[kind]
      const heights = high_m !== null ? `${low_m / 1000} to ${high_m / 1000} km` : low_m > 0 ? `from ${low_m / 1000} km` : ''
      return [`${word} ${id}`, heights].filter(Boolean).join('\n')
    },
    flights: 'Own and civil aircraft',
    names: 'Names',
    coverage: 'Coverage',
    none: 'none',
    radar: 'detection',
    reach: 'engagement',
    height: 'at height',
    against: 'against',
  },
  counter: {
    launched: 'Launched',
    shot_down: 'Shot down',
    suppressed: 'Suppressed or lost',
    through: 'Got through',
    reported: (value: number) => `reported ${count(value)}`,
    live: (launched: number, down: number, lost: number, through: number) =>
      `${launched} launched, ${down} shot down, ${lost} suppressed or lost, ${through} got through`,
  },
  flights: {
    title: 'Friendly and civil aircraft',
    flew: 'fly',
    down: 'shot down',
    none: 'None was shot down so far.',
    counter: (flights: number, down: number) => `${count(flights)} friendly and civil aircraft, ${count(down)} shot down by mistake`,
    by: (unit: string, why: string) => `by ${unit}: ${why}`,
    aboard: 'aboard',
    side: 'side',
    why: 'Why',
    duplicates: (mean: number) => `${small(mean)} salvos a raid were fired while another network had one under way at the same target.`,
    perRaid: 'a raid',
  },
  timeline: {
    label: 'Time',
    play: 'Play',
    pause: 'Pause',
    next: 'Next event',
    previous: 'Event before',
    speed: 'Speed',
    times: (value: number) => `${count(value)} ×`,
  },
  raid: {
    which: 'Raid',
    median: 'Median raid',
    best: 'Best raid',
    worst: 'Worst raid',
    number: (value: number) => `Raid ${value}`,
    any: 'Another raid',
    go: 'Show',
    of: (replications: number) => `of ${count(replications)}`,
  },
  filter: {
    title: 'Show only',
    types: 'Types',
    fate: 'How it ended',
    cause: 'Why it got through',
    clear: 'Show all',
    unit: (name: string) => `shot at by ${name}`,
    shown: (shown: number, all: number) => `${count(shown)} of ${count(all)} shown`,
  },
  threat: {
    stops: 'Its ten stops',
    reading: 'Reading its ten stops',
    decoy: 'decoy',
    noStops: 'This file does not hold the ten stops of this threat.',
    close: 'Close',
    follow: 'Go to its end',
  },
  unit: {
    sector: 'sector',
    channels: 'channels',
    magazine: 'Rounds over time',
    ready: 'ready',
    reserve: 'in reserve',
    fired: 'fired',
    killed: 'shot down',
    mistakes: 'by mistake',
    empty: (time: string) => `empty at ${time}`,
    lost: (time: string) => `lost at ${time}`,
    out: 'out of action from the start',
    only: 'Show only what it shot at',
    here: 'At the same place',
    footprint: 'Footprint against',
    footprintAsk: 'Show',
    footprintWait: 'Working it out',
    hide: 'Hide',
    entry: (entry: string) => `one of the entry ${entry}`,
    ringsNote: 'Rings: reach at each height; the filled one is at the height chosen here.',
  },
  asset: {
    value: 'value',
    population: 'people',
    aimed: 'aimed at it',
    through: 'got through here',
    hits: 'hits',
    mean: 'a raid, on average',
  },
  across: {
    title: (replications: number) => `${count(replications)} raids, each on its own luck`,
    mean: (mean: number, low: number, high: number) => `${figure(mean)} get through a raid; nine in ten raids lie between ${figure(low)} and ${figure(high)}.`,
    distribution: 'How many got through',
    axis: 'got through',
    raids: 'raids',
    choose: 'Choose a raid',
    reported: 'reported',
    places: 'Where they got through',
    perRaid: 'a raid',
    heat: 'Show on the map',
    causes: 'Why they got through',
    firstEmpty: 'What ran out first',
    never: 'nothing ran out',
    byType: 'By type, a raid',
    type: 'Type',
    launched: 'launched',
    down: 'shot down',
    lost: 'suppressed',
    through: 'through',
    behind: 'Behind the raid',
    casualties: 'casualties',
    unwarned: 'casualties without warning',
    cost: 'What it cost',
    costDefence: 'defence, rounds',
    costRaid: 'raid',
    rounds: 'Rounds a raid',
    fired: 'fired',
    left: 'left',
    chance: 'Chance only. What is not known of the catalogue’s figures comes on top: shieldwall uncertainty.',
  },
  compare: {
    title: 'Two runs on the same luck',
    with: 'Beside',
    pick: 'Choose a run',
    none: 'No other run of this folder has the same seed.',
    stop: 'One map again',
    base: 'This run',
    other: 'The other',
    change: 'difference',
    sure: 'The interval (90 %) says how well the mean difference is known.',
    difference: 'Difference, raid by raid',
    fewer: (value: number) => `${figure(Math.abs(value))} fewer get through`,
    more: (value: number) => `${figure(value)} more get through`,
    same: 'No difference in what gets through',
    replications: (value: number) => `${count(value)} raids on the same luck`,
    better: 'better',
    equal: 'equal',
    worse: 'worse',
    show: 'Show both on the map',
    rows: {
      leaked: 'got through',
      shot_down: 'shot down',
      suppressed: 'suppressed by soft kill',
      damage: 'value lost',
      rounds: 'rounds fired',
      'cost/defence': 'cost of rounds',
      shot_down_by_mistake: 'shot down by mistake',
      duplicate_engagements: 'duplicate engagements',
    } as Record<string, string>,
  },
  change: {
    title: 'Change and play again',
    intro: 'Drag a battery on the map, or change a number. The same luck is played again and the difference is shown with its interval.',
    notHere: 'This run cannot be changed from here: its scenario is not in the folder that the server reads.',
    unit: 'Battery',
    choose: 'Choose one, or click it on the map',
    latitude: 'latitude',
    longitude: 'longitude',
    count: 'how many',
    rounds: (effector: string) => `${effector}, rounds ready`,
    reserve: (effector: string) => `${effector}, in reserve`,
    doctrine: 'Doctrine',
    control: 'weapons control',
    integration: 'integration',
    shots: (name: string) => `rounds a salvo at ${name}`,
    maxShots: (name: string) => `rounds at most at one of the ${name}`,
    raid: 'Raid',
    salvo: 'Salvo',
    list: 'Changes',
    nothing: 'Nothing is changed yet.',
    undo: 'Take back',
    replications: 'Raids to play',
    run: 'Play again',
    cancel: 'Cancel',
    queued: 'Waiting for its turn',
    running: (done: number, of: number) => `${count(done)} of ${count(of)} raids`,
    cancelled: 'Cancelled.',
    save: 'Save as YAML diff',
    dragHint: 'Drag the marked symbol, or change the numbers.',
  },
  exercise: {
    title: 'Exercise',
    intro:
      'The raid unfolds and nobody knows how it ends. You set weapons control for each class, release reserves and commit fighters. Afterwards you see it beside what the automatic doctrine would have done on the same luck.',
    start: 'Begin the exercise',
    begin: 'raid number',
    stop: 'End the exercise',
    control: 'Weapons control',
    controlNote: 'free: engage what is not friendly · tight: only what is identified as hostile · hold: nothing is fired at the class',
    reserves: 'Reserves',
    release: 'Release',
    keep: 'Keep again',
    kept: (rounds: number, classes: string) => `${count(rounds)} a unit, kept for ${classes}`,
    released: 'released',
    fighters: 'Fighters',
    noFighters: 'This scenario has no fighters to commit.',
    commit: 'Commit',
    bases: (ready: number, up: number, lost: number) => `${count(ready)} ready, ${count(up)} in the air${lost ? `, ${count(lost)} lost` : ''}`,
    standDown: 'Stand down',
    toTheEnd: 'Play the rest at once',
    log: 'Log',
    noOrders: 'No order given yet.',
    review: 'After-action review',
    yours: 'You',
    automatic: 'Automatic doctrine',
    again: 'Once more',
    seeBoth: 'Replay both side by side',
    catching: 'Playing on',
    order: {
      control: (name: string, status: string) => `${name}: weapons ${status}`,
      release: (name: string) => `released the reserve of ${name}`,
      keep: (name: string) => `keeps the reserve of ${name} again`,
      commit: (name: string) => `committed fighters from ${name}`,
      stand_down: (name: string) => `fighters of ${name} stand down`,
    },
    rows: { launched: 'launched', shot_down: 'shot down', suppressed: 'suppressed or lost', leaked: 'got through', damage: 'value lost', cost: 'cost of rounds' } as Record<string, string>,
  },
  export: { one: 'Save as one file', name: (run: string, raid: number) => `${run}-raid-${raid}.html`, whole: 'One HTML file with this raid; opens offline from disk.' },
  files: { diff: (run: string) => `${run}-changes.diff` },
}
