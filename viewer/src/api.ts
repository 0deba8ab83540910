// Questions to the server, or to the answers that an exported page carries in itself.
import type { Change, Comparison, DiffFile, ExerciseSession, Job, Order, ReplayJson, Review, Run, RunEntry, Stop } from './data/types'
import type { FeatureCollection } from 'geojson'

export interface Embedded {
  start: string
  replication?: number
  answers: Record<string, unknown>
}

let embedded: Embedded | null = null

export const embeddedRaid = (): number | undefined => embedded?.replication
export const isExported = (): boolean => embedded !== null
export const DATA_ELEMENT = 'shieldwall-data'

export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

export async function unpacked(base64: string): Promise<Embedded> {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return JSON.parse(await new Response(stream).text()) as Embedded
}

/** Read what an exported page carries; false on a page that a server sent. */
export async function openEmbedded(): Promise<boolean> {
  const text = document.getElementById(DATA_ELEMENT)?.textContent?.trim()
  if (!text) return false
  embedded = await unpacked(text)
  return true
}

async function ask<Answer>(address: string, init?: RequestInit): Promise<Answer> {
  if (embedded) {
    if (address in embedded.answers) return embedded.answers[address] as Answer
    throw new Refused(404, address)
  }
  const response = await fetch(address, { credentials: 'same-origin', ...init })
  if (!response.ok) throw new Refused(response.status, await complaint(response))
  return response.status === 204 ? (undefined as Answer) : ((await response.json()) as Answer)
}

async function complaint(response: Response): Promise<string> {
  try {
    const { detail, mistakes } = (await response.json()) as { detail?: unknown; mistakes?: { what: string; cure: string }[] }
    if (mistakes) return mistakes.map(({ what, cure }) => (cure ? `${what}; ${cure}` : what)).join('\n')
    return typeof detail === 'string' ? detail : JSON.stringify(detail)
  } catch {
    return `${response.status} ${response.statusText}`
  }
}

const send = (method: string, body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const part = encodeURIComponent

export const api = {
  health: async (): Promise<{ start: string | null; exercise: boolean }> =>
    embedded ? { start: embedded.start, exercise: false } : ask('/api/health'),
  runs: async (): Promise<RunEntry[]> => {
    if (embedded) return []
    return (await ask<{ runs: RunEntry[] }>('/api/runs')).runs
  },
  run: (run: string): Promise<Run> => ask(`/api/runs/${part(run)}`),
  replay: (run: string, replication: number): Promise<ReplayJson> => ask(`/api/runs/${part(run)}/replays/${replication}`),
  stops: async (run: string, replication: number, threat: string): Promise<Stop[]> => {
    const address = `/api/runs/${part(run)}/replays/${replication}/stops`
    if (embedded) return (await ask<{ threats: Record<string, Stop[]> }>(address)).threats[threat] ?? []
    return (await ask<{ stops: Stop[] }>(`${address}?threat=${part(threat)}`)).stops
  },
  footprint: (run: string, unit: string, against: string): Promise<FeatureCollection> =>
    ask(`/api/runs/${part(run)}/footprints?unit=${part(unit)}&against=${part(against)}`),
  compare: (base: string, other: string): Promise<Comparison> => ask(`/api/compare?base=${part(base)}&other=${part(other)}`),
  startJob: (base: string, changes: Change[], replications: number): Promise<Job> =>
    ask('/api/jobs', send('POST', { base, changes, replications })),
  job: (id: string): Promise<Job> => ask(`/api/jobs/${part(id)}`),
  cancelJob: (id: string): Promise<Job> => ask(`/api/jobs/${part(id)}`, { method: 'DELETE' }),
  diff: async (base: string, changes: Change[]): Promise<DiffFile[]> =>
    (await ask<{ files: DiffFile[] }>('/api/diff', send('POST', { base, changes }))).files,
  startExercise: (base: string, replication: number): Promise<ExerciseSession> =>
    ask('/api/exercises', send('POST', { base, replication })),
  advance: (id: string, until: number, orders: Order[]): Promise<ExerciseSession> =>
    ask(`/api/exercises/${part(id)}/advance`, send('POST', { until, orders })),
  review: (id: string): Promise<Review> => ask(`/api/exercises/${part(id)}/review`),
  endExercise: (id: string): Promise<void> => ask(`/api/exercises/${part(id)}`, { method: 'DELETE' }),
}
