/** Random programs of one member, against a plain model: months as text, lists of days, and no more. */
import { addDays } from "@relata/core/plugin";
import { memory } from "@relata/memory";
import { sqlite } from "@relata/sqlite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openCrm, openSociety } from "../memberships-fixture.ts";

interface Step {
  readonly op: "wait" | "join" | "renew" | "pay" | "report" | "refund" | "cancel" | "reinstate" | "pause";
  readonly days: number;
  readonly terms: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  op: fc.constantFrom<Step["op"]>(
    "wait",
    "wait",
    "wait",
    "join",
    "join",
    "renew",
    "renew",
    "pay",
    "pay",
    "pay",
    "report",
    "refund",
    "cancel",
    "reinstate",
    "pause",
  ),
  days: fc.integer({ min: 1, max: 45 }),
  terms: fc.integer({ min: 1, max: 3 }),
});

/** So many months later, by a table of their lengths. */
function monthsLater(day: string, months: number): string {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  const at = month - 1 + months;
  const [y, m] = [year + Math.floor(at / 12), at % 12];
  const leap = (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  const length = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m]!;
  return `${y}-${String(m + 1).padStart(2, "0")}-${String(Math.min(date, length)).padStart(2, "0")}`;
}

interface Term {
  from: string;
  to: string;
  anchor: string;
  place: number;
  order: number;
}

/** A monthly membership of 10 euros. */
class Model {
  today: string;
  terms: Term[] = [];
  cancelled: { from: string; to: string }[] = [];
  paused: { from: string; to: string }[] = [];
  orders: {
    kind: "join" | "renewal";
    terms: number;
    paid: number;
    state: "open" | "applied" | "void";
    since: string;
    ordered: string;
  }[] = [];
  payments: { order: number; amount: number; back: number }[] = [];

  constructor(today: string) {
    this.today = today;
  }

  status(day: string): string | null {
    const within = (ranges: { from: string; to: string }[]) => ranges.some(({ from, to }) => from <= day && day <= to);
    const term = this.terms.findLast(({ from }) => from <= day);
    const pending = this.orders.some((order) => order.ordered <= day && (order.state !== "void" || day < order.since));
    if (!term && !pending) return null;
    if (within(this.cancelled)) return "cancelled";
    if (within(this.paused)) return "paused";
    if (!term) return "pending";
    if (day <= term.to) return day <= monthsLater(this.terms[0]!.from, 3) ? "new" : "current";
    return day <= monthsLater(term.to, 1) ? "grace" : "expired";
  }

  counts(): boolean {
    return ["new", "current", "grace"].includes(this.status(this.today) ?? "");
  }

  open(): number {
    return this.orders.findIndex(({ state }) => state === "open");
  }

  copy(): Model {
    return Object.assign(new Model(this.today), structuredClone({ ...this }));
  }

  order(kind: "join" | "renewal", terms: number): void {
    this.orders.push({ kind, terms, paid: 0, state: "open", since: this.today, ordered: this.today });
  }

  apply(at: number): void {
    const order = this.orders[at]!;
    order.state = "applied";
    const status = this.status(this.today);
    const last = this.terms.at(-1);
    const goesOn = order.kind === "renewal" && (this.counts() || status === "paused");
    let [anchor, place, from] = [this.today, 0, this.today];
    if (goesOn && last) {
      from = addDays(last.to, 1);
      const fits = monthsLater(last.anchor, last.place + 1) === from;
      [anchor, place] = fits ? [last.anchor, last.place + 1] : [from, 0];
    } else if (status === "cancelled") {
      this.endTerms(this.terms, this.today);
      this.endRanges(this.cancelled, this.today);
      this.endRanges(this.paused, this.today);
    }
    for (let number = 0; number < order.terms; number++, place++)
      this.terms.push({
        from: monthsLater(anchor, place),
        to: addDays(monthsLater(anchor, place + 1), -1),
        anchor,
        place,
        order: at,
      });
  }

  endTerms(terms: readonly Term[], day: string): void {
    for (const term of terms) if (term.from < day && term.to >= day) term.to = addDays(day, -1);
    this.terms = this.terms.filter((term) => !terms.includes(term) || term.from < day);
  }

  endRanges(ranges: { from: string; to: string }[], day: string): void {
    for (const range of ranges) if (range.to >= day) range.to = addDays(day, -1);
  }

  giveUpOrders(): void {
    for (const order of this.orders)
      if (order.state === "open") Object.assign(order, { state: "void", since: this.today });
  }
}

type Refused = "refused";

/** What the model makes of a step; undefined where there is nothing to do it to. */
function inModel(model: Model, { op, days, terms }: Step): Refused | "done" | undefined {
  const status = model.status(model.today);
  const open = model.open();
  const running = model.terms.findLast(({ from }) => from <= model.today);
  switch (op) {
    case "wait":
      model.today = addDays(model.today, days);
      return "done";
    case "join": {
      if (model.counts() || status === "paused" || open >= 0) return "refused";
      // A term that is to come stands in the way of a new chain, unless the membership is cancelled then.
      const end = model.cancelled.findLast(({ from, to }) => from <= model.today && model.today <= to)?.to ?? "";
      if (model.terms.some(({ from, to }) => to >= model.today && from > end)) return "refused";
      model.order("join", terms);
      return "done";
    }
    case "renew":
      if (model.orders.length === 0) return undefined;
      if (open >= 0 || model.terms.length === 0 || status === "cancelled") return "refused";
      model.order("renewal", terms);
      return "done";
    case "pay": {
      const order = model.orders[open];
      if (!order) return undefined;
      const due = order.terms * 10;
      const amount = days % 2 === 0 ? due - order.paid : Math.min(5, due - order.paid);
      model.payments.push({ order: open, amount, back: 0 });
      order.paid += amount;
      if (order.paid === due) model.apply(open);
      return "done";
    }
    case "report":
      return model.payments.length === 0 ? undefined : "done";
    case "refund": {
      const payment = model.payments[days % Math.max(model.payments.length, 1)];
      if (!payment) return undefined;
      if (payment.back > 0) return "refused";
      payment.back = payment.amount;
      const order = model.orders[payment.order]!;
      order.paid -= payment.amount;
      if (order.state !== "applied") return "done";
      const own = model.terms.filter((term) => term.order === payment.order);
      const ends = running && own.includes(running) && running.from < model.today && status !== "cancelled";
      const next = model.terms.find((term) => term.from > model.today && term.order !== payment.order);
      if (own.some(({ to }) => to >= model.today)) model.giveUpOrders();
      model.endTerms(own, model.today);
      Object.assign(order, { state: "void", since: model.today });
      if (ends) model.cancelled.push({ from: model.today, to: next ? addDays(next.from, -1) : "9999-12-31" });
      return "done";
    }
    case "cancel":
      if (model.orders.length === 0) return undefined;
      if (status === "cancelled") return "refused";
      model.giveUpOrders();
      if (model.terms.length > 0) {
        model.cancelled.push({ from: model.today, to: "9999-12-31" });
      }
      return "done";
    case "reinstate":
      if (model.orders.length === 0) return undefined;
      if (!model.cancelled.some(({ from, to }) => from <= model.today && model.today <= to)) return "refused";
      model.endRanges(model.cancelled, model.today);
      return "done";
    case "pause": {
      if (model.orders.length === 0) return undefined;
      const inTerm = running && model.today <= running.to && (status === "new" || status === "current");
      if (!inTerm) return "refused";
      model.paused.push({ from: model.today, to: addDays(model.today, days - 1) });
      let last = running;
      last.to = addDays(last.to, days);
      for (const term of model.terms.filter(({ from }) => from > running.from)) {
        const from = addDays(last.to, 1);
        const fits = monthsLater(last.anchor, last.place + 1) === from;
        const [anchor, place] = fits ? [last.anchor, last.place + 1] : [from, 0];
        Object.assign(term, { from, to: addDays(monthsLater(anchor, place + 1), -1), anchor, place });
        last = term;
      }
      return "done";
    }
  }
}

async function run(storage: Parameters<typeof openCrm>[0]["storage"], first: string, steps: readonly Step[]) {
  let model = new Model(first);
  const crm = await openCrm({ storage, clock: () => Date.parse(`${model.today}T12:00:00Z`) });
  try {
    const { person, planId, termsOf, statuses } = await openSociety(crm);
    const contactId = await person("Anna");
    const orders: string[] = [];
    let id = "";
    let refunds = 0;
    const inCrm = async ({ op, days, terms }: Step): Promise<unknown> => {
      const open = model.open();
      const amountOf = (number: number) => ({ amount: `${number}.00`, currency: "EUR" });
      switch (op) {
        case "wait":
          return undefined;
        case "join": {
          const { order, membership } = await crm.memberships.join({
            contactId,
            planId: planId("friend/monthly"),
            terms,
          });
          orders.push(order.id);
          id = membership.id;
          return order;
        }
        case "renew":
          return orders.push((await crm.memberships.renew(id, { terms })).order.id);
        case "pay": {
          const due = model.orders[open]!.terms * 10 - model.orders[open]!.paid;
          const amount = days % 2 === 0 ? due : Math.min(5, due);
          return crm.memberships.recordPayment({
            orderId: orders[open]!,
            paymentId: `p${model.payments.length}`,
            amount: amountOf(amount),
          });
        }
        case "report": {
          const at = days % model.payments.length;
          const { order, amount } = model.payments[at]!;
          return crm.memberships.recordPayment({
            orderId: orders[order]!,
            paymentId: `p${at}`,
            amount: amountOf(amount),
          });
        }
        case "refund": {
          const at = days % model.payments.length;
          return crm.memberships.recordRefund({ paymentId: `back ${at}, try ${++refunds}`, refunds: `p${at}` });
        }
        case "cancel":
          return crm.memberships.cancel(id);
        case "reinstate":
          return crm.memberships.reinstate(id);
        case "pause":
          return crm.memberships.pause(id, { until: addDays(model.today, days - 1) });
      }
    };
    let told = 0;
    for (const each of steps) {
      const next = model.copy();
      const wanted = inModel(next, each);
      if (wanted === undefined) continue;
      const failure =
        each.op === "wait"
          ? undefined
          : await inCrm(each).then(
              () => undefined,
              (error: unknown) => error,
            );
      if ((failure !== undefined) !== (wanted === "refused"))
        throw new Error(`${each.op} on ${model.today}: ${wanted} in the model, and ${failure ?? "done"}`);
      if (failure === undefined) model = next;
      told += 1;
      if (id === "") continue;
      expect(await termsOf(id), `${each.op} on ${model.today}`).toEqual(
        model.terms.map(({ from, to }) => `${from}..${to} friend`),
      );
    }
    if (id === "") return told;
    const days = Array.from({ length: 40 }, (_, at) => addDays(first, at * 13 - 10));
    expect(await statuses(id, days)).toEqual(days.map((day) => model.status(day)));
    const { items } = await crm.membershipOrders.list({ orderBy: [{ createdAt: "asc" }], limit: 1_000 });
    const paid = new Map(items.map((order) => [order.id, order.paid.amount]));
    expect(orders.map((order) => paid.get(order))).toEqual(model.orders.map((order) => `${order.paid}.00`));
    return told;
  } finally {
    await crm.close();
  }
}

describe("random programs of a member", () => {
  const starts = fc.constantFrom("2026-01-31", "2027-11-29", "2028-02-29", "2026-08-15");
  const program = fc.array(step, { minLength: 5, maxLength: 30 });

  it.each([
    ["memory", () => memory(), 120],
    ["SQLite", () => sqlite({ filename: ":memory:" }), 10],
  ] as const)(
    "leave the terms, statuses and payments that a plain model has, on %s",
    async (_, storage, numRuns) => {
      await fc.assert(
        fc.asyncProperty(starts, program, async (first, steps) => void (await run(storage(), first, steps))),
        { numRuns, endOnFailure: true },
      );
    },
    120_000,
  );
});
