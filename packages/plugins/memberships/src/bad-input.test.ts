/** Every service is called with what is no input: it is refused with an error that names the field, and nothing is stored. */
import { CrmError } from "@relata/core/plugin";
import { memory } from "@relata/memory";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCrm, openSociety, refusal, type TestedCrm } from "./memberships-fixture.ts";
import { defaultStatusRules } from "./status/status-rule.ts";

const NONE = "019bc186-de00-77be-955f-58865d5e8d52";
const edges: readonly unknown[] = ["0001-01-01", "9999-12-31"];
const noInput: readonly unknown[] = [
  ...[null, Number.NaN, -1, 1e300, "", "\0", "\ud800", [], {}, [null], true, () => 1, new Date(Number.NaN)],
  ...[...edges, "2026-02-30", Symbol("x"), 10n, NONE, "__proto__", "x".repeat(10_000)],
];

async function open() {
  const crm = await openCrm({ storage: memory() });
  onTestFinished(() => crm.close());
  return { crm, ...(await openSociety(crm)) };
}

/** Arguments of each service that are right, or nearly so. */
async function argumentsOf({ crm, program, person, planId, enrol }: Awaited<ReturnType<typeof open>>) {
  const [anna, ben] = [await person("Anna"), await person("Ben")];
  const id = await enrol(anna, "friend/annual", "2026-01-01");
  const friend = planId("friend/annual");
  const gold = planId("gold/annual");
  const { order } = await crm.memberships.join({ contactId: ben, planId: friend });
  const { id: acme } = await crm.accounts.create({ name: "Acme" });
  const benefit = {
    key: "pass",
    name: "Pass",
    period: "year",
    carryOver: "none",
    maxCarried: 2,
    quotaOf: "membership",
  };
  const benefits = [{ ...benefit, levels: { friend: 4 } }] as const;
  await crm.memberships.defineBenefits(program.id, benefits as never);
  const application = await crm.membershipApplications.create({ contactId: ben, planId: friend });
  const use = await crm.memberships.useBenefit({ membershipId: id }, "pass");
  const money = { amount: "100.00", currency: "EUR" };
  const on = "2026-01-10";
  const year = { from: "2026-01-01", until: "2026-12-31", programs: [program.id] };
  const change = { planId: gold, on, when: "now", terms: 1, key: "change" };
  const refund = { paymentId: "back", refunds: "payment 1", amount: money, receivedOn: on };
  const term = {
    planId: friend,
    startsOn: "2020-01-01",
    endsOn: "2020-12-31",
    countsFrom: "2020-01-01",
    price: "1.00",
  };
  const payer = { payerContactId: ben, key: "order" };
  const plan = { key: "annual", price: "1.00", unit: "year", length: 1, instalments: 2 };
  const card = { membershipId: id, contactId: anna };
  return {
    defineProgram: [
      { key: "other", name: "Other", currency: "EUR", levels: [{ key: "friend", rank: 1, plans: [plan] }] },
    ],
    join: [
      { contactId: anna, planId: friend, on, startsOn: on, terms: 1, complimentary: true, autoRenew: false, ...payer },
    ],
    renew: [id, { on, terms: 1, planId: friend, complimentary: false, ...payer }],
    upgrade: [id, change],
    downgrade: [id, change],
    quoteChange: [id, { planId: gold, on, terms: 1 }],
    pause: [id, { from: on, until: "2026-01-20", reason: "x" }],
    resume: [id, { on }],
    cancel: [id, { when: "now", on, reason: "x" }],
    reinstate: [id, { on }],
    transfer: [id, { contactId: ben, on, reason: "x" }],
    override: [id, { status: "grace", from: on, until: "2026-02-10", reason: "x" }],
    endOverride: [id, { on }],
    recordDeath: [anna, on],
    importMemberships: [[{ contactId: ben, terms: [term], cancelledOn: on, autoRenew: false, number: "77" }]],
    recordPayment: [{ paymentId: "paid", orderId: order.id, amount: money, receivedOn: on, payerContactId: ben }],
    recordRefund: [refund],
    recordChargeback: [refund],
    dues: [order.id, { on }],
    eraseMembership: [id, { reason: "x" }],
    giveUpOrder: [order.id, { on }],
    collectRenewals: [{ provider: { charge: () => Promise.reject(new Error("not asked")) }, now: new Date(on) }],
    setAutoRenewal: [id, { autoRenew: false, paymentMethod: "card" }],
    statusesOf: [[id], { on }],
    statusOf: [id, { on }],
    statusTimeline: [id],
    advance: [{ now: new Date(on) }],
    simulate: [{ programId: program.id, rules: defaultStatusRules.slice(0, 1), on }],
    membersThrough: [id, { on }],
    seatChanges: [id, { from: on, to: on }],
    membershipsOf: [{ contactId: anna, on, programId: program.id }],
    isMember: [{ contactId: anna, on, programId: program.id, levelId: program.id }],
    inheritedMembers: [{ on, programIds: [program.id] }],
    defineBenefits: [program.id, benefits],
    may: [{ contactId: anna }, "pass", { on, quantity: 1 }],
    useBenefit: [{ contactId: anna }, "pass", { on, quantity: 1, key: "use", note: "x" }],
    giveBackBenefit: [use.id, { quantity: 1 }],
    benefitsOf: [{ contactId: anna }, { on }],
    directory: [{ programId: program.id, audience: "staff", of: "contacts", search: "a", on, limit: 5, after: "x" }],
    setListing: [
      { contactId: anna, programId: program.id },
      { name: "public", email: "members" },
    ],
    audienceOf: [{ contactId: anna, programId: program.id, on }],
    setNumber: [id, "9"],
    numberMembers: [program.id],
    card: [id, { contactId: anna, on }],
    cardPage: [[card], { on, language: "en", words: { number: "No." }, formatDay: (day: string) => day }],
    greetings: [[acme], { on, rules: { most: 2 } }],
    nameHouseholds: [],
    countMembers: [{ on, by: ["status"], ages: [18], inherited: true, programs: [program.id], withChapters: true }],
    memberFlow: [year],
    renewalRate: [year],
    memberCohorts: [{ by: "year", on: [on] }],
    membershipLengths: [{ on, since: "joined", years: [1, 2] }],
    expectedRenewals: [year],
    expectedDues: [year],
    payApplicationFee: [{ applicationId: application.id, paymentId: "fee", amount: money, receivedOn: on }],
    previewMerge: [{ entityType: "contact", survivorId: anna, otherId: ben }],
  } as const satisfies { readonly [service: string]: readonly unknown[] };
}

interface Replaced {
  /** ".levels.key" */
  readonly path: string;
  readonly value: unknown;
  readonly wrong: unknown;
}

/** The value with each of its parts, in turn, replaced by what is no input. */
function* replaced(value: unknown, path = ""): Generator<Replaced> {
  for (const wrong of noInput) yield { path, value: wrong, wrong };
  if (Array.isArray(value)) {
    for (const [at, part] of value.entries())
      for (const inner of replaced(part, path)) yield { ...inner, value: value.with(at, inner.value) };
    yield { path, value: [...value, ...value], wrong: value };
    return;
  }
  if (typeof value !== "object" || value === null || value instanceof Date) return;
  for (const [key, part] of Object.entries(value))
    for (const inner of replaced(part, `${path}.${key}`)) yield { ...inner, value: { ...value, [key]: inner.value } };
  yield { path: `${path}.unknown`, value: { ...value, unknown: 1 }, wrong: 1 };
}

const stored = [
  "memberships",
  "membershipTerms",
  "membershipEvents",
  "membershipSpans",
  "membershipOrders",
  "membershipPayments",
] as const;
async function versionsOf(crm: TestedCrm): Promise<readonly string[]> {
  const found: string[] = [];
  const all = [
    ...stored,
    "membershipPrograms",
    "membershipLevels",
    "membershipPlans",
    "membershipBenefits",
    "contacts",
  ] as const;
  for (const entity of all) {
    const records = crm[entity] as unknown as Pick<TestedCrm["contacts"], "iterate">;
    for await (const { id, version } of records.iterate({ archived: "include" })) found.push(`${id} ${version}`);
  }
  return found.sort();
}

class Undone extends Error {}

/** Whether an error says what is wrong; a day that there is may be wrong beside another one, which is named then. */
function isNamed({ code, details }: CrmError, path: string, isDay: boolean): boolean {
  const names = path.split(".").slice(1);
  const { issues = [] } = details as { readonly issues?: readonly { readonly field: string }[] };
  const fields = issues.map(({ field }) => field);
  return (
    code !== "invalid_input" ||
    names.length === 0 ||
    fields.some((field) => names.some((name) => field.includes(name)) || (isDay && field !== ""))
  );
}

describe("what is no input", () => {
  it("is refused by every service, which stores nothing", { timeout: 120_000 }, async () => {
    const opened = await open();
    const { crm } = opened;
    const given = await argumentsOf(opened);
    const services = crm.memberships as unknown as Record<string, (...given: readonly unknown[]) => Promise<unknown>>;
    const repository = new Set(Object.keys(crm.contacts));
    const names = Object.keys(services).filter((name) => !repository.has(name));
    expect(names.filter((name) => !(name in given))).toEqual([]);
    const before = await versionsOf(crm);
    const odd: string[] = [];
    for (const [service, values] of Object.entries(given))
      for (const at of values.keys())
        for (const { path, value, wrong } of replaced(values[at])) {
          const call = crm.transaction(async (tx) => {
            const asked = tx.memberships as unknown as typeof services;
            await asked[service]!(...(values as readonly unknown[]).with(at, value));
            throw new Undone();
          });
          const error = await call.catch((thrown: unknown) => thrown);
          if (error instanceof Undone) continue;
          if (!(error instanceof CrmError) || !isNamed(error, path, edges.includes(wrong)))
            odd.push(`${service}${path}: ${error}`);
        }
    expect(odd).toEqual([]);
    expect(await versionsOf(crm)).toEqual(before);
  });
});

describe("at the edges of what there is", { timeout: 60_000 }, () => {
  it("a membership that was merged is refused by name of the one that has its terms", async () => {
    const { crm, person, enrol, planId } = await open();
    const [anna, ben] = [await person("Anna"), await person("Ben")];
    const kept = await enrol(anna, "friend/annual", "2026-01-01");
    const merged = await enrol(ben, "gold/annual", "2026-01-01");
    await crm.contacts.merge(anna, ben);
    const { renew, cancel, override, setAutoRenewal, upgrade } = crm.memberships;
    for (const call of [
      ...[renew(merged), cancel(merged), override(merged, { status: "current" }), setAutoRenewal(merged, {})],
      upgrade(merged, { planId: planId("gold/annual") }),
    ])
      expect(await refusal(call)).toMatchObject({ code: "membership_merged", details: { mergedIntoId: kept } });
  });

  it("a term that ended in the year 1 keeps nobody from being told of, and figures begin with the first day", async () => {
    const { crm, person, planId, enrol } = await open();
    const term = { planId: planId("friend/annual"), startsOn: "0001-01-02", endsOn: "0001-01-05" };
    const [imported] = await crm.memberships.importMemberships([{ contactId: await person("Old"), terms: [term] }]);
    await crm.memberships.cancel(imported!.id, { on: "0001-01-03" });
    await crm.memberships.reinstate(imported!.id, { on: "0001-01-04" });
    await enrol(await person("Anna"), "friend/annual", "2026-01-01");
    expect((await crm.memberships.advance()).announced).toMatchObject({ "membership.joined": 1 });
    expect(await crm.memberships.memberFlow({ from: "0001-01-01", until: "2026-12-31" })).toMatchObject({
      ...{ opening: 0, joined: 2, lapsed: 1, closing: 1 },
    });
    for (const now of [new Date(8.64e15), new Date(-8.64e15)])
      expect(await refusal(crm.memberships.advance({ now }))).toMatchObject({
        details: { issues: [{ field: "now" }] },
      });
  });

  it("a pause does not end a term after the calendar, and a transfer leads to somebody else", async () => {
    const { crm, person, enrol, termsOf } = await open();
    const anna = await person("Anna");
    const id = await enrol(anna, "friend/annual", "2026-01-01");
    expect(await refusal(crm.memberships.pause(id, { until: "9999-12-31" }))).toMatchObject({
      details: { issues: [{ field: "until", code: "out_of_range" }] },
    });
    expect(await refusal(crm.memberships.transfer(id, { contactId: anna }))).toMatchObject({ code: "already_member" });
    expect(await termsOf(id)).toEqual(["2026-01-01..2026-12-31 friend"]);
  });

  it("imports name the row and the field: prices, levels of others, terms that overlap", async () => {
    const { crm, person, planId } = await open();
    const [anna, ben] = [await person("Anna"), await person("Ben")];
    const term = { planId: planId("friend/annual"), startsOn: "2025-01-01", endsOn: "2025-12-31" };
    const second = { ...term, startsOn: "2026-01-01", endsOn: "2026-12-31" };
    const imported = (terms: readonly object[]) =>
      refusal(
        crm.memberships.importMemberships([
          { contactId: anna, terms: [term, second] },
          { contactId: ben, terms: terms as never },
        ]),
      );
    for (const price of ["abc", "1e5", "100.001", "NaN", "", "99999999999999999999"])
      expect(await imported([term, { ...second, price }])).toMatchObject({
        details: { issues: [{ field: "terms.1.price", index: 1 }] },
      });
    expect(await imported([{ ...term, planId: planId("household/annual") }])).toMatchObject({
      details: { issues: [{ field: "terms.0.planId", index: 1 }] },
    });
    expect(await imported([{ ...term, endsOn: "9999-12-31" }, second])).toMatchObject({ code: "terms_overlap" });
    expect(await crm.memberships.count()).toBe(0);
  });

  it("days are told once in time zones whose clocks change at midnight", async () => {
    for (const timeZone of ["America/Havana", "Asia/Beirut"]) {
      const { crm, person, enrol } = await open();
      await crm.settings.change({ timeZone });
      await enrol(await person("Anna"), "friend/monthly", "2026-02-28");
      const told: string[] = [];
      crm.on("membership.status_changed", ({ data }) => void told.push(`${data.on} ${data.to}`));
      for (let hour = 0; hour < 24 * 62; hour += 5)
        await crm.memberships.advance({ now: new Date(Date.UTC(2026, 1, 27) + hour * 3_600_000) });
      expect(told).toEqual(["2026-02-28 new", "2026-03-28 grace", "2026-04-28 expired"]);
    }
  });
});
