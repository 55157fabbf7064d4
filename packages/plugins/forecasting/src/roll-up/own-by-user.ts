/** What each user has of their own, and who stands above whom: what judgement works on. */
import { type Categories, readCategories } from "../category/category-of.ts";
import type { AskedPeriodScope } from "./ask-forecast.ts";
import type { Cells } from "./cells.ts";
import { usersOf } from "./dimension.ts";
import { cellsByLine, periodParts } from "./forecast.ts";
import type { ManagerNode } from "./managers.ts";

export interface OwnByUser {
  /** From the top down, all of the instant; with `under`, from that user down. */
  readonly users: readonly ManagerNode[];
  /** By user, by column: exact, of each category alone (`byMethod` makes the asked method of it). Null is of what nobody owns. */
  readonly own: ReadonlyMap<string | null, Cells>;
  /** All currencies that occur. */
  readonly currencies: ReadonlySet<string>;
}

/** Two aggregates, and a query for stages and for users each. */
export async function ownByUser(asked: AskedPeriodScope, categories?: Categories): Promise<OwnByUser> {
  const users = await usersOf(asked);
  const scope = asked.under === undefined ? undefined : users.map(({ id }) => id);
  const parts = await periodParts(asked, categories ?? (await readCategories(asked.at)), {
    line: { user: true },
    users: scope,
  });
  const own = cellsByLine(asked, parts);
  const currencies = new Set<string>();
  for (const cells of own.values())
    for (const cell of cells)
      for (const tally of Object.values(cell)) for (const currency of tally.keys()) currencies.add(currency);
  return { users, own, currencies };
}
