// Moments as clocks show them where the raid takes place.
import type { Laydown } from './data/types'

const makers = new Map<string, Intl.DateTimeFormat>()

function maker(zone: string, withDate: boolean, withSeconds: boolean): Intl.DateTimeFormat {
  const key = `${zone}|${withDate}|${withSeconds}`
  let made = makers.get(key)
  if (!made) {
    const style: Intl.DateTimeFormatOptions = { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
    if (withSeconds) style.second = '2-digit'
    if (withDate) Object.assign(style, { day: 'numeric', month: 'short' })
    makers.set(key, (made = new Intl.DateTimeFormat('en-GB', style)))
  }
  return made
}

const zoneOf = (laydown: Laydown): string => laydown.time_zone || 'UTC'
const at = (laydown: Laydown, t: number): Date => new Date(Date.parse(laydown.start_utc) + t * 1000)

export const clock = (laydown: Laydown, t: number): string => maker(zoneOf(laydown), false, true).format(at(laydown, t))
export const clockShort = (laydown: Laydown, t: number): string => maker(zoneOf(laydown), false, false).format(at(laydown, t))
export const clockWithDate = (laydown: Laydown, t: number): string => maker(zoneOf(laydown), true, false).format(at(laydown, t))
export const dateOf = (laydown: Laydown, t: number): string => {
  const words = maker(zoneOf(laydown), true, false).formatToParts(at(laydown, t))
  const part = (type: string): string => words.find((word) => word.type === type)?.value ?? ''
  return `${part('day')} ${part('month')}`
}
