/** Vacancies and handovers, against a model that goes through the days one by one. */
import { addDays } from "@relata/core/plugin";
import { memory } from "@relata/memory";
import { sqlite } from "@relata/sqlite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DayInterval } from "../interval/day-interval.ts";
import { onEveryStorage, openCrm, thingsOf } from "../relationships-fixture.ts";

const FIRST = "2024-02-20";
const days = Array.from({ length: 24 }, (_, i) => addDays(FIRST, i));
const names = ["Anna", "Ben", "Cleo"];

const holding = fc
  .record({ who: fc.constantFrom(...names), from: fc.option(fc.nat(23)), length: fc.option(fc.nat(8)) })
  .map(({ who, from, length }) => ({
    who,
    validFrom: from === null ? null : days[from]!,
    validUntil: length === null ? null : addDays(from === null ? FIRST : days[from]!, length),
  }));

const has = ({ validFrom, validUntil }: DayInterval, day: string) =>
  (validFrom ?? "") <= day && day <= (validUntil ?? "9999-12-31");
const meet = (a: DayInterval, b: DayInterval) =>
  [...days, "2030-01-01", "2000-01-01"].some((day) => has(a, day) && has(b, day));

describe("offices on each day", () => {
  it.each([
    ["memory", () => memory()],
    ["SQLite", () => sqlite({ filename: ":memory:" })],
  ])("are held and vacant as one by one, on %s", { timeout: 60_000 }, async (_, storage) => {
    const crm = await openCrm({ storage: storage() });
    const { thing, nameOf } = await thingsOf(crm, "Anna, Ben, Cleo, Ministry Ltd");
    let offices = 0;
    const program = fc.record({ isSingleHolder: fc.boolean(), tried: fc.array(holding, { maxLength: 7 }) });
    await fc.assert(
      fc.asyncProperty(program, async ({ isSingleHolder, tried }) => {
        const office = await crm.relationships.defineOffice({
          ...{ accountId: thing.Ministry!.id, title: `Office ${offices++}`, isSingleHolder },
        });
        const model: (typeof tried)[number][] = [];
        for (const { who, ...own } of tried) {
          const clashes = model.some((each) => (isSingleHolder || each.who === who) && meet(each, own));
          const appointed = await crm.relationships.appoint(office.id, { holder: thing[who]!, ...own }).then(
            () => true,
            () => false,
          );
          expect(appointed).toBe(!clashes);
          if (!clashes) model.push({ who, ...own });
        }
        const on = (day: string) => model.filter((each) => has(each, day));
        for (const day of [days[3]!, days[11]!, days[20]!]) {
          const held = await crm.relationships.holdersOn(office.id, { on: day });
          expect(held.map(({ holder }) => nameOf(holder)).toSorted()).toEqual(
            on(day)
              .map(({ who }) => who)
              .toSorted(),
          );
        }
        const query = { officeIds: [office.id], from: FIRST, until: days.at(-1)! };
        const vacant = await crm.relationships.vacancies(query);
        const empty = days.filter((day) => on(day).length === 0);
        expect(days.filter((day) => vacant.some((each) => has(each, day)))).toEqual(empty);
        const alone = await crm.relationships.vacancies({ officeIds: [office.id], on: days[11]! });
        expect(alone).toEqual(vacant.filter((each) => has(each, days[11]!)));
        const handed = (await crm.relationships.handovers(query)).map(({ day, outgoing, incoming }) => [
          day,
          outgoing.map(({ holder }) => nameOf(holder)).toSorted(),
          incoming.map(({ holder }) => nameOf(holder)).toSorted(),
        ]);
        const expected = days.flatMap((day) => {
          const incoming = model.filter(({ validFrom }) => validFrom === day).map(({ who }) => who);
          const left = model.filter(({ validUntil }) => validUntil !== null && validUntil < day);
          const last = left
            .map(({ validUntil }) => validUntil!)
            .toSorted()
            .at(-1);
          const isHandover = incoming.length > 0 && last && (isSingleHolder || last === addDays(day, -1));
          const outgoing = left.filter(({ validUntil }) => validUntil === last).map(({ who }) => who);
          return isHandover ? [[day, outgoing.toSorted(), incoming.toSorted()]] : [];
        });
        expect(handed).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });
});

onEveryStorage((open) => {
  it("tells vacancies with those before and after, everywhere, of one account, on a day and in a span", async () => {
    const crm = await open();
    const { thing, nameOf } = await thingsOf(crm, "Anna, Ben, Ministry Ltd, Agency Ltd");
    const [chair, clerk, envoy] = await crm.relationships.defineOffices([
      { accountId: thing.Ministry!.id, title: "Chair" },
      { accountId: thing.Agency!.id, title: "Clerk", validFrom: "2020-01-01", validUntil: "2020-12-31" },
      { accountId: thing.Agency!.id, title: "Envoy" },
    ]);
    const appoint = (id: string, name: string, [validFrom, validUntil]: readonly (string | null)[]) =>
      crm.relationships.appoint(id, {
        holder: thing[name]!,
        validFrom: validFrom ?? null,
        validUntil: validUntil ?? null,
      });
    await appoint(chair!.id, "Anna", ["2018-01-01", "2020-03-31"]);
    await appoint(chair!.id, "Ben", ["2020-05-01"]);
    await appoint(clerk!.id, "Anna", ["2020-02-01"]);
    await appoint(envoy!.id, "Ben", []);
    const told = async (query: Parameters<typeof crm.relationships.vacancies>[0]) =>
      (await crm.relationships.vacancies(query)).map(
        ({ office, validFrom, validUntil, before, after }) =>
          `${before.map(({ holder }) => nameOf(holder))} < ${office.title} ${validFrom ?? ""}..${validUntil ?? ""} < ${after.map(({ holder }) => nameOf(holder))}`,
      );
    expect(await told({ on: "2020-04-15" })).toEqual(["Anna < Chair 2020-04-01..2020-04-30 < Ben"]);
    expect(await told({ on: "2020-01-15" })).toEqual([" < Clerk 2020-01-01..2020-01-31 < Anna"]);
    expect(await told({})).toEqual([]);
    const ministry = { accountIds: [thing.Ministry!.id] };
    expect(await told({ from: "2010-01-01", until: "2026-12-31", ...ministry })).toEqual([
      " < Chair ..2017-12-31 < Anna",
      "Anna < Chair 2020-04-01..2020-04-30 < Ben",
    ]);
    expect(await told({ from: "2010-01-01", until: "2026-12-31", officeIds: [clerk!.id, envoy!.id] })).toEqual([
      " < Clerk 2020-01-01..2020-01-31 < Anna",
    ]);
    const [handover] = await crm.relationships.handovers({ from: "2020-01-01", until: "2020-12-31" });
    expect(handover).toMatchObject({ office: { id: chair!.id }, day: "2020-05-01", vacantDays: 30 });
    for (const [query, field] of [
      [{ on: "2020-01-01", from: "2020-01-01" }, "on"],
      [{ from: "2020-01-01" }, "until"],
      [{ from: "2020-01-02", until: "2020-01-01" }, "until"],
      [{ on: "2020-13-01" }, "on"],
      [{ at: "2020-01-01" }, "at"],
    ] as const)
      await expect(crm.relationships.vacancies(query as object)).rejects.toMatchObject({
        code: "invalid_input",
        details: { entity: "office", field },
      });
  });

  it("tells the vacancies of many offices in as many queries as those of a few", async () => {
    let queries = 0;
    const crm = await open({ onQuery: () => void queries++ });
    const { thing } = await thingsOf(crm, "Anna, Ministry Ltd");
    const accountId = thing.Ministry!.id;
    const asked = async () => {
      queries = 0;
      const found = [
        await crm.relationships.vacancies({ on: "2021-06-01" }),
        await crm.relationships.vacancies({ from: "2021-01-01", until: "2021-12-31" }),
      ];
      return [found.map((each) => each.length), queries] as const;
    };
    const define = (many: number) =>
      crm.relationships.defineOffices(Array.from({ length: many }, (_, at) => ({ accountId, title: `Office ${at}` })));
    const [first] = await define(3);
    await crm.relationships.appoint(first!.id, { holder: thing.Anna!, validUntil: "2020-12-31" });
    const [, few] = await asked();
    await define(600);
    const [found, many] = await asked();
    expect(found).toEqual([600, 600]);
    expect(many).toBe(few);
  });

  it("counts what may have begun earlier or may go on, or leaves out what is not certain, where it is asked for", async () => {
    const crm = await open();
    const { thing, nameOf } = await thingsOf(crm, "Anna, Ben, Ministry Ltd");
    const { id } = await crm.relationships.defineOffice({
      ...{ accountId: thing.Ministry!.id, title: "Chair", isSingleHolder: false },
    });
    await crm.relationships.appoint(id, {
      ...{ holder: thing.Anna!, validFrom: "2019-12-31", validFromIs: "at_latest", validUntil: "2020-12-31" },
    });
    await crm.relationships.appoint(id, {
      ...{ holder: thing.Ben!, validFrom: "2020-06-01", validUntil: "2021-12-31", validUntilIs: "at_latest" },
    });
    const on = async (day: string, certainty: "stated" | "certain" | "possible") =>
      (await crm.relationships.holdersOn(id, { on: day, certainty })).map(({ holder }) => nameOf(holder));
    expect(await on("2010-01-01", "stated")).toEqual([]);
    expect(await on("2010-01-01", "possible")).toEqual(["Anna"]);
    expect(await on("2021-06-01", "stated")).toEqual(["Ben"]);
    expect(await on("2021-06-01", "certain")).toEqual([]);
    const vacant = async (certainty: "stated" | "certain" | "possible") =>
      (await crm.relationships.vacancies({ on: "2021-06-01", certainty })).length;
    expect([await vacant("stated"), await vacant("certain"), await vacant("possible")]).toEqual([0, 1, 0]);
  });
});
