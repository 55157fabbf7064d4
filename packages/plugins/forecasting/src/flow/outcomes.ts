/** What was expected in a period when it began, and what became of it. */
import { count, type Money, sum } from "@relata/core/plugin";
import { type Figure, moneyByCurrency } from "../roll-up/figure.ts";
import { unitsOf } from "../roll-up/tally.ts";
import { type Fate, fateOf, fates, type Outcome } from "./expected.ts";
import { type AskedFlow, scopedAt } from "./flow-query.ts";

export interface ExpectedOutcome {
  readonly outcome: Fate;
  readonly count: number;
  /** The amounts that they had when the period began, one for each currency. */
  readonly amount: Figure;
}

export interface Expected {
  readonly count: number;
  readonly amount: Figure;
  /** What they are at the end of the period, or at the instant that is asked for where that is earlier: each is one of these. */
  readonly outcomes: readonly ExpectedOutcome[];
}

const CHUNK = 1_000;

export async function expectedIn(flow: AskedFlow): Promise<Expected> {
  const { asked, days, start, atEnd } = flow;
  const atStart = asked.at.asOf(start);
  const due = { status: "open", expectedCloseDate: { between: [days.from, days.until] } };
  const rows = (await atStart.repository("opportunity").aggregate({
    where: { and: [due, await scopedAt(asked, atStart)] },
    groupBy: { id: "id" },
    measures: { amount: sum("amount") },
  })) as readonly object[] as readonly Row[];
  const became = new Map<string, Outcome>();
  for (let at = 0; at < rows.length; at += CHUNK) {
    const ids = rows.slice(at, at + CHUNK).map(({ id }) => id);
    const outcomes = await atEnd.repository("opportunity").aggregate({
      where: { id: { in: ids } },
      groupBy: {
        id: "id",
        status: "status",
        expectedCloseDate: "expectedCloseDate",
        actualCloseDate: "actualCloseDate",
      },
      measures: { number: count() },
    });
    for (const outcome of outcomes) became.set(outcome.id as string, outcome as object as Outcome);
  }
  const byFate = new Map<Fate, Row[]>(fates.map((fate) => [fate, []]));
  for (const row of rows) byFate.get(fateOf(became.get(row.id), days))!.push(row);
  return {
    ...summed(rows),
    outcomes: fates.map((outcome) => ({ outcome, ...summed(byFate.get(outcome)!) })),
  };
}

interface Row {
  readonly id: string;
  readonly amount: readonly Money[];
}

function summed(rows: readonly Row[]): { readonly count: number; readonly amount: Figure } {
  const sums = new Map<string, bigint>();
  for (const { amount } of rows)
    for (const money of amount)
      sums.set(money.currency, (sums.get(money.currency) ?? 0n) + unitsOf(money.amount, money.currency));
  return { count: rows.length, amount: moneyByCurrency.finish(sums) };
}
