/** Opportunities one by one, as figures count them: with their category, their day, and what of them is credited. */
import type { Money } from "@relata/core/plugin";
import type { ForecastCategory } from "../category/category.ts";
import type { Categories } from "../category/category-of.ts";
import type { AskedScope } from "./ask-forecast.ts";
import { addTo } from "./cells.ts";
import { type CreditSplit, fieldOf, sharesOf, splitKindOf, tallyOfValue } from "./credit.ts";
import { nothing, type Tally } from "./tally.ts";

/** What of an opportunity tells where it counts. */
export interface CreditedOpportunity {
  readonly id: string;
  readonly name: string;
  readonly accountId: string | null;
  readonly ownerId: string | null;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly status: "open" | "won" | "lost";
  readonly category: ForecastCategory | "omitted";
  /** Whether it counts so by the probability of its stage, which had no category at the instant that was read: `Forecast.assumed`. */
  readonly assumed: boolean;
  /** Of won and lost ones the day on which they were; of open ones the expected one. */
  readonly date: string | null;
  readonly createdAt: Date;
  readonly amount: Money | null;
  /** Whom it counts for: its owner (null: nobody), or those that its splits name. */
  readonly users: readonly (string | null)[];
  /** What counts, for those who were asked for; without a measured amount, nothing. */
  readonly tally: Tally;
}

const fields = [
  "name",
  "accountId",
  "ownerId",
  "pipelineId",
  "stageId",
  "status",
  "forecastCategory",
  "expectedCloseDate",
  "actualCloseDate",
  "createdAt",
  "amount",
  "oneTimeAmount",
  "annualRecurring",
] as const;

/** What a list of opportunities needs so that `creditedFrom` can tell their credit: their splits, where these share it. */
export function creditedQuery({ credit }: Pick<AskedScope, "credit">) {
  const kind = splitKindOf(credit);
  const include: { readonly splits?: { readonly where: { readonly kind: "revenue" | "overlay" } } } =
    kind === undefined ? {} : { splits: { where: { kind } } };
  return { select: fields, include };
}

type OpportunityRecord = Awaited<ReturnType<AskedScope["at"]["opportunities"]["update"]>>;
/** A record as such a list gives it. */
export type ListedOpportunity = Pick<OpportunityRecord, (typeof fields)[number] | "id"> & {
  readonly splits?: readonly CreditSplit[];
};

/** @param users Whose credit counts: null for that of nobody, undefined for all. @throws `stage_without_category` */
export function creditedFrom(
  { credit, measure }: Pick<AskedScope, "credit" | "measure">,
  categories: Categories,
  { record, users }: { readonly record: ListedOpportunity; readonly users: readonly string[] | null | undefined },
): CreditedOpportunity {
  const {
    splits = [],
    forecastCategory,
    expectedCloseDate,
    actualCloseDate,
    oneTimeAmount,
    annualRecurring,
    ...own
  } = record;
  const field = fieldOf(measure);
  const value = field === undefined ? 1 : record[field];
  const kind = splitKindOf(credit);
  const split = kind === "overlay" || (kind === "revenue" && splits.length > 0);
  const named = split ? splits.filter(({ userId }) => users === undefined || users?.includes(userId)) : [];
  return {
    ...own,
    category: categories.categoryOf(record),
    assumed: categories.isAssumed(record),
    date: own.status === "open" ? expectedCloseDate : actualCloseDate,
    users: split ? named.map(({ userId }) => userId) : [own.ownerId],
    tally: split ? sumOfShares(kind, value, { splits, named }) : tallyOfValue(value),
  };
}

interface Named {
  readonly splits: readonly CreditSplit[];
  readonly named: readonly CreditSplit[];
}

function sumOfShares(kind: "revenue" | "overlay", value: Money | number | null, { splits, named }: Named): Tally {
  if (value === null) return nothing;
  const shares = sharesOf(kind, value, splits);
  const sum = new Map<string, bigint>();
  for (const [at, split] of splits.entries()) if (named.includes(split)) addTo(sum, shares[at]!);
  return sum;
}

/** All that satisfy a condition, in the order of their ids, by pages. */
export async function* creditedOpportunities(
  asked: AskedScope,
  categories: Categories,
  { where, users }: { readonly where: object; readonly users: readonly string[] | null | undefined },
): AsyncGenerator<CreditedOpportunity, void> {
  const query = { ...creditedQuery(asked), where: where as never };
  for await (const record of asked.at.opportunities.iterate(query))
    yield creditedFrom(asked, categories, { record, users });
}
