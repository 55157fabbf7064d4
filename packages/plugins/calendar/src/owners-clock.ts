/** The clocks that activities are on: each owner's, else the tenant's. */
import { isTimeZone } from "@relata/core/plugin";
import type { CalendarContext } from "./parts.ts";
import { type WallClock, wallClockOf } from "./wall-time.ts";

export interface OwnersClock {
  readonly timeZone: string;
  readonly clock: WallClock;
}

/** Two queries, however many owners. */
export async function ownersClocks(
  context: CalendarContext,
  ownerIds: readonly (string | null | undefined)[],
): Promise<(ownerId: string | null | undefined) => OwnersClock> {
  const { timeZone: tenants } = await context.settings.current();
  const ids = [...new Set(ownerIds.filter((id) => typeof id === "string"))];
  const own = new Map<string, string | null>();
  if (ids.length > 0) {
    const owners = context.users.iterate({ where: { id: { in: ids } }, select: ["timeZone"], archived: "include" });
    for await (const { id, timeZone } of owners) own.set(id, timeZone);
  }
  const clocks = new Map<string, OwnersClock>();
  return (ownerId) => {
    const given = ownerId ? own.get(ownerId) : undefined;
    const timeZone = given && isTimeZone(given) ? given : tenants;
    const known = clocks.get(timeZone) ?? { timeZone, clock: wallClockOf(timeZone) };
    clocks.set(timeZone, known);
    return known;
  };
}
