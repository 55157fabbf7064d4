/** How many records an import has created, changed and found as they should be. */

export interface Tally {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
}

export const emptyTally: Tally = { created: 0, changed: 0, unchanged: 0 };

export function addTallies(one: Tally, other: Tally): Tally {
  return {
    created: one.created + other.created,
    changed: one.changed + other.changed,
    unchanged: one.unchanged + other.unchanged,
  };
}

/** Of the results of `upsertMany`, none of which created a record. */
export function tallyOf(results: readonly { readonly status: "created" | "updated" | "unchanged" }[]): Tally {
  const count = (status: string) => results.filter((result) => result.status === status).length;
  return { created: count("created"), changed: count("updated"), unchanged: count("unchanged") };
}
