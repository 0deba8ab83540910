// The server writes the page with this raid inside into one file; the browser saves it.
import { run, replay } from './store'
import { T } from './text'

export async function exportPage(): Promise<void> {
  const [open, raid] = [run.value, replay.value]
  if (!open || !raid) return
  const response = await fetch(`/api/runs/${encodeURIComponent(open.run)}/replays/${raid.replication}/page`, { credentials: 'same-origin' })
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = T.export.name(open.run, raid.replication)
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
