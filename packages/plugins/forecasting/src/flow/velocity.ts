/** How fast the pipeline turns into business, and the figures that this is made of. */
import { count, invalidInput, type Ratio, sum, sumConverted } from "@relata/core/plugin";
import * as z from "zod";
import { roundHalfEven } from "../changes/reconcile.ts";
import type { ForecastingContext } from "../parts.ts";
import { type AskedScope, checkedQuery, type ScopeQuery } from "../roll-up/ask-forecast.ts";
import { type Figure, moneyByCurrency, ratioTo } from "../roll-up/figure.ts";
import { ratiosInto } from "../roll-up/figure-rule.ts";
import { decimalOf, type Tally, unitsOf } from "../roll-up/tally.ts";
import { quotient } from "./decimal.ts";
import {
  type AskedFlow,
  askFlow,
  convertField,
  dayFields,
  type FlowScope,
  flowFields,
  scopedAt,
} from "./flow-query.ts";

export interface VelocityQuery extends FlowScope, Pick<ScopeQuery, "convert"> {
  /** The first and the last day on which what is won and lost was closed. */
  readonly from: string;
  readonly to: string;
}

/** Of amounts, one for each currency, or one where they are converted. */
export interface Velocity {
  readonly from: string;
  readonly to: string;
  readonly asOf: Date;
  /** Opportunities that were open at the end of the last day; at the instant that is asked for, where that is earlier. */
  readonly openNumber: number;
  readonly wonNumber: number;
  readonly lostNumber: number;
  /** Won by closed, as a decimal of at most six digits after the point; null where nothing was closed. */
  readonly winRate: string | null;
  /** What was won, by the number won; one without an amount is nothing of it. Null where nothing was won. */
  readonly meanWonAmount: Figure | null;
  /** From creation to close, in whole days each; a decimal. Null where nothing was won. */
  readonly meanDaysToWin: string | null;
  /**
   * `openNumber × winRate × meanWonAmount ÷ meanDaysToWin` in a day, from the exact figures and rounded once, half to even. Null where
   * nothing was won, or all that was won was won on the day of its creation.
   */
  readonly perDay: Figure | null;
}

const velocitySchema = z.strictObject({ ...flowFields, ...convertField, ...dayFields });

/** One query for what is open and one for what was closed; of a scope, settings and rates one each. */
export async function velocity(context: ForecastingContext, given: VelocityQuery): Promise<Velocity> {
  const { from, to, ...scope } = checkedQuery("velocity", velocitySchema, given) as VelocityQuery;
  if (to < from) {
    const message = `is ${to}, which is before the first day`;
    throw invalidInput("velocity", [{ field: "to", code: "out_of_range", message }]);
  }
  const flow = await askFlow(context, "velocity", { field: "from", scope, days: () => ({ from, until: to }) });
  const { asked, atEnd } = flow;
  const open = { and: [{ status: "open" }, await scopedAt(asked, atEnd)] };
  const openNumber = await atEnd.repository("opportunity").count({ where: open });
  const { won, lost } = await closedIn(flow);
  const closedNumber = won.number + lost.number;
  const scaled = await scaling(asked, won.amount);
  const [opened, wins, days] = [BigInt(openNumber), BigInt(won.number), BigInt(won.days)];
  return {
    from,
    to,
    asOf: asked.at.now(),
    openNumber,
    wonNumber: won.number,
    lostNumber: lost.number,
    winRate: quotient(won.number, closedNumber),
    meanWonAmount: wins === 0n ? null : scaled(1n, wins),
    meanDaysToWin: quotient(won.days, won.number),
    perDay: wins === 0n || days === 0n ? null : scaled(opened * wins, BigInt(closedNumber) * days),
  };
}

interface Closed {
  readonly number: number;
  readonly amount: Tally;
  /** From creation to close, of all together. */
  readonly days: number;
}

async function closedIn({ asked, days }: AskedFlow): Promise<{ readonly won: Closed; readonly lost: Closed }> {
  const closed = { status: { in: ["won", "lost"] }, actualCloseDate: { between: [days.from, days.until] } };
  const where = { and: [closed, await scopedAt(asked, asked.at)] };
  const rows = await asked.at.opportunities.aggregate({
    where: where as never,
    groupBy: { status: "status" },
    measures: { number: count(), amount: sum("amount"), days: sum("salesCycleDays") },
  });
  const of = (wanted: "won" | "lost"): Closed => {
    const row = rows.find(({ status }) => status === wanted);
    const amounts = (row?.amount ?? []).map(({ amount, currency }) => [currency, unitsOf(amount, currency)] as const);
    return { number: row?.number ?? 0, amount: new Map(amounts), days: row?.days ?? 0 };
  };
  return { won: of("won"), lost: of("lost") };
}

/** `amount × factor ÷ divisor`, rounded once. */
async function scaling({ at, convert }: AskedScope, amount: Tally) {
  const ratios: ReadonlyMap<string, Ratio> = convert ? await ratiosInto(at, convert, amount.keys()) : new Map();
  return (factor: bigint, divisor: bigint): Figure => {
    if (!convert)
      return moneyByCurrency.finish(
        new Map([...amount].map(([currency, units]) => [currency, roundHalfEven(units * factor, divisor)])),
      );
    const parts = [...amount].map(([currency, units]) => {
      const ratio = ratioTo(convert.in, currency, ratios);
      return { minorUnits: units * factor, currency, ratio };
    });
    return { amount: decimalOf(sumConverted(parts, convert.in, divisor), convert.in), currency: convert.in };
  };
}
