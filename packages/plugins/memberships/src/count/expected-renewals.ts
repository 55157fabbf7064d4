/** Terms that end in a period and that nothing follows yet. */
import { compareText, count, type Money, multiplyMoney } from "@relata/core/plugin";
import * as z from "zod";
import { parsed } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { LAST_DAY } from "../status/day-offset.ts";
import { askedPrograms, ofPrograms } from "./asked-programs.ts";
import { addByCurrency } from "./by-currency.ts";
import { type PeriodQuery, periodFields, requirePeriod } from "./member-flow.ts";

export interface ExpectedRenewal {
  /** "2026-10": of the last day. */
  readonly month: string;
  readonly programId: string;
  /** Of the term that ends. */
  readonly levelId: string;
  /** What the renewal would buy. */
  readonly planId: string;
  /** Whether the payment provider is asked for it. */
  readonly automatic: boolean;
  readonly renewals: number;
  /** The plan's price of today for each of them, before credit. */
  readonly amount: Money;
}

export interface ExpectedRenewals {
  readonly renewals: number;
  /** One for each currency, in their order. */
  readonly amount: readonly Money[];
  /** By month, and then by ids. */
  readonly rows: readonly ExpectedRenewal[];
}

const querySchema = z.strictObject(periodFields);

/** Of memberships that are not cancelled, paused or ended by death, as far as is known. Two queries. @throws `invalid_input` */
export async function expectedRenewals(context: MembershipsContext, given: PeriodQuery): Promise<ExpectedRenewals> {
  const query = parsed("membership", querySchema, given);
  requirePeriod(query);
  const groups = [];
  for (const { programIds } of await askedPrograms(context, query))
    groups.push(
      ...(await context.membershipSpans.aggregate({
        where: {
          ...ofPrograms(programIds),
          ...{ state: "term", lastDay: LAST_DAY, termEndsOn: { between: [query.from, query.until] } },
        },
        groupBy: {
          ...{ month: { termEndsOn: "month" }, programId: "programId", levelId: "levelId" },
          ...{ planId: { membership: "renewalPlanId" }, automatic: { membership: "autoRenew" } },
        },
        measures: { renewals: count() },
        archived: "include",
      })),
    );
  const prices = await pricesOf(context, [...new Set(groups.map(({ planId }) => planId!))]);
  const rows = groups.map(({ month, planId, automatic, renewals, ...of }): ExpectedRenewal => {
    const amount = multiplyMoney(prices.get(planId!)!, String(renewals));
    return { ...of, month: month!, planId: planId!, automatic: automatic === true, renewals, amount };
  });
  const nameOf = ({ month, programId, levelId, planId, automatic }: ExpectedRenewal) =>
    `${month} ${programId} ${levelId} ${planId} ${automatic}`;
  return {
    renewals: rows.reduce((total, row) => total + row.renewals, 0),
    amount: addByCurrency(rows.map(({ amount }) => amount)),
    rows: rows.sort((a, b) => compareText(nameOf(a), nameOf(b))),
  };
}

async function pricesOf(context: MembershipsContext, ids: readonly string[]): Promise<ReadonlyMap<string, Money>> {
  const prices = new Map<string, Money>();
  const plans = context.membershipPlans.iterate({ where: { id: { in: ids } }, select: ["price"], archived: "include" });
  for await (const { id, price } of plans) prices.set(id, price);
  return prices;
}
