import type { CrmOptions } from "@relata/core";
import { addDays } from "@relata/core/plugin";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { beforeAll, describe, expect, it } from "vitest";
import { openCrm, openSociety, society, type TestedCrm } from "../memberships-fixture.ts";
import { statusOn } from "../status/status-on.ts";
import { defaultStatusRules, type StatusRule } from "../status/status-rule.ts";
import { type Lives, randomFrom, writeLives } from "./count-fixture.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased(() => {})],
] as const;

const at = (event: "join" | "start" | "end" | "chain_start" | "state", count = 0, unit: "day" | "month" = "month") => ({
  ...{ event, count, unit },
});
/** A first year of its own, a grace of 45 days in which only half count, pauses that count for a month, and one by hand. */
const ownRules: readonly StatusRule[] = [
  { status: "guest of honour", counts: true, state: "term", weight: 1, manual: true },
  {
    status: "first year",
    counts: true,
    state: "term",
    from: at("chain_start"),
    until: at("chain_start", 12),
    withinTerm: true,
    weight: 2,
  },
  { status: "member", counts: true, state: "term", until: at("end"), weight: 3 },
  { status: "early grace", counts: true, state: "term", until: at("end", 15, "day"), weight: 4 },
  { status: "late grace", counts: false, state: "term", until: at("end", 45, "day"), weight: 5 },
  { status: "gone", counts: false, state: "term", from: at("end", 1, "day"), weight: 6 },
  { status: "resting", counts: true, state: "paused", until: at("state", 1), weight: 7 },
  { status: "away", counts: false, state: "paused", weight: 8 },
  { status: "waiting", counts: false, state: "pending", weight: 9 },
  { status: "left", counts: false, state: "cancelled", weight: 10 },
  { status: "dead", counts: false, state: "deceased", weight: 11 },
];

describe.each(storages)("figures of members on %s", { timeout: 60_000 }, (_, make) => {
  let crm: TestedCrm;
  let lives: Lives;
  beforeAll(async () => {
    crm = await openCrm({ storage: (await make()) as CrmOptions["storage"] });
    lives = await writeLives(crm);
    return () => crm.close();
  });
  const random = randomFrom(5);
  const anyDay = () => addDays("2022-12-15", random(1_500));
  const whatIs = (rules: readonly StatusRule[], day: string) =>
    lives.spans.map((spans) => statusOn(spans, rules, day) ?? null);

  it("count every day as the pure function does, by status, level and program", async () => {
    for (let round = 0; round < 25; round++) {
      const day = anyDay();
      const rules = round % 2 === 0 ? undefined : ownRules;
      const expected = new Map<string, [members: number, memberships: number]>();
      for (const status of whatIs(rules ?? defaultStatusRules, day)) {
        if (!status) continue;
        const name = [status.status, status.span.levelId, status.span.programId].join();
        const [members, memberships] = expected.get(name) ?? [0, 0];
        expected.set(name, [members + (status.counts ? 1 : 0), memberships + 1]);
      }
      const counted = await crm.memberships.countMembers({ on: day, by: ["status", "level", "program"], rules });
      const rows = counted.rows.map(({ status, levelId, programId, members, memberships }) => [
        [status, levelId, programId].join(),
        [members, memberships],
      ]);
      expect([day, new Map(rows as [])]).toEqual([day, expected]);
      expect(counted.members).toBe([...expected.values()].reduce((sum, [members]) => sum + members, 0));
    }
  });

  it("reconcile from opening to closing between any two days", async () => {
    for (let round = 0; round < 20; round++) {
      const [from, until] = [anyDay(), anyDay()].sort() as [string, string];
      const rules = round % 2 === 0 ? undefined : ownRules;
      const flow = await crm.memberships.memberFlow({ from, until, rules });
      const members = async (on: string) => (await crm.memberships.countMembers({ on, rules })).members;
      expect([from, until, flow.opening, flow.closing]).toEqual([
        from,
        until,
        await members(addDays(from, -1)),
        await members(until),
      ]);
      const gained = flow.joined + flow.rejoined + flow.resumed;
      const lost = flow.lapsed + flow.cancelled + flow.paused + flow.died + flow.otherLosses;
      expect(flow.opening + gained - lost).toBe(flow.closing);
      const [before, after] = [addDays(from, -1), until].map((day) => whatIs(rules ?? defaultStatusRules, day));
      const kept = before!.filter((status, each) => status?.counts && after![each]?.counts).length;
      const died = before!.filter(
        (status, each) => status?.counts && !after![each]?.counts && after![each]?.span.state === "deceased",
      );
      expect([flow.retention.kept, flow.retention.died]).toEqual([kept, died.length]);
      const joined = after!.filter((status, each) => {
        const first = status?.span.joinedOn ?? null;
        const isNew = first === null ? status?.counts === true : from <= first && first <= until;
        return isNew && !before![each]?.counts;
      });
      expect(flow.joined).toBe(joined.length);
    }
  });

  it("give the same of parts, by their programs, as of the whole", async () => {
    const period = { from: "2024-01-01", until: "2024-12-31" };
    const whole = await crm.memberships.memberFlow(period);
    const parts = [];
    for (const program of ["society", "chapter"])
      parts.push(await crm.memberships.memberFlow({ ...period, programs: [program] }));
    for (const key of [
      "opening",
      "joined",
      "rejoined",
      "lapsed",
      "cancelled",
      "died",
      "closing",
      "renewed",
      "upgraded",
    ] as const)
      expect([key, whole[key]]).toEqual([key, parts.reduce((sum, part) => sum + part[key], 0)]);
    expect(await crm.memberships.memberFlow({ ...period, programs: ["society"], withChapters: true })).toEqual(whole);
  });

  it("tell which of the terms that fell due were renewed, deaths apart, as a plain model does", async () => {
    const outcomeOf = ({ terms, diedOn }: Lives["chains"][number], place: number) => {
      const [term, next] = [terms[place]!, terms[place + 1]];
      const endsOn = term.endsOn!;
      const isChange = next?.origin === "upgrade" || next?.origin === "downgrade";
      const isFirst = !terms.slice(0, place + 1).some(({ orderId }) => orderId === next?.orderId);
      if (term.voidReason === "transferred") return "changed";
      if (isChange && isFirst && next.countsFrom === addDays(endsOn, 1)) return "changed";
      if (terms.slice(place + 1).some(({ chainStartsOn }) => chainStartsOn === term.chainStartsOn)) return "renewed";
      return diedOn !== null && diedOn <= endsOn ? "died" : "left";
    };
    const seen = new Set<string>();
    for (let round = 0; round < 20; round++) {
      const [from, until] = [anyDay(), anyDay()].sort() as [string, string];
      const expected = { changed: 0, renewed: 0, died: 0, left: 0 };
      for (const chain of lives.chains)
        for (const [place, { endsOn }] of chain.terms.entries())
          if (endsOn !== null && from <= endsOn && endsOn <= until) expected[outcomeOf(chain, place)]++;
      const { renewed, died, left } = expected;
      for (const [outcome, terms] of Object.entries(expected)) if (terms > 0) seen.add(outcome);
      const rate = await crm.memberships.renewalRate({ from, until });
      expect([from, until, rate]).toMatchObject([from, until, { due: renewed + left, renewed, died }]);
      const exact = Math.round((renewed / (renewed + left)) * 1e6) / 1e6;
      expect(rate.rate).toBe(renewed + left === 0 ? null : String(exact));
      for (const part of ["due", "renewed", "died"] as const)
        expect(rate.levels.reduce((sum, level) => sum + level[part], 0)).toBe(rate[part]);
    }
    expect([...seen].sort()).toEqual(["changed", "died", "left", "renewed"]);
  });

  it("follow cohorts, and tell how long members have been members", async () => {
    const on = ["2024-06-30", "2026-06-30"];
    const cohorts = await crm.memberships.memberCohorts({ on });
    for (const [place, day] of on.entries()) {
      const { members } = await crm.memberships.countMembers({ on: day });
      const ofCohorts = cohorts.reduce((sum, { days }) => sum + days[place]!.members, 0);
      expect(ofCohorts).toBe(members);
      const lengths = await crm.memberships.membershipLengths({ on: day, years: [1, 2] });
      expect(lengths.map(({ years }) => years)).toEqual(["0", "1", "2+"]);
      expect(lengths.reduce((sum, length) => sum + length.members, 0)).toBe(members);
    }
    expect(cohorts.reduce((sum, { joined }) => sum + joined, 0)).toBe(
      lives.chains.filter(({ terms }) => terms.length > 0).length,
    );
  });

  it("count by age on the day", async () => {
    const { rows, members } = await crm.memberships.countMembers({ on: "2024-06-30", by: ["age"], ages: [18, 65] });
    expect(rows.map(({ age }) => age)).toEqual(["0-17", "18-64", "65+", null]);
    expect(rows.reduce((sum, row) => sum + row.members, 0)).toBe(members);
  });

  it("expect the renewals of terms that nothing follows, and what is due of orders", async () => {
    const { renewals, rows, amount } = await crm.memberships.expectedRenewals({
      from: "2026-01-01",
      until: "2027-12-31",
    });
    const last = lives.spans.map((spans) => spans.at(-1)!);
    const expected = last.filter(
      ({ state, termEndsOn }) =>
        state === "term" && termEndsOn !== null && termEndsOn >= "2026-01-01" && termEndsOn <= "2027-12-31",
    );
    expect(renewals).toBe(expected.length);
    expect(rows.reduce((sum, row) => sum + row.renewals, 0)).toBe(expected.length);
    expect(amount.map(({ currency }) => currency)).toEqual(["EUR"]);
    expect(await crm.memberships.expectedDues({ from: "2026-01-01", until: "2026-12-31" })).toEqual({
      instalments: 0,
      amount: [],
      rows: [],
    });
  });

  it("are of the past as they were known then, every one", async () => {
    let now = Date.UTC(2026, 0, 15, 12);
    const other = await openCrm({ storage: (await make()) as CrmOptions["storage"], clock: () => now });
    const { program, planId, pay, enrol, person, levels } = await openSociety(other, {
      ...society,
      levels: society.levels.map((level) => ({ ...level, ...(level.key === "household" ? { maxInherited: 2 } : {}) })),
    });
    const [anna, ben, cleo] = [
      await person("Anna", { birthDate: "1990-05-05" }),
      await person("Ben"),
      await person("Cleo"),
    ];
    const annas = await enrol(anna, "friend/annual", "2025-03-01");
    const bens = await enrol(ben, "friend/annual", "2024-02-01");
    const { order } = await other.memberships.renew(bens, { on: "2025-01-20" });
    await pay(order.id, "100.00", { on: "2025-01-20", paymentId: "second" });
    const { id: home } = await other.accounts.create({ name: "Home", kind: "household" });
    const tie = await other.affiliations.create({ contactId: cleo, accountId: home, kind: "household" });
    await other.memberships.join({
      accountId: home,
      planId: planId("household/annual"),
      on: "2025-05-01",
      complimentary: true,
    });
    const due = await other.memberships.join({
      contactId: await person("Dora"),
      planId: planId("gold/annual"),
      on: "2026-01-10",
    });
    const year = { from: "2025-01-01", until: "2026-12-31" };
    const figuresOf = async ({ memberships: ask }: Pick<typeof other, "memberships">) => ({
      counted: await ask.countMembers({ on: "2025-06-30", by: ["status", "level", "program", "age"], inherited: true }),
      flow: await ask.memberFlow({ ...year, until: "2025-12-31" }),
      rate: await ask.renewalRate(year),
      cohorts: await ask.memberCohorts({ on: ["2025-06-30", "2026-06-30"] }),
      lengths: await ask.membershipLengths({ on: "2025-06-30" }),
      renewals: await ask.expectedRenewals(year),
      dues: await ask.expectedDues(year),
      seats: await ask.inheritedMembers({ on: "2025-06-30" }),
      simulated: await ask.simulate({ programId: program.id, rules: ownRules, on: "2025-06-30" }),
      statuses: [...(await ask.statusesOf([annas, bens], { on: "2025-06-30" })).values()],
      timeline: await ask.statusTimeline(bens),
    });
    const laterOn = async () => {
      now += 86_400_000;
      await new Promise((resolve) => setTimeout(resolve, 5));
    };
    await laterOn();
    const known = await other.settled();
    const then = await figuresOf(other);
    expect(then).toMatchObject({
      ...{ counted: { members: 3, persons: 3, inherited: 1 }, flow: { opening: 1, joined: 2, closing: 3 } },
      ...{ rate: { due: 4, renewed: 1 }, dues: { amount: [{ amount: "250.00" }] }, renewals: { renewals: 3 } },
    });
    await laterOn();
    await other.memberships.recordRefund({ paymentId: "back", refunds: "payment 1", receivedOn: "2025-04-01" });
    await other.memberships.renew(bens, { on: "2026-01-15", complimentary: true });
    await pay(due.order.id, "250.00", { paymentId: "gold" });
    await other.affiliations.delete(tie.id);
    await enrol(await person("Emil"), "friend/annual", "2025-03-02").catch(() => undefined);
    await other.memberships.transfer(bens, { contactId: await person("Fred"), on: "2025-05-01" });
    await other.membershipPlans.update(planId("friend/annual"), { price: { amount: "70.00", currency: "EUR" } });
    await other.membershipPrograms.update(program.id, { statusRules: ownRules });
    await other.membershipLevels.update(levels.household!.id, { maxInherited: 0 });
    await other.contacts.update(anna, { birthDate: "1950-05-05" });
    const after = await figuresOf(other);
    for (const [figure, value] of Object.entries(after))
      expect([figure, value]).not.toEqual([figure, then[figure as "rate"]]);
    expect(await figuresOf(other.asOf(known))).toEqual(then);
    await other.close();
  });

  it("are null where there is nothing to divide by, and refuse what makes no sense", async () => {
    const none = { from: "1999-01-01", until: "1999-12-31" };
    expect((await crm.memberships.memberFlow(none)).retention).toMatchObject({
      opening: 0,
      rate: null,
      rateOfTerms: null,
    });
    expect(await crm.memberships.renewalRate(none)).toMatchObject({ due: 0, rate: null, levels: [] });
    const refused = (call: Promise<unknown>) => expect(call).rejects;
    await refused(crm.memberships.memberFlow({ from: "2024-02-01", until: "2024-01-01" })).toMatchObject({
      code: "invalid_input",
      details: { issues: [{ field: "until" }] },
    });
    await refused(crm.memberships.countMembers({ on: "2023-02-29" })).toMatchObject({ code: "invalid_input" });
    await refused(crm.memberships.countMembers({ programs: ["nothing"] })).toMatchObject({
      details: { issues: [{ field: "programs.0" }] },
    });
    await refused(crm.memberships.countMembers({ ages: [65, 18] })).toMatchObject({ code: "invalid_input" });
    await refused(crm.memberships.countMembers({ by: ["colour"] as never })).toMatchObject({ code: "invalid_input" });
  });
});
