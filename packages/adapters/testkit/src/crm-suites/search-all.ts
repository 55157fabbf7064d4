/** crm.search: one ranked list over all entities, with what matched. */
import { expect } from "vitest";
import { failure } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { type DirectoryCrm, directory, named, openDirectory, shown } from "./directory-crm.ts";

async function withAcme(bench: CrmBench): Promise<DirectoryCrm> {
  const crm = await openDirectory(await bench.options());
  await crm.firms.createMany([
    { name: "Acme", city: "Zürich", code: "zurich" },
    { name: "The Acme Store" },
    { name: "Pacmen", city: "Acme" },
    { name: "Acme 2" },
    { name: "Tacme" },
  ]);
  await crm.people.createMany([{ name: "Zoë Acme" }, { alias: "acme" }, { name: "Acme" }]);
  await crm.accounts.create({ name: "ACME" });
  return crm;
}

export const searchAll: CrmSuite = {
  name: "search over all entities",
  facts: [
    crmFact("gives one list: by rank, then by the first folded field, by entity, by id", async (bench) => {
      const crm = await withAcme(bench);
      const second = await crm.firms.create({ name: "acmé" });
      const hits = await crm.search(" ACME ");
      expect(shown(hits)).toEqual([
        "account ACME: equal; name=ACME 0-4",
        "firm Acme: equal; name=Acme 0-4",
        "firm acmé: equal; name=acmé 0-4",
        "person Acme: equal; name=Acme 0-4",
        "firm Pacmen: equal; name=Pacmen 1-5; city=Acme 0-4",
        "person -: equal; alias=acme 0-4",
        "firm Acme 2: begins; name=Acme 2 0-4",
        "firm The Acme Store: word; name=The Acme Store 4-8",
        "person Zoë Acme: word; name=Zoë Acme 4-8",
        "firm Tacme: part; name=Tacme 1-5",
      ]);
      expect(hits[2]).toEqual({
        entity: "firm",
        id: second.id,
        record: second,
        rank: "equal",
        matched: [{ field: "name", value: "acmé", places: [[0, 4]] }],
      });
      for (let limit = 1; limit <= hits.length; limit++)
        expect(await crm.search("acme", { limit })).toEqual(hits.slice(0, limit));
    }),
    crmFact("asks for every word, each in whichever field", async (bench) => {
      const crm = await withAcme(bench);
      expect(shown(await crm.search("zurich acme"))).toEqual(["firm Acme: part; name=Acme 0-4; city=Zürich 0-6"]);
      expect(shown(await crm.search("acme zurich nowhere"))).toEqual([]);
      expect(await crm.search("code")).toEqual([]);
    }),
    crmFact("looks in the entities that are named, and refuses what is none, naming it", async (bench) => {
      const crm = await withAcme(bench);
      expect(named(await crm.search("acme", { entities: ["person", "account"], limit: 2 }))).toBe(
        "account ACME, person Acme",
      );
      expect(named(await crm.search("acme", { entities: ["firm", "firm"], limit: 2 }))).toBe("firm Acme, firm Pacmen");
      const bad: readonly (readonly [object, object])[] = [
        [{ entities: ["person", "colour"] }, { entity: "colour", field: "entities" }],
        [{ entities: ["people"] }, { entity: "people", field: "entities" }],
        [{ entities: ["__proto__"] }, { entity: "__proto__", field: "entities" }],
        [{ entities: [5] }, { entity: "5", field: "entities" }],
        [{ entities: [] }, { field: "entities" }],
        [{ entities: "person" }, { field: "entities" }],
        [{ entities: ["person", "stage"] }, { entity: "stage", field: "search" }],
        [{ limit: 0 }, { entity: "search", field: "limit" }],
        [{ limit: 1_001 }, { entity: "search", field: "limit" }],
        [{ limit: "5" }, { entity: "search", field: "limit" }],
        [{ archived: "yes" }, { field: "archived" }],
        [{ where: {} }, { entity: "search", field: "where" }],
      ];
      for (const [options, details] of bad)
        for (const text of ["acme", ""])
          expect([options, await failure(crm.search(text, options))]).toMatchObject([
            options,
            { code: "invalid_query", details },
          ]);
      expect(await failure(crm.search("x", { entities: ["colour"] as never }))).toMatchObject({
        message: 'search.entities names "colour", and no such entity is installed.',
      });
    }),
    crmFact("finds nothing for a text without words, and refuses what is no text", async (bench) => {
      const crm = await withAcme(bench);
      for (const text of ["", " \t\n", "　"]) expect(await crm.search(text)).toEqual([]);
      for (const text of [5, null, undefined, {}, "a\0", "\ud800", "a ".repeat(21)])
        expect(await failure(crm.search(text as never))).toMatchObject({
          code: "invalid_query",
          details: { entity: "search", field: "search" },
        });
    }),
    crmFact("leaves archived records out unless they are asked for, and forgets what is deleted", async (bench) => {
      const crm = await withAcme(bench);
      const find = async (name: string) => (await crm.firms.find({ where: { name } }))!.id;
      await crm.firms.archive(await find("Pacmen"));
      await crm.firms.delete(await find("Acme 2"));
      await crm.firms.erase(await find("The Acme Store"));
      const entities = ["firm"] as const;
      expect(named(await crm.search("acme", { entities }))).toBe("firm Acme, firm Tacme");
      expect(named(await crm.search("acme", { entities, archived: "only" }))).toBe("firm Pacmen");
      expect(named(await crm.search("acme", { entities, archived: "include" }))).toBe(
        "firm Acme, firm Pacmen, firm Tacme",
      );
    }),
    crmFact("sees what its handle sees: a unit, a tenant, a plugin's context", async (bench) => {
      const crm = await withAcme(bench);
      const north = crm.as({ tenantId: "north" });
      await north.people.create({ name: "Acme of the north" });
      expect(named(await north.search("acme"))).toBe("person Acme of the north");
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        await tx.people.create({ name: "Unborn" });
        expect(named(await tx.search("unborn"))).toBe("person Unborn");
        expect(await failure(crm.search("unborn"))).toMatchObject({
          code: "outer_handle",
          details: { call: "search" },
        });
        throw undone;
      });
      expect(await failure(unit)).toBe(undone);
      expect(await crm.search("unborn")).toEqual([]);
      expect(named(await crm.directory.lookUp("acme"))).toBe("person Acme, person -, person Zoë Acme");
      expect(named(await north.directory.lookUp("acme"))).toBe("person Acme of the north");
    }),
    crmFact("sees the past, without entities that keep no history unless they are named", async (bench) => {
      bench.clock.set("2026-01-01T00:00:00Z");
      const crm = await openDirectory(await bench.options());
      const ann = await crm.people.create({ name: "Ann Able" });
      const mailbox = await crm.mailboxes.create({ address: "ann@able.example", personId: ann.id });
      await crm.memos.create({ title: "Able" });
      bench.clock.set("2026-02-01T00:00:00Z");
      await crm.people.update(ann.id, { name: "Ann Baker" });
      await crm.mailboxes.update(mailbox.id, { address: "ann@baker.example" });
      bench.clock.set("2026-03-01T00:00:00Z");
      await crm.people.delete(ann.id);
      bench.clock.set("2026-04-01T00:00:00Z");
      const then = (day: string) => crm.asOf(new Date(`${day}T00:00:00Z`));
      expect(shown(await then("2026-01-15").search("able"))).toEqual([
        "person Ann Able: word; name=Ann Able 4-8; mailboxes.address=ann@able.example 4-8",
      ]);
      expect(await then("2026-01-15").search("baker")).toEqual([]);
      expect(shown(await then("2026-02-15").search("baker.ex"))).toEqual([
        "person Ann Baker: part; mailboxes.address=ann@baker.example 4-12",
      ]);
      expect(await then("2026-02-15").search("able")).toEqual([]);
      expect(await then("2026-03-15").search("ann")).toEqual([]);
      expect(named(await crm.search("able"))).toBe("memo Able");
      expect(await failure(then("2026-01-15").search("able", { entities: ["memo"] }))).toMatchObject({
        code: "no_history",
        details: { entity: "memo" },
      });
    }),
    crmFact("asks a bounded number of queries, whatever matches", async (bench) => {
      const { crm: opened, calls } = await bench.openCounted({ plugins: [directory] });
      const crm = opened as unknown as DirectoryCrm;
      const entities = ["firm", "person"] as const;
      const asking = async (text: string) => {
        calls.find = 0;
        const hits = await crm.search(text, { entities });
        return [calls.find, named(hits.slice(0, 3))];
      };
      const firms = await crm.firms.createMany([{ name: "Acme" }, { name: "Tacme" }]);
      await crm.mailboxes.createMany(firms.map(({ id }) => ({ address: "x@acme.example", firmId: id })));
      // One for each entity, and one for each that has hits.
      expect(await asking("nobody")).toEqual([2, ""]);
      expect(await asking("acme")).toEqual([3, "firm Acme, firm Tacme"]);
      await crm.people.create({ name: "An Acme" });
      expect(await asking("acme")).toEqual([4, "firm Acme, person An Acme, firm Tacme"]);
      // From 200 matches on: one more for each rank.
      await crm.people.createMany(Array.from({ length: 199 }, (_, i) => ({ name: `Zacme ${100 + i}` })));
      expect(await asking("acme")).toEqual([8, "firm Acme, person An Acme, firm Tacme"]);
      const few = await crm.search("acme", { entities: ["person"], limit: 3 });
      expect(shown(few)).toEqual([
        "person An Acme: word; name=An Acme 3-7",
        "person Zacme 100: part; name=Zacme 100 1-5",
        "person Zacme 101: part; name=Zacme 101 1-5",
      ]);
    }),
  ],
};
