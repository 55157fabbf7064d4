/** Days of the calendar, "YYYY-MM-DD", and the instants at which this demo dates what happened on them. */

const dayMs = 86_400_000;

/** Noon in UTC: the same day in most of the world. */
export function noonOf(day: string): Date {
  return new Date(`${day}T12:00:00.000Z`);
}

/** The last instant of a day in UTC. */
export function endOf(day: string): Date {
  return new Date(`${day}T23:59:59.999Z`);
}

/** The day, in UTC, of an instant. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return dayOf(new Date(noonOf(day).getTime() + days * dayMs));
}

export function earlierDay(one: string, other: string): string {
  return one < other ? one : other;
}

export function laterDay(one: string, other: string): string {
  return one < other ? other : one;
}

/** Whole days from an instant to noon of `day`; negative when the instant is later. */
export function daysUntil(day: string, since: Date): number {
  return Math.floor((noonOf(day).getTime() - since.getTime()) / dayMs);
}
