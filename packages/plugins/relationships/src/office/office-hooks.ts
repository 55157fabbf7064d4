/** What is checked of offices, whoever writes them. */
import { includes } from "../interval/day-interval.ts";
import { refuseEndBeforeStart } from "../interval/days-within.ts";
import type { OfficeRecord, RelationshipsContext } from "../parts.ts";
import { lockOffices } from "./holding-hooks.ts";
import { factsOf, refuseOutside, refuseTwice } from "./holding-rules.ts";
import { readHoldings } from "./read-offices.ts";

interface Proposed {
  readonly input: Partial<OfficeRecord> & { readonly id: string };
  readonly before?: OfficeRecord;
}

/** The `before` hook. @throws `invalid_input` for a last day before the first */
export async function proposeOffices(context: RelationshipsContext, batch: readonly Proposed[]): Promise<void> {
  await lockOffices(
    context,
    batch.flatMap(({ before }) => before?.id ?? []),
  );
  refuseEndBeforeStart("office", batch);
}

interface Changed {
  readonly before?: OfficeRecord;
  readonly after?: OfficeRecord;
}

/**
 * The `after` hook: those who hold it fit what it has become.
 *
 * @throws `office_held_twice` where several hold what is to have a single holder; `office_not_there` where it is held on days that it is to
 * have no more; `office_in_use` for another type of what is held
 */
export async function checkOffices(context: RelationshipsContext, batch: readonly Changed[]): Promise<void> {
  const changed = batch.flatMap(({ before, after }) =>
    before && after && isNarrower(before, after) ? [{ before, after }] : [],
  );
  if (changed.length === 0) return;
  const holdings = await readHoldings(
    context,
    changed.map(({ after }) => after.id),
  );
  for (const { before, after } of changed) {
    const own = holdings.of(after.id);
    if (before.typeId !== after.typeId && own.length > 0)
      throw context.error("office_in_use", { ...factsOf(after), field: "typeId", count: own.length });
    refuseOutside(context, after, own);
    refuseTwice(context, after, own);
  }
}

function isNarrower(before: OfficeRecord, after: OfficeRecord): boolean {
  const isSingle = after.isSingleHolder && !before.isSingleHolder;
  return isSingle || before.typeId !== after.typeId || !includes(after, before);
}
