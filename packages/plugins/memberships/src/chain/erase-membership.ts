/** A membership is to leave nothing, its figures included. */
import type { MembershipsContext } from "../parts.ts";

export interface EraseOptions {
  /** Kept with the erasure. */
  readonly reason?: string;
}

/** With those that were merged into it, and all that belongs to either. One unit. */
export async function eraseMembership(context: MembershipsContext, id: string, options: EraseOptions = {}) {
  return context.transaction(async (tx) => {
    const ids = [id];
    for (const at of ids) {
      const merged = tx.memberships.iterate({ where: { mergedIntoId: at }, select: ["id"], archived: "include" });
      ids.push(...(await Array.fromAsync(merged)).map((each) => each.id));
    }
    const [own, ...merged] = ids;
    for (const at of merged.toReversed()) await tx.memberships.erase(at, options);
    return tx.memberships.erase(own!, options);
  });
}
