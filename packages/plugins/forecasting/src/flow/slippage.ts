/** Slippage: how often and how far close dates were pushed in a period, and what became of what was expected in it. */
import * as z from "zod";
import type { ForecastingContext } from "../parts.ts";
import { askedPeriods, type PeriodQuery, periodFields } from "../period/asked-periods.ts";
import { checkedQuery } from "../roll-up/ask-forecast.ts";
import { askFlow, type FlowScope, flowFields } from "./flow-query.ts";
import { type Expected, expectedIn } from "./outcomes.ts";
import { type Push, type Pushes, summed } from "./pushes.ts";
import { readPushes } from "./read-pushes.ts";

export interface SlippageQuery extends FlowScope {
  readonly period: PeriodQuery;
  /** Whose pushes, or in which stage: by the owner and the stage that an opportunity had when it was pushed. */
  readonly by?: "owner" | "stage" | undefined;
}

/** Of one owner, or one stage. */
export interface SlippageGroup extends Pushes {
  /** The id of a user, or of a stage; null for what has no owner. */
  readonly key: string | null;
  /** Null for what is no longer there. */
  readonly name: string | null;
}

export interface Slippage {
  readonly period: { readonly from: string; readonly until: string };
  readonly asOf: Date;
  readonly pushed: Pushes;
  /** Those with the most pushes first; empty unless `by` asks for them. */
  readonly groups: readonly SlippageGroup[];
  /** Open when the period began, and expected in it then. */
  readonly expected: Expected;
}

const slippageSchema = z.strictObject({
  ...flowFields,
  period: periodFields.period,
  by: z.enum(["owner", "stage"]).optional(),
});

/**
 * Versions by three queries for each five hundred opportunities that were changed since the period began; and what was expected by one query,
 * and one more for each thousand of it.
 */
export async function slippage(context: ForecastingContext, given: SlippageQuery): Promise<Slippage> {
  const { period, by, ...scope } = checkedQuery("slippage", slippageSchema, given) as SlippageQuery;
  const flow = await askFlow(context, "slippage", {
    field: "period",
    scope,
    days: ({ settings }) => askedPeriods(settings, { query: "slippage", period }),
  });
  const pushes = await readPushes(flow);
  const keyed = new Map<string | null, Push[]>();
  for (const push of by ? pushes : []) {
    const key = by === "owner" ? push.ownerId : push.stageId;
    const list = keyed.get(key);
    if (list) list.push(push);
    else keyed.set(key, [push]);
  }
  const names = await namesOf(flow.asked.at, by, [...keyed.keys()]);
  const groups = [...keyed].map(([key, list]) => ({ key, name: names.get(key) ?? null, ...summed(list) }));
  return {
    period: { from: flow.days.from, until: flow.days.until },
    asOf: flow.asked.at.now(),
    pushed: summed(pushes),
    groups: groups.sort((a, b) => b.pushes - a.pushes || (String(a.key) < String(b.key) ? -1 : 1)),
    expected: await expectedIn(flow),
  };
}

async function namesOf(
  at: ForecastingContext,
  by: SlippageQuery["by"],
  keys: readonly (string | null)[],
): Promise<ReadonlyMap<string | null, string>> {
  if (by === undefined) return new Map();
  const names = new Map<string | null, string>();
  const where = { id: { in: keys.filter((key) => key !== null) } };
  const repository = at.repository(by === "owner" ? "user" : "stage");
  for await (const { id, name } of repository.iterate({ where, archived: "include" })) names.set(id, String(name));
  return names;
}
