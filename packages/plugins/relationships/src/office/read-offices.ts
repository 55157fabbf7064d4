/** Offices, and who holds them from when to when. */
import { compareText, type RecordReference } from "@relata/core/plugin";
import { type Certainty, type Days, daysOf, validDuring } from "../edge/edge-days.ts";
import { compareIntervals, type DayInterval, shareDay } from "../interval/day-interval.ts";
import type { OfficeRecord, RelationshipRecord, RelationshipsContext } from "../parts.ts";
import { chunksOf } from "../things.ts";

/** An office that is held, by the days that are asked for: as stated, as certain, or as possible. */
export interface Holding extends DayInterval {
  readonly officeId: string;
  readonly holder: RecordReference;
  /** The relationship by which it is held. */
  readonly edge: RelationshipRecord;
}

/** By office, in the order of their days: those that hold on some of the days, all unless given. One query for every thousand offices. */
export async function readHoldings(
  context: RelationshipsContext,
  officeIds: readonly string[],
  {
    days = { from: null, until: null },
    certainty = "stated",
  }: { readonly days?: Days; readonly certainty?: Certainty } = {},
): Promise<{ of(officeId: string): readonly Holding[] }> {
  const span = { validFrom: days.from, validUntil: days.until };
  const holdings: Holding[] = [];
  for (const part of chunksOf([...new Set(officeIds)])) {
    const where = { officeId: { in: part }, ...validDuring(days, certainty) };
    for await (const edge of context.relationships.iterate({ where })) {
      const held = holdingOf(edge, certainty);
      if (held && shareDay(held, span)) holdings.push(held);
    }
  }
  const byOffice = Map.groupBy(holdings.toSorted(compareIntervals), ({ officeId }) => officeId);
  return { of: (officeId) => byOffice.get(officeId) ?? [] };
}

/** Undefined for what holds no office, or on no certain day. */
function holdingOf(edge: RelationshipRecord, certainty: Certainty = "stated"): Holding | undefined {
  const days = daysOf(edge, certainty);
  if (!days || edge.officeId === null) return undefined;
  const holder = { entityType: edge.fromType, id: edge.fromId };
  return { officeId: edge.officeId, holder, edge, validFrom: days.from, validUntil: days.until };
}

/** Which offices are asked about; all that are not archived unless given. */
export interface AskedOffices {
  readonly officeIds?: readonly string[] | undefined;
  readonly accountIds?: readonly string[] | undefined;
}

type OfficeCondition = NonNullable<Parameters<RelationshipsContext["offices"]["cursorAfter"]>[1]>["where"];

/** Those asked about that satisfy a condition, by account and title. One query for every thousand that are named, and one for each page. */
export async function readOffices(
  context: RelationshipsContext,
  { officeIds, accountIds }: AskedOffices,
  conditions: readonly NonNullable<OfficeCondition>[],
): Promise<readonly OfficeRecord[]> {
  const parts = officeIds ? chunksOf([...new Set(officeIds)]).map((part) => ({ id: { in: part } })) : [{}];
  const accounts = accountIds ? chunksOf([...new Set(accountIds)]).map((part) => ({ accountId: { in: part } })) : [{}];
  const offices: OfficeRecord[] = [];
  for (const part of parts)
    for (const of of accounts)
      offices.push(...(await Array.fromAsync(context.offices.iterate({ where: { and: [part, of, ...conditions] } }))));
  return offices.toSorted((a, b) => compareText(a.accountId, b.accountId) || compareText(a.title, b.title));
}

/** By id, archived ones too. One query for every thousand. */
export async function officesById(
  context: RelationshipsContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, OfficeRecord>> {
  const found = new Map<string, OfficeRecord>();
  for (const part of chunksOf([...new Set(ids)]))
    for await (const office of context.offices.iterate({ where: { id: { in: part } }, archived: "include" }))
      found.set(office.id, office);
  return found;
}
