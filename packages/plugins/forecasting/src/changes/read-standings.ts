/** Reads what opportunities were at an instant, as far as they count in a forecast or counted at another instant. */
import { count, type Money, sum } from "@relata/core/plugin";
import type { OpenCategory } from "../category/category.ts";
import type { Categories, Categorizable } from "../category/category-of.ts";
import type { AskedScope } from "../roll-up/ask-forecast.ts";
import { type CreditSplit, creditedTo, fieldOf, sharesOf, splitKindOf } from "../roll-up/credit.ts";
import { NUMBER, ONE, scaledUnits, type Tally, unitsOf } from "../roll-up/tally.ts";
import type { Standing } from "./standing.ts";

/** One end of a comparison: the scope as of its instant, and what decides who and what counts. */
export interface End {
  readonly asked: AskedScope;
  readonly categories: Categories;
  /** Only what counts for them. */
  readonly users: readonly string[] | undefined;
}

export type Standings = ReadonlyMap<string, Standing>;

const CHUNK = 1_000;

/** Those in the scope that a condition chooses: one query, and one of splits where they are credited. Archived ones are not there. */
export async function readStandings(end: End, condition: object): Promise<Standings> {
  const { where, credit } = end.asked;
  return standingsOf(end, { and: [condition, where, creditedTo(credit, end.users)] });
}

/** Those that a condition chooses, in the scope or outside of it. Two queries. */
export async function readNeighbours(end: End, condition: object): Promise<Standings> {
  const found = new Map(await readStandings(end, condition));
  if (!hasScope(end)) return found;
  for (const row of await rowsOf(end, condition)) if (!found.has(row.id)) found.set(row.id, outside(end, row));
  return found;
}

/** What opportunities are there, in the scope or outside of it; those that are not there are left out. Two queries for each thousand. */
export async function readCounterparts(end: End, ids: readonly string[]): Promise<Standings> {
  const found = new Map<string, Standing>();
  for (let at = 0; at < ids.length; at += CHUNK) {
    const chunk = ids.slice(at, at + CHUNK);
    for (const [id, standing] of await readNeighbours(end, { id: { in: chunk } })) found.set(id, standing);
  }
  return found;
}

function hasScope({ asked, users }: End): boolean {
  return users !== undefined || asked.credit !== "owner" || !isEmpty(asked.where);
}

/** Nothing but empty conditions. */
function isEmpty(condition: object): boolean {
  return Object.entries(condition).every(
    ([key, inner]) => key === "and" && (inner as readonly object[]).every(isEmpty),
  );
}

/** How many there are in the scope that a condition chooses. */
export async function countStandings({ asked, users }: End, condition: object): Promise<number> {
  const where = { and: [condition, asked.where, creditedTo(asked.credit, users)] };
  return asked.at.repository("opportunity").count({ where });
}

export interface StandingSum {
  readonly category: Standing["category"];
  readonly count: number;
  readonly tally: Tally;
}

/** What those in the scope that a condition chooses add up to, where owners have the credit. One query. */
export async function sumStandings(
  { asked, users, categories }: End,
  condition: object,
): Promise<readonly StandingSum[]> {
  const field = fieldOf(asked.measure);
  const rows = await asked.at.repository("opportunity").aggregate({
    where: { and: [condition, asked.where, creditedTo("owner", users)] },
    groupBy: { status: "status", stageId: "stageId", forecastCategory: "forecastCategory" },
    measures: { count: count(), ...(field === undefined ? {} : { value: sum(field) }) },
  });
  return (rows as readonly object[] as readonly SumRow[]).map(({ count: number, value, ...row }) => {
    const category = categories.categoryOf(row);
    const amounts = value?.map(({ amount, currency }) => [currency, unitsOf(amount, currency)] as const);
    const tally = new Map(amounts ?? [[NUMBER, BigInt(number) * ONE]]);
    return { category: category === "omitted" ? null : category, count: number, tally };
  });
}

interface SumRow extends Categorizable {
  readonly count: number;
  readonly value?: readonly Money[];
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly status: Standing["status"];
  readonly stageId: string;
  readonly override: OpenCategory | null;
  readonly expectedCloseDate: string | null;
  readonly actualCloseDate: string | null;
  readonly value?: readonly Money[];
}

/** A group for each: all of them come in one answer, of one instant, where a list would come in pages. */
async function rowsOf({ asked: { at, measure } }: End, where: object): Promise<readonly Row[]> {
  const field = fieldOf(measure);
  const rows = await at.repository("opportunity").aggregate({
    where,
    groupBy: {
      id: "id",
      name: "name",
      createdAt: "createdAt",
      status: "status",
      stageId: "stageId",
      override: "forecastCategory",
      expectedCloseDate: "expectedCloseDate",
      actualCloseDate: "actualCloseDate",
    },
    measures: field === undefined ? { number: count() } : { value: sum(field) },
  });
  return rows as readonly object[] as readonly Row[];
}

async function standingsOf(end: End, where: object): Promise<Standings> {
  const kind = splitKindOf(end.asked.credit);
  const rows = await rowsOf(end, where);
  const splits = kind && rows.length > 0 ? await splitsOf(end, kind, where) : new Map<string, readonly Split[]>();
  return new Map(
    rows.map((row) => {
      const own = splits.get(row.id);
      if (own && kind) return [row.id, shared(end, row, { kind, splits: own })];
      return [row.id, kind === "overlay" ? outside(end, row) : standingOf(end, row, { share: ONE })];
    }),
  );
}

interface Split extends CreditSplit {
  readonly amount: readonly Money[];
}

interface Splits {
  readonly kind: "revenue" | "overlay";
  readonly splits: readonly Split[];
}

async function splitsOf(
  { asked: { at } }: End,
  kind: "revenue" | "overlay",
  where: object,
): Promise<ReadonlyMap<string, readonly Split[]>> {
  const splits = await at.repository("opportunitySplit").aggregate({
    where: { kind, opportunity: { and: [{ archivedAt: null }, where] } },
    groupBy: { opportunityId: "opportunityId", userId: "userId", percent: "percent" },
    measures: { amount: sum("amount") },
  });
  const rows = splits as readonly object[] as readonly (Split & { readonly opportunityId: string })[];
  const byOpportunity = new Map<string, Split[]>();
  for (const row of rows) {
    const list = byOpportunity.get(row.opportunityId);
    if (list) list.push(row);
    else byOpportunity.set(row.opportunityId, [row]);
  }
  return byOpportunity;
}

/** What the splits of the scope's users say. */
function shared(end: End, row: Row, { kind, splits }: Splits): Standing {
  const { measure } = end.asked;
  const users = end.users && new Set(end.users);
  const [value = null] = row.value ?? [];
  const shares = measure === "amount" ? undefined : sharesOf(kind, measure === "count" ? 1 : value, splits);
  let share = 0n;
  let credited = 0n;
  for (const [i, { userId, percent, amount }] of splits.entries()) {
    if (users && !users.has(userId)) continue;
    share += scaledUnits(percent, 4);
    credited += shares
      ? unitsIn(shares[i]!)
      : amount.reduce((all, part) => all + unitsOf(part.amount, part.currency), 0n);
  }
  return standingOf(end, row, { share, credited });
}

function unitsIn(tally: Tally): bigint {
  let units = 0n;
  for (const each of tally.values()) units += each;
  return units;
}

function outside(end: End, row: Row): Standing {
  return standingOf(end, row, { share: 0n, credited: 0n });
}

function standingOf(
  { categories, asked }: End,
  row: Row,
  part: { readonly share: bigint; readonly credited?: bigint },
) {
  const [value] = row.value ?? [];
  const { id, name, createdAt, status, expectedCloseDate, actualCloseDate } = row;
  const { stageId, override: forecastCategory } = row;
  const category = categories.categoryOf({ status, stageId, forecastCategory });
  const units = asked.measure === "count" ? ONE : value ? unitsOf(value.amount, value.currency) : 0n;
  return {
    id,
    name,
    createdAt,
    status,
    category: category === "omitted" ? null : category,
    expectedCloseDate,
    actualCloseDate,
    currency: value?.currency ?? "",
    units,
    credited: units,
    ...part,
  } satisfies Standing;
}
