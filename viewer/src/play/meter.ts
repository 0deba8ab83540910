// How long the page's own script works for a frame: filling arrays, handing layers over, issuing draw calls.
const KEPT = 240

export class FrameMeter {
  private readonly samples = new Float64Array(KEPT)
  private taken = 0
  private began = 0
  private work = 0

  workStart(): void {
    this.began = performance.now()
  }

  workEnd(): void {
    this.work += performance.now() - this.began
  }

  drawStart(): void {
    this.began = performance.now()
  }

  drawEnd(): void {
    this.work += performance.now() - this.began
    this.samples[this.taken++ % KEPT] = this.work
    this.work = 0
  }

  /** Median and 95th percentile in milliseconds of the last frames, and how many there were. */
  read(): { median_ms: number; p95_ms: number; frames: number } {
    const kept = this.samples.slice(0, Math.min(this.taken, KEPT)).sort()
    const at = (part: number): number => (kept.length ? kept[Math.min(kept.length - 1, Math.floor(part * kept.length))] : 0)
    return { median_ms: at(0.5), p95_ms: at(0.95), frames: kept.length }
  }

  clear(): void {
    this.taken = 0
    this.work = 0
  }
}
