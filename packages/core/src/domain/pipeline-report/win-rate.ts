/** How much of what was closed, or of what was created, has been won. */
import * as z from "zod";
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import { count, sum } from "../../kernel/repository/aggregate.ts";
import type { Money } from "../../kernel/value/money.ts";
import type { PipelinedContext, RecordWhere } from "../pipeline/pipelined-context.ts";
import { hasField } from "../pipeline/pipelined-entity.ts";
import { rateOf } from "./rate.ts";
import { checkedQuery, instantsOf, periodFields, type ReportPeriod, whereField } from "./report-query.ts";
import { convertField, currencyOf, noMoney, type ReportedCurrency } from "./reported-currency.ts";

export interface WinRateQuery<W, G, U> extends ReportPeriod {
  /**
   * `closed`: of those whose actual close date is in the period and that are won or lost now, the won ones. `created`: of those that
   * were created in the period, the ones that are won by now.
   */
  readonly base: "closed" | "created";
  /** `number`: each record counts one. `amount`: each counts its amount, and one without an amount nothing. */
  readonly unit: U & ("number" | "amount");
  /** Of amounts: adds them up in one currency. */
  readonly convert?: ReportedCurrency;
  /** As in `aggregate`: `{ owner: "ownerId" }`. */
  readonly groupBy?: G;
  readonly where?: W;
}

/** Of one group; of amounts, in one currency each. */
export interface WinRate<out G, out U> {
  readonly group: G;
  readonly base: "closed" | "created";
  readonly unit: U;
  /** What is won. */
  readonly numerator: U extends "number" ? number : Money;
  readonly denominator: U extends "number" ? number : Money;
  /** What is open in the denominator; nothing of what is closed. */
  readonly open: U extends "number" ? number : Money;
  /** Numerator by denominator, as a decimal ("0.25") rounded half to even to six digits; null where the denominator is 0. */
  readonly rate: string | null;
}

type Figure = number | Money;

const winRateSchema = z.strictObject({
  ...periodFields,
  ...whereField,
  ...convertField,
  base: z.enum(["closed", "created"]),
  unit: z.enum(["number", "amount"]),
  groupBy: z.record(z.string(), z.unknown()).optional(),
});

/** Set so that no group key of a caller has it. */
const STATUS = "status (of the win rate)";
const VALUE = "value (of the win rate)";

/**
 * Days are those of the organisation. Archived records are left out; records that are in no pipeline too. Two queries, of all and of the
 * parts. Without groups there is one row; of amounts, one for
 * each currency, unless they are converted. @throws `missing_rate`
 */
export async function winRate(
  context: PipelinedContext,
  query: WinRateQuery<RecordWhere, object, unknown>,
): Promise<readonly WinRate<object, unknown>[]> {
  const { where = {}, base, unit, convert, groupBy = {}, ...days } = checkedQuery("winRate", winRateSchema, query);
  if (unit === "amount" && !hasField(context.entity, "amount")) {
    const message = `is not for ${context.entity.plural}, which have no amount`;
    throw invalidInput("winRate", [{ field: "unit", code: "not_allowed", message }]);
  }
  if (unit === "number" && convert) {
    const message = "is for amounts, and numbers of records have no currency";
    throw invalidInput("winRate", [{ field: "convert", code: "not_allowed", message }]);
  }
  const wanted = convert && (await currencyOf(context, "winRate", convert));
  const measures = { [VALUE]: unit === "number" ? count() : sum("amount", wanted) };
  const ofPeriod =
    base === "closed"
      ? { status: { in: ["won", "lost"] }, actualCloseDate: { between: [days.from, days.to] } }
      : { status: { ne: null }, createdAt: await instantsOf(context, days) };
  const ask = async (more: object, keys: object) => {
    const asked = { where: { and: [ofPeriod, where, more] }, groupBy: keys, measures };
    return (await context.records.aggregate(asked as never)) as readonly object[] as readonly GroupRow[];
  };
  const parts = new Map<string, Figure>();
  for (const row of await ask({ status: { in: ["won", "open"] } }, { ...groupBy, [STATUS]: "status" }))
    for (const { group, figure } of figuresOf(row, wanted?.in)) parts.set(keyOf(group, figure), figure);
  const whole = (await ask({}, groupBy)).flatMap((row) => figuresOf(row, wanted?.in));
  return whole.map(({ group, figure: denominator }) => {
    const part = (status: "won" | "open") =>
      parts.get(keyOf({ ...group, [STATUS]: status }, denominator)) ?? nothingOf(denominator);
    const numerator = part("won");
    const rate = rateOf(wholeUnits(numerator), wholeUnits(denominator));
    return { group, base, unit, numerator, denominator, open: part("open"), rate } as WinRate<object, unknown>;
  });
}

interface GroupFigure {
  readonly group: object;
  readonly figure: Figure;
}

interface GroupRow {
  /** Null where nothing is added up in one currency. */
  readonly [VALUE]: Figure | readonly Money[] | null;
}

/** Of amounts, one for each currency, unless they are converted. */
function figuresOf({ [VALUE]: value, ...group }: GroupRow, currency: string | undefined): readonly GroupFigure[] {
  const figures: readonly Figure[] = Array.isArray(value) ? value : [(value as Figure) ?? noMoney(currency!)];
  return figures.map((figure) => ({ group, figure }));
}

function keyOf(group: object, figure: Figure): string {
  return JSON.stringify([group, typeof figure === "number" ? null : figure.currency]);
}

function nothingOf(figure: Figure): Figure {
  return typeof figure === "number" ? 0 : noMoney(figure.currency);
}

function wholeUnits(figure: Figure): number | bigint {
  return typeof figure === "number" ? figure : BigInt(figure.amount.replace(".", ""));
}
