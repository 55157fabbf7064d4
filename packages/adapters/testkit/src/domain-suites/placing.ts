/** opportunities.place: the order of a board's columns, made by hand. */
import { createCrm } from "@relata/core";
import { defineEntity, defineStageEntry, pipelined, pipelineFields, text } from "@relata/core/plugin";
import fc from "fast-check";
import { expect } from "vitest";
import { failure, refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain, pipelineOf, stageId, staysOf } from "./open-domain.ts";

const ticket = defineEntity("ticket", { plural: "tickets", fields: { name: text(), ...pipelineFields("tickets") } });
const ticketStageEntry = defineStageEntry("ticketStageEntry", { plural: "ticketStageEntries", of: "ticket" });
const tickets = pipelined(ticket, {
  stays: ticketStageEntry,
  standard: {
    key: "tickets",
    name: "Tickets",
    stages: [{ key: "new", name: "New", outcome: "open", probability: "0" }],
  },
});

type Places = Pick<DomainCrm, "opportunities" | "stages">;
type Place = Parameters<DomainCrm["opportunities"]["place"]>[1];

/** The names of the records in a column, from top to bottom. */
async function columnOf(crm: Places, stage = "qualification"): Promise<string> {
  const id = await stageId(crm as DomainCrm, stage);
  const page = await crm.opportunities.boardColumn({ stageId: id, limit: 1_000 });
  return page.items.map(({ name }) => name).join(" ");
}

/** Opportunities of these names, by name. */
async function withDeals(crm: DomainCrm, names: string) {
  const deals = await crm.opportunities.createMany(names.split(" ").map((name) => ({ name })));
  const ids = new Map(deals.map(({ name, id }) => [name, id]));
  const id = (name: string) => ids.get(name)!;
  return { id, place: (name: string, place: Place) => crm.opportunities.place(id(name), place) };
}

const versionsOf = async (crm: DomainCrm) =>
  (await crm.opportunities.list({ orderBy: [{ name: "asc" }] })).items
    .map(({ name, version }) => `${name}${version}`)
    .join(" ");

/** A drag by names. */
interface Drag {
  readonly dragged: string;
  readonly how: "first" | "last" | "before" | "after";
  readonly beside: string;
}

/** A model of what a drag does to a list of names. */
function afterDrag(column: readonly string[], { dragged, how, beside }: Drag): string[] {
  const rest = column.filter((name) => name !== dragged);
  const places = { first: 0, last: rest.length, before: rest.indexOf(beside), after: rest.indexOf(beside) + 1 };
  return rest.toSpliced(places[how], 0, dragged);
}

const placeOf = ({ how, beside }: Drag, id: (name: string) => string) =>
  ({ [how]: how === "first" || how === "last" ? true : id(beside) }) as Place;

const randomDrag = (names: readonly string[]) =>
  fc
    .record({
      dragged: fc.constantFrom(...names),
      how: fc.constantFrom("first" as const, "last" as const, "before" as const, "after" as const),
      beside: fc.constantFrom(...names),
    })
    .filter(({ dragged, beside }) => dragged !== beside);

export const placing: CrmSuite = {
  name: "opportunities.place",
  facts: [
    crmFact("puts a record first, last, before and after another one", async (bench) => {
      const crm = await openDomain(bench);
      const { id, place } = await withDeals(crm, "a b c d e");
      expect(await columnOf(crm)).toBe("a b c d e");
      await place("d", { first: true });
      expect(await columnOf(crm)).toBe("d a b c e");
      await place("a", { last: true });
      expect(await columnOf(crm)).toBe("d b c e a");
      await place("e", { before: id("b") });
      expect(await columnOf(crm)).toBe("d e b c a");
      await place("d", { after: id("c") });
      expect(await columnOf(crm)).toBe("e b c d a");
    }),
    crmFact("finds new records at the end of their stage, and moved ones too", async (bench) => {
      const crm = await openDomain(bench);
      const { id, place } = await withDeals(crm, "a b c");
      await place("c", { first: true });
      bench.clock.set("2026-06-15T10:00:01Z");
      const [d] = await crm.opportunities.createMany([{ name: "d" }, { name: "e" }]);
      expect(await columnOf(crm)).toBe("c a b d e");
      bench.clock.set("2026-06-15T10:00:02Z");
      await crm.opportunities.moveTo(id("a"), "proposal");
      await crm.opportunities.moveTo(d!.id, "proposal");
      bench.clock.set("2026-06-15T10:00:03Z");
      await crm.opportunities.moveTo(id("a"), "qualification");
      expect(await columnOf(crm)).toBe("c b e a");
      await crm.opportunities.moveMany([id("b"), id("c")].map((moved) => ({ id: moved, stage: "proposal" })));
      expect(await columnOf(crm, "proposal")).toBe("d b c");
    }),
    crmFact("writes the one record and no other", async (bench) => {
      const crm = await openDomain(bench);
      const { id, place } = await withDeals(crm, "a b c d");
      const placed = await place("d", { before: id("b") });
      expect(placed).toMatchObject({ name: "d", version: 2, boardPosition: "j0VMbaIIi00V" });
      expect(await versionsOf(crm)).toBe("a1 b1 c1 d2");
      expect((await crm.opportunities.history(id("d"))).at(-1)!.changes).toEqual([
        { field: "boardPosition", before: "j0VMbaIIi03", after: "j0VMbaIIi00V" },
      ]);
    }),
    crmFact("writes nothing where the record stands there already", async (bench) => {
      const crm = await openDomain(bench);
      const { id, place } = await withDeals(crm, "a b c");
      await place("a", { first: true });
      await place("c", { last: true });
      await place("b", { after: id("a") });
      await place("b", { before: id("c"), stage: "qualification" });
      expect(await columnOf(crm)).toBe("a b c");
      expect(await versionsOf(crm)).toBe("a1 b1 c1");
    }),
    crmFact("moves to another stage with one version, one stay, and the move's own options", async (bench) => {
      const crm = await openDomain(bench);
      const { id, place } = await withDeals(crm, "a b c d");
      await crm.opportunities.moveMany([id("a"), id("b")].map((moved) => ({ id: moved, stage: "proposal" })));
      bench.clock.set("2026-06-15T11:00:00Z");
      const placed = await crm.as({ actorId: "ann" }).opportunities.place(id("d"), {
        stage: "proposal",
        before: id("b"),
        set: { nextStep: "call" },
      });
      expect(placed).toMatchObject({ version: 2, probability: "50", nextStep: "call" });
      expect(await columnOf(crm, "proposal")).toBe("a d b");
      expect(await columnOf(crm)).toBe("c");
      expect(await staysOf(crm, id("d"))).toEqual(["qualification 3600000 -", "proposal … ann"]);
      const lost = await place("c", { stage: "lost", first: true, closeDate: "2026-06-15", lostNote: "too dear" });
      expect(lost).toMatchObject({ status: "lost", actualCloseDate: "2026-06-15", lostNote: "too dear" });
    }),
    crmFact("keeps the pipeline's rules, and changes nothing where they are broken", async (bench) => {
      const crm = await openDomain(bench);
      const { id, place } = await withDeals(crm, "a b");
      const later = pipelineOf({ key: "later" });
      await crm.pipelines.define(later);
      expect(await refused(place("a", { stage: "due", first: true }))).toMatchObject({ code: "move_not_allowed" });
      expect(await refused(place("a", { stage: "nowhere", last: true }))).toMatchObject({ code: "move_not_allowed" });
      expect(await refused(place("a", { first: true, version: 7 }))).toMatchObject({ code: "stale_version" });
      expect(await refused(place("a", { stage: "proposal", first: true, closeDate: "2026-06-15" }))).toMatchObject({
        code: "invalid_input",
        field: "closeDate",
      });
      const { code, entity } = await refused(crm.opportunities.place("nobody", { first: true }));
      expect([code, entity]).toEqual(["not_found", "opportunity"]);
      const past = crm.asOf(new Date(bench.clock.now()));
      expect(await refused(past.opportunities.place(id("b"), { first: true }))).toEqual({ code: "past_is_read_only" });
      expect(await versionsOf(crm)).toBe("a1 b1");
    }),
    crmFact("refuses what is no place, naming each field that is wrong", async (bench) => {
      const crm = await openDomain(bench);
      const { id, place } = await withDeals(crm, "a b c d");
      await crm.opportunities.moveTo(id("c"), "proposal");
      await crm.opportunities.archive(id("d"));
      const foreign = await crm.as({ tenantId: "other" }).opportunities.create({ name: "x" });
      for (const [given, field, code] of [
        [{}, "", "not_allowed"],
        [null, "", "invalid_type"],
        [{ first: true, last: true }, "last", "not_allowed"],
        [{ before: id("b"), after: id("b") }, "after", "not_allowed"],
        [{ stage: "proposal" }, "", "not_allowed"],
        [{ first: false }, "first", "not_allowed"],
        [{ after: 5 }, "after", "invalid_type"],
        [{ top: true }, "top", "unknown_field"],
        [{ first: true, boardPosition: "a0" }, "boardPosition", "unknown_field"],
        [{ first: true, set: { boardPosition: "a0" } }, "boardPosition", "read_only_field"],
        [{ after: id("a") }, "after", "reference_not_found"],
        [{ before: "nobody" }, "before", "reference_not_found"],
        [{ before: id("c") }, "before", "reference_not_found"],
        [{ after: id("d") }, "after", "reference_not_found"],
        [{ after: foreign.id }, "after", "reference_not_found"],
      ] as const) {
        const details = await refusedDetails(place("a", given as never));
        expect([given, details.entity, details.issues?.map((issue) => [issue.field, issue.code])]).toEqual([
          given,
          "opportunity",
          [[field, code]],
        ]);
      }
      expect(await versionsOf(crm)).toBe("a1 b1 c2");
    }),
    crmFact("keeps both of two that are put into one gap at once", async (bench) => {
      const crm = await openDomain(bench);
      const { id, place } = await withDeals(crm, "a b x y");
      const [ann, ben] = [crm.as({ actorId: "ann" }), crm.as({ actorId: "ben" })];
      await Promise.all([
        ann.opportunities.place(id("x"), { after: id("a") }),
        ben.opportunities.place(id("y"), { after: id("a") }),
      ]);
      const column = await columnOf(crm);
      expect(["a x y b", "a y x b"]).toContain(column);
      const [, above, below] = column.split(" ");
      await place("b", { after: id(above!) });
      expect(await columnOf(crm)).toBe(`a ${above} b ${below}`);
    }),
    crmFact("finds room between records with equal keys, with new keys for those beside it only", async (bench) => {
      const crm = await openDomain(bench);
      // Each is the first of its list, and the clock stands still: all of them have one key.
      const ids = new Map<string, string>();
      for (const name of "abcdefgh") ids.set(name, (await crm.opportunities.create({ name })).id);
      const keys = (await crm.opportunities.list()).items.map(({ boardPosition }) => boardPosition);
      expect(new Set(keys)).toEqual(new Set(["j0VMbaIIi00"]));
      expect(await columnOf(crm)).toBe("a b c d e f g h");
      await crm.opportunities.place(ids.get("h")!, { after: ids.get("b")! });
      expect(await columnOf(crm)).toBe("a b h c d e f g");
      await crm.opportunities.place(ids.get("g")!, { before: ids.get("h")! });
      expect(await columnOf(crm)).toBe("a b g h c d e f");
      bench.clock.set("2026-06-16T10:00:00Z");
      const [x, y] = [await crm.opportunities.create({ name: "x" }), await crm.opportunities.create({ name: "y" })];
      const z = await crm.opportunities.create({ name: "z" });
      await crm.opportunities.place(z.id, { before: y.id });
      expect(await columnOf(crm)).toBe("a b g h c d e f x z y");
      expect(x.boardPosition).toBe(y.boardPosition);
      const untouched = await crm.opportunities.list({ where: { name: { in: ["a", "b", "c", "d", "e"] } } });
      const last = Math.max(...untouched.items.map(({ updatedAt }) => updatedAt.getTime()));
      expect(new Date(last).toISOString()).toBe("2026-06-15T10:00:00.000Z");
    }),
    crmFact("keeps keys short, however often one gap is filled", async (bench) => {
      const crm = await openDomain(bench);
      const { id, place } = await withDeals(crm, "a b c d");
      for (let round = 0; round < 110; round++)
        for (const name of ["b", "c", "d"]) await place(name, { after: id("a") });
      expect(await columnOf(crm)).toBe("a d c b");
      const { items } = await crm.opportunities.list();
      expect(Math.max(...items.map(({ boardPosition }) => boardPosition!.length))).toBeLessThanOrEqual(60);
      expect(await crm.opportunities.count({ where: { boardPosition: null } })).toBe(0);
    }),
    crmFact("orders a column as a model does, whoever drags, alone and in units", async (bench) => {
      const crm = await openDomain(bench);
      let column = [..."abcdefghij"];
      const { id } = await withDeals(crm, column.join(" "));
      const drags = fc.record({
        drag: randomDrag(column),
        actor: fc.constantFrom("ann", "ben", "cyd"),
        inUnit: fc.boolean(),
      });
      for (const { drag, actor, inUnit } of fc.sample(drags, { seed: 4711, numRuns: 150 })) {
        const session = crm.as({ actorId: actor });
        const run = (by: Places) => by.opportunities.place(id(drag.dragged), placeOf(drag, id));
        await (inUnit ? session.transaction((tx) => run(tx)) : run(session));
        column = afterDrag(column, drag);
        expect(await columnOf(crm)).toBe(column.join(" "));
      }
    }),
    crmFact("orders drags at the same time as one after the other, in some order", async (bench) => {
      const crm = await openDomain(bench);
      let column = [..."abcdef"];
      const { id } = await withDeals(crm, column.join(" "));
      const pairs = fc.tuple(randomDrag(column), randomDrag(column));
      for (const [first, second] of fc.sample(pairs, { seed: 42, numRuns: 80 })) {
        await Promise.all([first, second].map((drag) => crm.opportunities.place(id(drag.dragged), placeOf(drag, id))));
        const now = await columnOf(crm);
        expect([
          afterDrag(afterDrag(column, first), second).join(" "),
          afterDrag(afterDrag(column, second), first).join(" "),
        ]).toContain(now);
        column = now.split(" ");
      }
    }),
    crmFact("is undone with its unit", async (bench) => {
      const crm = await openDomain(bench);
      const { id } = await withDeals(crm, "a b c");
      const undone = crm.transaction(async (tx) => {
        await tx.opportunities.place(id("c"), { first: true });
        expect(await columnOf(tx)).toBe("c a b");
        throw new Error("no");
      });
      expect(await failure(undone)).toEqual(new Error("no"));
      expect(await columnOf(crm)).toBe("a b c");
    }),
    crmFact("shows the order of the past as it was then", async (bench) => {
      const crm = await openDomain(bench);
      const { place } = await withDeals(crm, "a b c");
      bench.clock.set("2026-06-16T10:00:00Z");
      await place("c", { first: true });
      bench.clock.set("2026-06-17T10:00:00Z");
      await place("a", { last: true });
      expect(await columnOf(crm.asOf(new Date("2026-06-15T12:00:00Z")))).toBe("a b c");
      expect(await columnOf(crm.asOf(new Date("2026-06-16T12:00:00Z")))).toBe("c a b");
      expect(await columnOf(crm)).toBe("c b a");
    }),
    crmFact("orders the records of each tenant by themselves", async (bench) => {
      const crm = await openDomain(bench);
      const other = crm.as({ tenantId: "other" });
      const { id } = await withDeals(crm, "a b");
      await withDeals(other, "x y z");
      await crm.opportunities.place(id("b"), { first: true });
      expect(await columnOf(crm)).toBe("b a");
      expect(await columnOf(other)).toBe("x y z");
      expect(await refused(other.opportunities.place(id("a"), { first: true }))).toEqual({
        code: "not_found",
        entity: "opportunity",
      });
    }),
    crmFact("gives keys to records that have none, up to the place that is asked for", async (bench) => {
      const crm = await createCrm({
        ...(await bench.options()),
        entities: [ticket, ticketStageEntry],
        hooks: { ticket: tickets.hooks },
        events: tickets.events,
        operations: (context) => ({
          ticket: {
            ...tickets.operations(context),
            forget: (ids: readonly string[]) =>
              context.tickets.updateMany(ids.map((id) => ({ id, boardPosition: null }))),
          },
        }),
      });
      const names = [..."abcdef"];
      const made = await crm.tickets.createMany(names.map((name) => ({ name })));
      const id = (name: string) => made[names.indexOf(name)]!.id;
      await crm.tickets.forget(["b", "c", "d", "e", "f"].map(id));
      const column = async () => (await crm.tickets.board())[0]!.records.items;
      const shown = async () => (await column()).map(({ name, boardPosition }) => name + (boardPosition ? "" : "-"));
      expect(await shown()).toEqual(["a", "b-", "c-", "d-", "e-", "f-"]);
      await crm.tickets.place(id("f"), { after: id("a") });
      expect(await shown()).toEqual(["a", "f", "b-", "c-", "d-", "e-"]);
      await crm.tickets.place(id("e"), { after: id("b") });
      expect((await shown()).map((name) => name[0]).join(" ")).toBe("a f b e c d");
      await crm.tickets.place(id("a"), { last: true });
      expect(await shown()).toEqual(["f", "b", "e", "c", "d", "a"]);
    }),
    crmFact("serves lifecycles too", async (bench) => {
      const crm = await openDomain(bench);
      const [a, b, c] = await crm.accounts.createMany([{ name: "a" }, { name: "b" }, { name: "c" }]);
      expect(await refused(crm.accounts.place(a!.id, { first: true }))).toEqual({
        code: "invalid_input",
        entity: "account",
        field: "stage",
      });
      const stage = "prospect";
      await crm.accounts.moveMany([a!, b!].map(({ id }) => ({ id, stage })));
      await crm.accounts.place(c!.id, { stage, before: b!.id });
      const [column] = await crm.accounts.board();
      expect(column!.records.items.map(({ name }) => name)).toEqual(["a", "c", "b"]);
      expect([column!.count, column!.amount, column!.weighted]).toEqual([3, [], []]);
    }),
  ],
};
