/** The turns in which memberships are written. */
import type { MembershipsContext } from "../parts.ts";

/** What the terms, events and payments of these memberships are decided by is read after this, in a unit. No id is no error. */
export async function lockMemberships(tx: MembershipsContext, ids: readonly string[], ...others: readonly string[]) {
  const names = [...new Set([...ids.map((id) => `membership:${String(id)}`), ...others])];
  if (names.length > 0) await tx.lock(...names);
}
