/** What is due of an order, and when. */
import { addMoney, type Money } from "@relata/core/plugin";
import { type DayQuery, dayQuerySchema, parsed } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { isLess, isNothing, noMoney, subtractMoney } from "./money-amounts.ts";

/** An instalment, and what of it is paid: payments pay the earliest ones first. */
export interface Due {
  readonly number: number;
  readonly dueOn: string;
  readonly amount: Money;
  readonly paid: Money;
  readonly open: Money;
  /** Whether something of it is open after its day. */
  readonly overdue: boolean;
}

export interface Dues {
  readonly orderId: string;
  readonly state: "open" | "applied" | "void";
  readonly amount: Money;
  readonly paid: Money;
  readonly open: Money;
  readonly instalments: readonly Due[];
}

/** The earliest instalment of which something is open. */
export async function firstOpen(context: MembershipsContext, orderId: string): Promise<Due | undefined> {
  const { instalments } = await duesOf(context, orderId);
  return instalments.find(({ open }) => !isNothing(open));
}

/** As of a day, today unless given, by what is paid now. Two queries. @throws `not_found`, `invalid_input` */
export async function duesOf(context: MembershipsContext, orderId: string, query: DayQuery = {}): Promise<Dues> {
  const { on = await context.settings.today() } = parsed("membershipOrder", dayQuerySchema, query);
  const { instalments: found, ...order } = await context.membershipOrders.get(orderId, {
    include: { instalments: { orderBy: [{ number: "asc" }], limit: 120 } },
  });
  let rest = order.paid;
  const instalments = found.map(({ number, dueOn, amount }) => {
    const paid = isLess(rest, amount) ? rest : amount;
    rest = subtractMoney(rest, paid);
    const open = order.state === "void" ? noMoney(amount.currency) : subtractMoney(amount, paid);
    return { number, dueOn, amount, paid, open, overdue: dueOn < on && !isNothing(open) };
  });
  const open = instalments.map((each) => each.open).reduce(addMoney, noMoney(order.amount.currency));
  return { orderId, state: order.state, amount: order.amount, paid: order.paid, open, instalments };
}
