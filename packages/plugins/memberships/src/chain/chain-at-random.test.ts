/**
 * Random programs of several members, against a plain model: joining, renewing early, in grace and late, paying in parts, changes of level with
 * proration, pauses, cancellations, refunds, chargebacks, transfers and merges, several of them on one day.
 */
import { addDays } from "@relata/core/plugin";
import { memory } from "@relata/memory";
import { sqlite } from "@relata/sqlite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openCrm, openSociety, society, type TestedCrm } from "../memberships-fixture.ts";
import { type Level, Model, type ModelMember, PRICES, REFUSED, type Rules } from "./members-model-fixture.ts";

const ops = [
  ...[
    "wait",
    "wait",
    "wait",
    "wait",
    "join",
    "renew",
    "renew",
    "pay",
    "pay",
    "pay",
    "change",
    "change",
    "change",
    "report",
  ],
  ...[
    "refund",
    "chargeback",
    "pause",
    "pause",
    "resume",
    "resume",
    "cancel",
    "reinstate",
    "reinstate",
    "transfer",
    "merge",
  ],
] as const;

interface Step {
  readonly op: string;
  readonly who: number;
  readonly other: number;
  /** Days, or which payment. */
  readonly number: number;
  readonly terms: number;
  readonly isGold: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  op: fc.constantFrom(...ops),
  who: fc.nat({ max: 2 }),
  other: fc.nat({ max: 1 }),
  number: fc.integer({ min: 1, max: 30 }),
  terms: fc.integer({ min: 1, max: 3 }),
  isGold: fc.boolean(),
});
const rules: fc.Arbitrary<Rules> = fc.record({
  graceRenewal: fc.constantFrom("continue", "restart"),
  onRefund: fc.constantFrom("end", "end", "keep"),
  onChargeback: fc.constantFrom("end", "keep"),
});

const euros = (cents: number) => ({ amount: (cents / 100).toFixed(2), currency: "EUR" });
const partOf = (due: number, { number }: Step) => (number % 3 === 0 ? Math.ceil(due / 2) : due);

/** What the model makes of a step. */
function inModel(model: Model, given: Step) {
  const { op, number, terms, isGold } = given;
  const member = model.members[given.who]!;
  const other = model.members[(given.who + 1 + given.other) % 3]!;
  const level: Level = isGold ? "gold" : "friend";
  const open = model.orders[model.openOrder(member)];
  switch (op) {
    case "wait":
      model.today = addDays(model.today, number);
      return "done";
    case "join":
      return model.join(member, level, terms);
    case "renew":
      return model.renew(member, terms);
    case "pay":
      return model.pay(member, partOf(open ? open.due - open.paid : 0, given));
    case "change":
      return model.change(member, level);
    case "report":
      return model.payments.length === 0 ? undefined : "done";
    case "refund":
    case "chargeback":
      return model.giveBack(number % Math.max(model.payments.length, 1), op);
    case "pause":
      return model.pause(member, number % 3 === 0 ? undefined : number);
    case "resume":
      return model.resume(member);
    case "cancel":
      return model.cancel(member);
    case "reinstate":
      return model.reinstate(member);
    case "transfer":
      return model.transfer(member, other);
    default:
      return model.merge(member, other);
  }
}

/** The same in a CRM; contacts and orders stand at the numbers that the model has. */
function actor(crm: TestedCrm, { person, planId }: Awaited<ReturnType<typeof openSociety>>, contacts: string[]) {
  const orders: string[] = [];
  let number = 0;
  const idOf = async (who: number) => (await crm.memberships.find({ where: { contactId: contacts[who]! } }))?.id ?? "";
  const ordered = ({ order }: { readonly order: { readonly id: string } | undefined }) => orders.push(order!.id);
  const act = async (model: Model, given: Step): Promise<unknown> => {
    const { op, who, terms, isGold } = given;
    const other = (who + 1 + given.other) % 3;
    const plan = planId(isGold ? "gold/monthly" : "friend/monthly");
    const paid = given.number % Math.max(model.payments.length, 1);
    const ask = crm.memberships;
    switch (op) {
      case "join":
        return ordered(await ask.join({ contactId: contacts[who]!, planId: plan, terms }));
      case "renew":
        return ordered(await ask.renew(await idOf(who), { terms }));
      case "pay": {
        const at = model.openOrder(model.members[who]!);
        const { due, paid } = model.orders[at]!;
        const amount = euros(Math.min(partOf(due - paid, given), due - paid));
        return ask.recordPayment({ orderId: orders[at]!, paymentId: `p${model.payments.length}`, amount });
      }
      case "change":
        return ordered(await (isGold ? ask.upgrade : ask.downgrade)(await idOf(who), { planId: plan }));
      case "report": {
        const { order, amount } = model.payments[paid]!;
        return ask.recordPayment({ orderId: orders[order]!, paymentId: `p${paid}`, amount: euros(amount) });
      }
      case "refund":
        return ask.recordRefund({ paymentId: `back ${++number}`, refunds: `p${paid}` });
      case "chargeback":
        return ask.recordChargeback({ paymentId: `back ${++number}`, refunds: `p${paid}` });
      case "pause": {
        const until = given.number % 3 === 0 ? {} : { until: addDays(model.today, given.number - 1) };
        return ask.pause(await idOf(who), until);
      }
      case "resume":
        return ask.resume(await idOf(who));
      case "cancel":
        return ask.cancel(await idOf(who));
      case "reinstate":
        return ask.reinstate(await idOf(who));
      case "transfer":
        return ask.transfer(await idOf(who), { contactId: contacts[other]! });
      default: {
        const merged = await crm.contacts.merge(contacts[who]!, contacts[other]!);
        contacts[other] = await person("New");
        return merged;
      }
    }
  };
  return { act, idOf, orders };
}

async function run(
  storage: Parameters<typeof openCrm>[0]["storage"],
  asked: { first: string; rules: Rules; steps: readonly Step[] },
) {
  let model = new Model(asked.first, asked.rules, 3);
  const crm = await openCrm({ storage, clock: () => Date.parse(`${model.today}T12:00:00Z`) });
  try {
    const levels = society.levels.map((level) => ({
      ...{ ...level, ...asked.rules },
      plans: level.plans.map((plan) => (level.key === "gold" ? { ...plan, price: euros(PRICES.gold).amount } : plan)),
    }));
    const tools = await openSociety(crm, { ...society, levels });
    const contacts = [await tools.person("Anna"), await tools.person("Ben"), await tools.person("Cleo")];
    const { act, idOf, orders } = actor(crm, tools, contacts);
    const described = async (who: number) => {
      const membershipId = await idOf(who);
      if (membershipId === "") return [];
      const { items } = await crm.membershipTerms.list({
        where: { membershipId, voidedOn: null },
        orderBy: [{ countsFrom: "asc" }],
        ...{ include: { level: true }, limit: 200 },
      });
      return items.map(({ startsOn, endsOn, level, price }) => `${startsOn}..${endsOn} ${level!.key} ${price?.amount}`);
    };
    const inModelTerms = ({ terms }: ModelMember) =>
      terms.map(({ from, to, level, price }) => `${from}..${to} ${level} ${euros(price).amount}`);
    for (const each of asked.steps) {
      const next = structuredModel(model);
      const wanted = inModel(next, each);
      if (wanted === undefined) continue;
      const failure =
        each.op === "wait"
          ? undefined
          : await act(model, each).then(
              () => undefined,
              (error: unknown) => error,
            );
      if ((failure !== undefined) !== (wanted === REFUSED))
        throw new Error(`${each.op} on ${model.today}: ${wanted} in the model, and ${failure ?? "done"}`);
      if (failure === undefined) model = next;
      if (each.op === "wait") continue;
      for (const who of [0, 1, 2])
        expect([each.op, model.today, who, await described(who)]).toEqual([
          each.op,
          model.today,
          who,
          inModelTerms(model.members[who]!),
        ]);
    }
    const days = Array.from({ length: 40 }, (_, at) => addDays(asked.first, at * 17 - 10));
    for (const who of [0, 1, 2]) {
      const id = await idOf(who);
      const member = model.members[who]!;
      if (id === "") continue;
      expect(await tools.statuses(id, days)).toEqual(days.map((day) => model.status(member, day)));
      const { credit } = await crm.memberships.get(id);
      expect([who, Number(credit?.amount ?? 0)]).toEqual([who, member.credit / 100]);
    }
    const counted = async (day: string) => (await crm.memberships.countMembers({ on: day })).members;
    const [from, until] = [addDays(asked.first, 40), addDays(asked.first, 160)];
    const flow = await crm.memberships.memberFlow({ from, until });
    const members = (day: string) => model.members.filter((member) => model.counts(member, day)).length;
    expect([flow.opening, flow.closing, await counted(until)]).toEqual([
      members(addDays(from, -1)),
      members(until),
      members(until),
    ]);
    const gained = flow.joined + flow.rejoined + flow.resumed;
    expect(flow.opening + gained - flow.lapsed - flow.cancelled - flow.paused - flow.died - flow.otherLosses).toBe(
      flow.closing,
    );
    const found = await Promise.all(orders.map((id) => crm.membershipOrders.get(id)));
    expect(found.map(({ state, paid }) => [state, paid])).toEqual(
      model.orders.map(({ state, paid }) => [state, euros(paid)]),
    );
  } finally {
    await crm.close();
  }
}

/** A copy that shares nothing with it. */
function structuredModel(model: Model): Model {
  const copy = structuredClone({ ...model });
  return Object.assign(new Model(model.today, model.rules, 0), copy);
}

describe("random programs of members", () => {
  const starts = fc.constantFrom("2026-01-31", "2027-11-29", "2028-02-29", "2026-08-15");
  const steps = fc
    .tuple(fc.array(step, { minLength: 4, maxLength: 4 }), fc.array(step, { minLength: 8, maxLength: 45 }))
    // Two of them are members from the first day on.
    .map(([[first, second, ...payments], more]): readonly Step[] => [
      ...[
        { ...first!, op: "join", who: 0 },
        { ...payments[0]!, op: "pay", who: 0 },
      ],
      ...[{ ...second!, op: "join", who: 1 }, { ...payments[1]!, op: "pay", who: 1 }, ...more],
    ]);
  const program = fc.record({ first: starts, rules, steps });

  it.each([
    ["memory", () => memory(), 80],
    ["SQLite", () => sqlite({ filename: ":memory:" }), 10],
  ] as const)(
    "leave the terms, prices, statuses, credit and payments that a plain model has, and counts that reconcile, on %s",
    async (_, storage, numRuns) => {
      await fc.assert(
        fc.asyncProperty(program, async (asked) => void (await run(storage(), asked))),
        { numRuns, endOnFailure: true },
      );
    },
    120_000,
  );
});
