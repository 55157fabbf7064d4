/** Instalments that fall due in a period, as far as they are not paid. */
import { compareText, type Money } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, idSchema, parsed } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { isNegative, isNothing, subtractMoney } from "../payment/money-amounts.ts";
import { askedPrograms, type ProgramsQuery } from "./asked-programs.ts";
import { addByCurrency } from "./by-currency.ts";
import { requirePeriod } from "./member-flow.ts";

export interface DuesQuery extends Pick<ProgramsQuery, "programs" | "withChapters"> {
  readonly from: string;
  readonly until: string;
}

export interface ExpectedDue {
  /** "2026-10": of the day on which they are due. */
  readonly month: string;
  readonly programId: string;
  /** Of the order. */
  readonly levelId: string;
  /** Those of which something is not paid. */
  readonly instalments: number;
  /** What is not paid of them. */
  readonly amount: readonly Money[];
}

export interface ExpectedDues {
  readonly instalments: number;
  /** One for each currency, in their order. */
  readonly amount: readonly Money[];
  readonly rows: readonly ExpectedDue[];
}

const querySchema = z.strictObject({
  from: daySchema,
  until: daySchema,
  programs: z.array(idSchema).min(1).max(1_000).optional(),
  withChapters: z.boolean().optional(),
});

/** Payments pay the earliest instalments of their order first. Reads the orders that have one in the period. @throws `invalid_input` */
export async function expectedDues(context: MembershipsContext, given: DuesQuery): Promise<ExpectedDues> {
  const query = parsed("membershipInstalment", querySchema, given);
  requirePeriod(query);
  const dueOn = { between: [query.from, query.until] } as const;
  const open = new Map<
    string,
    { readonly month: string; readonly programId: string; readonly levelId: string; readonly amounts: Money[] }
  >();
  for (const { programIds } of await askedPrograms(context, query)) {
    const orders = context.membershipOrders.iterate({
      where: {
        ...{ state: { in: ["open", "applied"] }, instalments: { some: { dueOn } } },
        ...(programIds ? { membership: { programId: { in: programIds } } } : {}),
      },
      include: { membership: true, instalments: { orderBy: [{ number: "asc" }] } },
    });
    for await (const { levelId, paid, membership, instalments } of orders) {
      let left = paid;
      for (const { dueOn: day, amount } of instalments) {
        const rest = subtractMoney(left, amount);
        const isPaid = !isNegative(rest);
        const unpaid = isNegative(left) || isNothing(left) ? amount : subtractMoney(amount, left);
        left = rest;
        if (isPaid || day < query.from || day > query.until) continue;
        const of = { month: day.slice(0, 7), programId: membership!.programId, levelId };
        const name = `${of.month} ${of.programId} ${levelId}`;
        const row = open.get(name) ?? { ...of, amounts: [] };
        open.set(name, row);
        row.amounts.push(unpaid);
      }
    }
  }
  const rows = [...open]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, { amounts, ...of }]) => ({ ...of, instalments: amounts.length, amount: addByCurrency(amounts) }));
  return {
    instalments: rows.reduce((total, row) => total + row.instalments, 0),
    amount: addByCurrency(rows.flatMap(({ amount }) => amount)),
    rows,
  };
}
