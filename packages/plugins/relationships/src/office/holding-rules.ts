/** What those who hold an office must be together, on every day. */
import { type DayInterval, includes } from "../interval/day-interval.ts";
import { daysText } from "../interval/days-within.ts";
import { overlapsAmong } from "../interval/interval-sets.ts";
import type { OfficeRecord, RelationshipsContext } from "../parts.ts";
import { thingKey } from "../things.ts";
import type { Holding } from "./read-offices.ts";

/**
 * Nobody holds an office twice on a day, and at most one holds it who is to be the only one.
 *
 * @throws `office_held_by_same`, `office_held_twice`, naming the first such day
 */
export function refuseTwice(context: RelationshipsContext, office: OfficeRecord, holdings: readonly Holding[]): void {
  const facts = { ...factsOf(office), field: "officeId" };
  for (const [holder, own] of Map.groupBy(holdings, (holding) => thingKey(holding.holder))) {
    const twice = overlapsAmong(own)[0];
    if (!twice) continue;
    const ids = twice.items.map(({ edge }) => edge.id);
    throw context.error("office_held_by_same", { ...facts, holder, day: dayOf(twice), ids });
  }
  const clash = office.isSingleHolder ? overlapsAmong(holdings)[0] : undefined;
  if (!clash) return;
  const holders = clash.items.map(({ holder }) => thingKey(holder)).join(" and ");
  const ids = clash.items.map(({ edge }) => edge.id);
  throw context.error("office_held_twice", { ...facts, count: clash.items.length, day: dayOf(clash), holders, ids });
}

/** @throws `office_not_there` for one that holds it on a day on which there is no office */
export function refuseOutside(context: RelationshipsContext, office: OfficeRecord, holdings: readonly Holding[]): void {
  const outside = holdings.find((holding) => !includes(office, holding));
  if (!outside) return;
  throw context.error("office_not_there", {
    ...{ ...factsOf(office), field: "officeId", days: daysText(office), relationshipId: outside.edge.id },
  });
}

export function factsOf({ id, title }: Pick<OfficeRecord, "id" | "title">) {
  return { entity: "office", id, title };
}

function dayOf({ validFrom, validUntil }: DayInterval): string {
  return validFrom ?? validUntil ?? "all days";
}
