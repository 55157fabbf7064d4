/** merge: what becomes of all that refers to the two. */
import { createCrm } from "@relata/core";
import { defineEntity, definePlugin, integer, reference, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { chain, idsOf, marksOf, tree, twoCrates } from "./merging-fixture.ts";
import { codesOf } from "./sample-crm.ts";
import { everything, openTangled, tangledEntities } from "./tangle.ts";

export const mergingReferences: CrmSuite = {
  name: "merging what refers to records",
  facts: [
    crmFact("moves references of every rule and pairs, of archived records too, with history", async (bench) => {
      const crm = await openTangled(bench);
      await twoCrates(crm);
      await crm.users.createMany([
        { id: "c2", name: "A user of the same id" },
        { id: "ann", name: "Ann" },
        { id: "bob", name: "Bob" },
      ]);
      const [a, b] = await crm.specimens.createMany([{ code: "a", crateId: "c2" }, { code: "b" }]);
      await crm.specimens.update(b!.id, { twinId: a!.id });
      await crm.samples.createMany([
        { id: "s1", crateId: "c2", labId: "bob" },
        { id: "s2", crateId: "c1" },
        { id: "s3", crateId: "c2" },
      ]);
      await crm.samples.archive("s3");
      await crm.marks.createMany([
        { id: "t1", kind: "crate", target: "c2" },
        { id: "t2", kind: "user", target: "c2" },
        { id: "t3", kind: "crate", target: "c3" },
      ]);
      bench.clock.set("2026-06-16T08:00:00Z");
      const { mergeId } = await crm.as({ actorId: "eve" }).crates.merge("c1", "c2");
      expect(await crm.specimens.get(a!.id)).toMatchObject({ crateId: "c1", version: 2, updatedBy: "eve" });
      expect(await idsOf(crm.samples.list({ where: { crateId: "c1" }, archived: "include" }))).toBe("s1 s2 s3");
      expect(await marksOf(crm)).toEqual([
        ["t1", "crate", "c1"],
        ["t2", "user", "c2"],
        ["t3", "crate", "c3"],
      ]);
      expect((await crm.samples.history("s1")).at(-1)).toMatchObject({
        kind: "updated",
        by: "eve",
        changes: [{ field: "crateId", before: "c2", after: "c1" }],
      });
      expect((await crm.merges.get(mergeId)).moved).toEqual([
        { entity: "specimen", field: "crateId", ids: [a!.id] },
        { entity: "sample", field: "crateId", ids: ["s1", "s3"] },
        { entity: "mark", field: "target", ids: ["t1"] },
      ]);
      await crm.users.merge("ann", "bob");
      expect(await crm.samples.get("s1")).toMatchObject({ labId: "ann", version: 3 });
      const before = crm.asOf(new Date("2026-06-15T12:00:00Z"));
      expect(await idsOf(before.samples.list({ where: { crateId: "c2" }, archived: "include" }))).toBe("s1 s3");
    }),
    crmFact(
      "drops what would break a unique rule, with what hangs on it, in favour of the survivor's",
      async (bench) => {
        const crm = await openTangled(bench);
        await twoCrates(crm);
        const [a, b] = await crm.specimens.createMany([{ code: "a" }, { code: "b" }]);
        await crm.samples.createMany([
          { id: "s1", specimenId: a!.id, part: 1 },
          { id: "s2", specimenId: b!.id, part: 1 },
          { id: "s3", specimenId: b!.id, part: 2 },
        ]);
        await crm.marks.create({ id: "t1", kind: "sample", target: "s2" });
        const { mergeId } = await crm.specimens.merge(a!.id, b!.id);
        expect((await crm.samples.list()).items.map(({ id, specimenId }) => [id, specimenId === a!.id])).toEqual([
          ["s1", true],
          ["s3", true],
        ]);
        expect(await marksOf(crm)).toEqual([["t1", null, null]]);
        expect(await crm.merges.get(mergeId)).toMatchObject({
          moved: [{ entity: "sample", field: "specimenId", ids: ["s3"] }],
          dropped: [{ entity: "sample", ids: ["s2"] }],
        });
        await crm.badges.createMany([
          { id: "g1", crateId: "c1", note: "kept" },
          { id: "g2", crateId: "c2" },
          { id: "g3", crateId: "c3" },
        ]);
        await crm.crates.merge("c1", "c2");
        expect(await idsOf(crm.badges.list())).toBe("g1 g3");
      },
    ),
    crmFact("drops what is declared to go with the record, by references and pairs", async (bench) => {
      const stay = defineEntity("stay", {
        plural: "stays",
        ids: "app",
        fields: { crateId: reference("crate", { onMerge: "drop" }) },
      });
      const entry = defineEntity("entry", {
        plural: "entries",
        ids: "app",
        fields: { entityType: text(), recordId: text() },
        polymorphic: [{ type: "entityType", id: "recordId", onDelete: "refuse", onMerge: "drop" }],
      });
      const crm = await createCrm({ ...(await bench.options()), entities: [...tangledEntities, stay, entry] });
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }]);
      await crm.stays.createMany([
        { id: "y1", crateId: "c1" },
        { id: "y2", crateId: "c2" },
      ]);
      await crm.entries.createMany([
        { id: "e1", entityType: "crate", recordId: "c1" },
        { id: "e2", entityType: "crate", recordId: "c2" },
        { id: "e3", entityType: "stay", recordId: "y1" },
      ]);
      const before = await everything(crm);
      const { mergeId } = await crm.crates.merge("c1", "c2");
      expect([await idsOf(crm.stays.list()), await idsOf(crm.entries.list())]).toEqual(["y1", "e1 e3"]);
      expect((await crm.merges.get(mergeId)).dropped).toEqual([
        { entity: "stay", ids: ["y2"] },
        { entity: "entry", ids: ["e2"] },
      ]);
      await crm.crates.unmerge(mergeId);
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("drops what agrees with one of the survivor's in its merge keys, but nothing archived", async (bench) => {
      const line = defineEntity("line", {
        plural: "lines",
        ids: "app",
        fields: { crateId: reference("crate"), number: integer(), kind: text().optional() },
        mergeKeys: [["crateId", "number", "kind"]],
      });
      const crm = await createCrm({ ...(await bench.options()), entities: [...tangledEntities, line] });
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }]);
      await crm.lines.createMany([
        { id: "l1", crateId: "c1", number: 1 },
        { id: "l2", crateId: "c1", number: 2, kind: "a" },
        { id: "l3", crateId: "c1", number: 3 },
        { id: "l4", crateId: "c2", number: 1 },
        { id: "l5", crateId: "c2", number: 2 },
        { id: "l6", crateId: "c2", number: 3 },
        { id: "l7", crateId: "c2", number: 4 },
        { id: "l8", crateId: "c2", number: 4 },
        { id: "l9", crateId: "c2", number: 2, kind: "a" },
      ]);
      await crm.lines.archive("l3");
      await crm.lines.archive("l9");
      const before = await everything(crm);
      const { mergeId } = await crm.crates.merge("c1", "c2");
      expect(await idsOf(crm.lines.list({ archived: "include" }))).toBe("l1 l2 l3 l5 l6 l7 l9");
      await crm.crates.unmerge(mergeId);
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("drops all but one of the rows that would become the same", async (bench) => {
      const crm = await openTangled(bench);
      await twoCrates(crm);
      await crm.bonds.createMany([
        { id: "b1", fromId: "c1", toId: "c2" },
        { id: "b2", fromId: "c2", toId: "c1" },
        { id: "b3", fromId: "c2", toId: "c2" },
        { id: "b4", fromId: "c2", toId: "c3" },
        { id: "b5", fromId: "c3", toId: "c2" },
        { id: "b6", fromId: "c3", toId: "c1" },
      ]);
      await crm.crates.merge("c1", "c2");
      expect((await crm.bonds.list()).items.map(({ id, fromId, toId }) => `${id} ${fromId}>${toId}`)).toEqual([
        "b1 c1>c1",
        "b4 c1>c3",
        "b6 c3>c1",
      ]);
    }),
    crmFact("drops what comes, not what has a value already and moves by another reference", async (bench) => {
      const lease = defineEntity("lease", {
        plural: "leases",
        ids: "app",
        fields: { ownerId: reference("crate"), placeId: reference("crate").unique() },
      });
      const crm = await createCrm({ ...(await bench.options()), entities: [...tangledEntities, lease] });
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }, { id: "c3" }]);
      await crm.leases.createMany([
        { id: "l1", ownerId: "c3", placeId: "c2" },
        { id: "l2", ownerId: "c2", placeId: "c1" },
      ]);
      const before = await everything(crm);
      const { mergeId } = await crm.crates.merge("c1", "c2");
      expect((await crm.leases.list()).items).toMatchObject([{ id: "l2", ownerId: "c1", placeId: "c1" }]);
      await crm.crates.unmerge(mergeId);
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("is refused where what it would drop may not be deleted, and then nothing has happened", async (bench) => {
      const holder = defineEntity("holder", {
        plural: "holders",
        ids: "app",
        fields: { kind: text(), held: text() },
        polymorphic: [{ type: "kind", id: "held", onDelete: "refuse" }],
      });
      const crm = await createCrm({ ...(await bench.options()), entities: [...tangledEntities, holder] });
      await crm.crates.createMany([{ id: "c1" }, { id: "c2", label: "x" }]);
      await crm.badges.createMany([
        { id: "g1", crateId: "c1" },
        { id: "g2", crateId: "c2" },
      ]);
      await crm.samples.create({ id: "s1", crateId: "c2" });
      await crm.holders.create({ id: "h1", kind: "badge", held: "g2" });
      const before = await everything(crm);
      expect(await refused(crm.crates.merge("c1", "c2"))).toEqual({
        code: "still_referenced",
        entity: "holder",
        field: "held",
      });
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("clears references of one to the other, and keeps those of each to itself apart", async (bench) => {
      const crm = await openTangled(bench);
      await crm.crates.createMany([{ id: "c1", outerId: "c2" }, { id: "c2" }]);
      expect((await crm.crates.merge("c1", "c2")).record).toMatchObject({ outerId: null });
      await crm.crates.create({ id: "c3", outerId: "c1" });
      expect((await crm.crates.merge("c1", "c3")).record).toMatchObject({ outerId: null });
      await crm.crates.create({ id: "c4", outerId: "c4" });
      expect((await crm.crates.merge("c1", "c4")).record).toMatchObject({ outerId: null });
      await crm.crates.createMany([{ id: "c5" }, { id: "c6", outerId: "c5" }]);
      await crm.crates.update("c1", { outerId: "c6" });
      expect((await crm.crates.merge("c1", "c6")).record).toMatchObject({ outerId: "c5" });
      await crm.crates.create({ id: "c7", outerId: "c1" });
      const taken = await crm.crates.merge("c1", "c7", { take: { outerId: "other" } });
      expect(taken.record).toMatchObject({ outerId: null });
    }),
    crmFact("makes no circle of a tree: the one record has the upper place", async (bench) => {
      const crm = await openTangled(bench);
      const [top, upper, middle, lower] = await chain(crm, "top", "upper", "middle", "lower");
      await crm.accounts.create({ name: "leaf", parentId: lower! });
      const undone = new Error("undone");
      const tried = async (survivor: string, other: string): Promise<string> => {
        let seen = "";
        await crm
          .transaction(async (tx) => {
            await tx.accounts.merge(survivor, other);
            seen = await tree(tx);
            throw undone;
          })
          .catch((error: unknown) => expect(error).toBe(undone));
        return seen;
      };
      expect(await tried(lower!, upper!)).toBe("leaf<lower lower<top middle<lower top");
      expect(await tried(upper!, lower!)).toBe("leaf<upper middle<upper top upper<top");
      expect(await tried(lower!, top!)).toBe("leaf<lower lower middle<upper upper<lower");
      expect(await tried(top!, lower!)).toBe("leaf<top middle<upper top upper<top");
      expect(await tried(middle!, upper!)).toBe("leaf<lower lower<middle middle<top top");
      const [aside] = await chain(crm, "aside");
      expect(await tried(aside!, lower!)).toBe("aside<middle leaf<aside middle<upper top upper<top");
      const held = crm.accounts.merge(lower!, upper!, { take: { parentId: "survivor" } });
      expect((await refused(held)).code).toBe("hierarchy_cycle");
      expect(await tree(crm)).toBe("aside leaf<lower lower<middle middle<upper top upper<top");
    }),
    crmFact("gives the survivor a value that only one record may have", async (bench) => {
      const crm = await openTangled(bench);
      const [kept, other] = await crm.specimens.createMany([{ code: "a" }, { code: "b", serial: 7, note: "n" }]);
      const { record } = await crm.specimens.merge(kept!.id, other!.id, { take: { code: "other" } });
      expect(record).toMatchObject({ code: "b", serial: 7, note: "n" });
      const [third] = await crm.specimens.createMany([{ code: "c" }, { code: "d" }]);
      const taken = crm.specimens.merge(kept!.id, third!.id, { values: { code: "d" } });
      expect(await refused(taken)).toEqual({ code: "not_unique", entity: "specimen", field: "code" });
      expect(codesOf((await crm.specimens.list({ orderBy: [{ code: "asc" }] })).items)).toBe("b c d");
    }),
    crmFact("clears pairs of one to the other, and turns what cannot be cleared to itself", async (bench) => {
      const remark = defineEntity("remark", {
        plural: "remarks",
        ids: "app",
        fields: { kind: text().optional(), target: text().optional(), threadId: reference("remark") },
        polymorphic: [{ type: "kind", id: "target", onDelete: "detach" }],
      });
      const crm = await createCrm({ ...(await bench.options()), entities: [remark] });
      await crm.remarks.createMany([
        { id: "r1", kind: "remark", target: "r2", threadId: "r2" },
        { id: "r2", kind: "remark", target: "r1", threadId: "r2" },
        { id: "r3", kind: "remark", target: "r2", threadId: "r2" },
      ]);
      const before = await everything(crm);
      const { mergeId, record } = await crm.remarks.merge("r1", "r2");
      expect(record).toMatchObject({ kind: null, target: null, threadId: "r1" });
      expect(await crm.remarks.get("r3")).toMatchObject({ kind: "remark", target: "r1", threadId: "r1" });
      await crm.remarks.unmerge(mergeId);
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("does not take over what it drops, and is refused where the survivor would go with that", async (bench) => {
      const address = defineEntity("address", {
        plural: "addresses",
        ids: "app",
        fields: { personId: reference("person", { onDelete: "cascade" }), line: text() },
        unique: [["personId", "line"]],
      });
      const person = defineEntity("person", {
        plural: "persons",
        ids: "app",
        fields: {
          mainId: reference("address", { onDelete: "detach" }).optional(),
          homeId: reference("address", { onDelete: "cascade" }).optional(),
        },
      });
      const crm = await createCrm({ ...(await bench.options()), entities: [address, person] });
      await crm.persons.createMany([{ id: "p1" }, { id: "p2" }]);
      await crm.addresses.createMany([
        { id: "a1", personId: "p1", line: "same" },
        { id: "a2", personId: "p2", line: "same" },
        { id: "a3", personId: "p2", line: "other" },
      ]);
      await crm.persons.update("p2", { mainId: "a2" });
      const before = await everything(crm);
      const { mergeId, record } = await crm.persons.merge("p1", "p2");
      expect(record).toMatchObject({ mainId: null });
      expect(await idsOf(crm.addresses.list())).toBe("a1 a3");
      await crm.persons.unmerge(mergeId);
      expect(await everything(crm)).toEqual(before);
      await crm.persons.update("p1", { mainId: "a2" });
      const detaching = await crm.persons.merge("p1", "p2");
      expect(detaching.record).toMatchObject({ mainId: null });
      await crm.persons.unmerge(detaching.mergeId);
      expect(await crm.persons.get("p1")).toMatchObject({ mainId: "a2" });
      await crm.persons.update("p1", { homeId: "a2" });
      const unchanged = await everything(crm);
      expect(await failure(crm.persons.merge("p1", "p2"))).toMatchObject({
        code: "still_referenced",
        details: { entity: "person", id: "p1" },
      });
      expect(await everything(crm)).toEqual(unchanged);
    }),
    crmFact("by operations of a plugin takes what the plugin alone writes", async (bench) => {
      const scoring = definePlugin({
        id: "scoring",
        extend: { team: { score: integer().optional().written("operations") } },
        services: (context) => ({
          rate: async (id: string, score: number) => context.teams.update(id, { score }),
          join: async (id: string, other: string) => context.teams.merge(id, other, { take: { score: "other" } }),
        }),
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [scoring] });
      await crm.teams.createMany([
        { id: "t1", name: "One" },
        { id: "t2", name: "Two" },
        { id: "t3", name: "Three" },
      ]);
      await crm.scoring.rate("t2", 7);
      await crm.scoring.rate("t3", 9);
      expect((await crm.teams.merge("t1", "t2")).record).toMatchObject({ score: null });
      expect((await crm.scoring.join("t1", "t3")).record).toMatchObject({ score: 9 });
    }),
    crmFact("takes over a reference to what is archived, and refuses a new one", async (bench) => {
      const crm = await openTangled(bench);
      await twoCrates(crm);
      const [a, b, c] = await crm.specimens.createMany([{ code: "a" }, { code: "b", crateId: "c3" }, { code: "c" }]);
      await crm.crates.archive("c3");
      expect((await crm.specimens.merge(a!.id, b!.id)).record).toMatchObject({ crateId: "c3" });
      const by = crm.specimens.merge(c!.id, a!.id, { values: { crateId: "c3" } });
      expect(await refused(by)).toEqual({ code: "reference_archived", entity: "specimen", field: "crateId" });
    }),
  ],
};
