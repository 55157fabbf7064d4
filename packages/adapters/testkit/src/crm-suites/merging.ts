/** merge: two records become one, with all that refers to them. */
import { createCrm } from "@relata/core";
import { defineEntity, definePlugin, integer, reference, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { codesOf } from "./sample-crm.ts";
import { everything, idsTo, openTangled, type TangledCrm, tangledEntities } from "./tangle.ts";

const nowhere = "019b7ca9-8f2e-7000-8000-000000000000";

async function twoCrates(crm: TangledCrm): Promise<void> {
  await crm.crates.createMany([{ id: "c1" }, { id: "c2" }, { id: "c3" }]);
}

const idsOf = async (list: Promise<{ readonly items: readonly { readonly id: string }[] }>) =>
  (await list).items.map(({ id }) => id).join(" ");

async function tagsOf(crm: TangledCrm): Promise<readonly unknown[]> {
  return (await crm.marks.list({ archived: "include" })).items.map(({ id, kind, target }) => [id, kind, target]);
}

/** "a<b": the accounts by name, with their parents. */
async function tree(crm: TangledCrm): Promise<string> {
  const { items } = await crm.accounts.list({ include: { parent: true }, orderBy: [{ name: "asc" }] });
  return items.map(({ name, parent }) => (parent ? `${name}<${parent.name}` : name)).join(" ");
}

/** Accounts of these names, each below the one before. */
async function chain(crm: TangledCrm, ...names: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const name of names) ids.push((await crm.accounts.create({ name, parentId: ids.at(-1) ?? null })).id);
  return ids;
}

export const merging: CrmSuite = {
  name: "merging",
  facts: [
    crmFact("keeps the survivor's values, and takes the other one's where it has none", async (bench) => {
      const crm = await openTangled(bench);
      const kept = await crm.accounts.create({ name: "Acme", industry: "retail", phone: "1" });
      const other = await crm.accounts.create({
        name: "ACME Inc.",
        industry: "energy",
        domain: "acme.test",
        employees: 0,
        annualRevenue: { amount: "5.00", currency: "EUR" },
      });
      bench.clock.set("2026-06-16T08:00:00Z");
      const { record, mergeId } = await crm.as({ actorId: "ann" }).accounts.merge(kept.id, other.id);
      expect(record).toMatchObject({
        id: kept.id,
        version: 2,
        name: "Acme",
        industry: "retail",
        phone: "1",
        domain: "acme.test",
        employees: 0,
        annualRevenue: { amount: "5.00", currency: "EUR" },
        updatedBy: "ann",
      });
      expect(await crm.accounts.get(kept.id)).toEqual(record);
      expect(await refused(crm.accounts.get(other.id))).toEqual({ code: "not_found", entity: "account" });
      expect((await crm.accounts.history(other.id)).map(({ kind, by }) => [kind, by])).toEqual([
        ["created", null],
        ["deleted", "ann"],
      ]);
      expect(await crm.merges.get(mergeId)).toMatchObject({
        entityType: "account",
        survivorId: kept.id,
        otherId: other.id,
        mergedAt: new Date("2026-06-16T08:00:00Z"),
        mergedBy: "ann",
        moved: [{ entity: "accountDomain", field: "accountId" }],
        dropped: [],
        changed: ["domain", "employees", "annualRevenue"],
        unmergedAt: null,
      });
    }),
    crmFact("takes by field what it is told, and values set by hand", async (bench) => {
      const crm = await openTangled(bench);
      const kept = await crm.accounts.create({ name: "Acme", industry: "retail", phone: "1", country: "DE" });
      const other = await crm.accounts.create({
        name: "ACME Inc.",
        industry: "energy",
        phone: "2",
        description: "Larger",
      });
      const { record } = await crm.accounts.merge(kept.id, other.id, {
        take: { phone: "other", industry: "other", country: "other", description: "survivor" },
        values: { name: "Acme Incorporated", industry: undefined as never },
      });
      expect(record).toMatchObject({
        name: "Acme Incorporated",
        phone: "2",
        industry: "energy",
        country: null,
        description: null,
      });
      const third = await crm.accounts.create({ name: "Third", description: "Third" });
      const cleared = await crm.accounts.merge(kept.id, third.id, { values: { description: null } });
      expect(cleared.record).toMatchObject({ description: null, version: 2 });
    }),
    crmFact("of two records that say the same changes nothing in the survivor", async (bench) => {
      const crm = await openTangled(bench);
      await crm.crates.createMany([{ id: "c1", label: "x" }, { id: "c2" }]);
      const { record } = await crm.crates.merge("c1", "c2");
      expect(record).toMatchObject({ version: 1, label: "x" });
      expect((await crm.merges.list()).items).toMatchObject([
        { changed: [], versions: [{ entity: "crate", records: [["c2", 1, null]] }] },
      ]);
    }),
    crmFact("leaves alone what is written once or by operations", async (bench) => {
      const crm = await openTangled(bench);
      const [kept, other] = await crm.specimens.createMany([{ code: "a" }, { code: "b", origin: "Rome", weight: 4 }]);
      const { record } = await crm.specimens.merge(kept!.id, other!.id);
      expect(record).toMatchObject({ code: "a", origin: null, weight: 4 });
    }),
    crmFact("refuses what it cannot take, naming each field, and nothing is written", async (bench) => {
      const crm = await openTangled(bench);
      const [kept, other] = await crm.specimens.createMany([{ code: "a" }, { code: "b" }]);
      const wrong = crm.specimens.merge(kept!.id, other!.id, {
        take: {
          origin: "other",
          nonsense: "other",
          id: "other",
          createdAt: "other",
          code: "mine",
          grade: "other",
        } as never,
        values: { grade: "fine", weight: "heavy" as never, share: "200" },
      });
      expect(await failure(wrong)).toMatchObject({
        code: "invalid_input",
        details: {
          entity: "specimen",
          issues: [
            { field: "origin", code: "read_only_field", message: "is written once, at creation" },
            { field: "nonsense", code: "unknown_field" },
            { field: "id", code: "read_only_field" },
            { field: "createdAt", code: "read_only_field" },
            { field: "code", code: "not_allowed" },
            { field: "grade", code: "repeated" },
            { field: "weight", code: "invalid_type" },
            { field: "share" },
          ],
        },
      });
      for (const bad of [{ take: "other" }, { take: [] }, { values: 7 }] as never[])
        expect((await refused(crm.specimens.merge(kept!.id, other!.id, bad))).code).toBe("invalid_input");
      for (const bad of [{ keep: {} }, null, { versions: { mine: 1 } }, { versions: 1 }] as never[])
        expect((await refused(crm.specimens.merge(kept!.id, other!.id, bad))).code).toBe("invalid_query");
      expect(codesOf((await crm.specimens.list()).items)).toBe("a b");
      expect(await crm.merges.count()).toBe(0);
    }),
    crmFact("refuses a record and itself, unknown and archived ones, and stale versions", async (bench) => {
      const crm = await openTangled(bench);
      await twoCrates(crm);
      await crm.crates.archive("c3");
      const issue = (field: string, code: string) => ({
        code: "invalid_input",
        details: { entity: "crate", issues: [{ field, code }] },
      });
      expect(await failure(crm.crates.merge("c1", "c1"))).toMatchObject(issue("otherId", "same_record"));
      expect(await failure(crm.crates.merge("c3", "c1"))).toMatchObject(issue("survivorId", "archived"));
      expect(await failure(crm.crates.merge("c1", "c3"))).toMatchObject(issue("otherId", "archived"));
      expect(await failure(crm.crates.merge(1 as never, "c1"))).toMatchObject({ code: "invalid_input" });
      expect(await failure(crm.crates.merge("c1", undefined as never))).toMatchObject({ code: "invalid_input" });
      for (const [survivor, other] of [
        ["c1", "c9"],
        ["c9", "c1"],
      ] as const)
        expect(await failure(crm.crates.merge(survivor, other))).toMatchObject({
          code: "not_found",
          details: { entity: "crate", id: "c9" },
        });
      expect((await refused(crm.accounts.merge("no id", nowhere))).code).toBe("not_found");
      await crm.crates.update("c2", { label: "x" });
      expect(await failure(crm.crates.merge("c1", "c2", { versions: { survivor: 1, other: 1 } }))).toMatchObject({
        code: "stale_version",
        details: { id: "c2", expected: 1, actual: 2 },
      });
      expect(await failure(crm.crates.merge("c2", "c1", { versions: { survivor: 1 } }))).toMatchObject({
        code: "stale_version",
        details: { id: "c2" },
      });
      await crm.crates.merge("c1", "c2", { versions: { survivor: 1, other: 2 } });
    }),
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
      expect(await tagsOf(crm)).toEqual([
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
        expect(await tagsOf(crm)).toEqual([["t1", null, null]]);
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
    crmFact("tells of each change, and then of the whole, live and for certain", async (bench) => {
      const got: unknown[] = [];
      const crm = await createCrm({
        ...(await bench.options()),
        entities: tangledEntities,
        subscribers: {
          mirror: { on: ["crate.merged"], deliver: (_, { recordId, data }) => void got.push([recordId, data]) },
        },
      });
      await twoCrates(crm);
      await crm.badges.createMany([
        { id: "g1", crateId: "c1" },
        { id: "g2", crateId: "c2" },
      ]);
      await crm.samples.create({ id: "s1", crateId: "c2" });
      const heard: string[] = [];
      for (const name of [
        "crate.merged",
        "crate.updated",
        "crate.deleted",
        "badge.deleted",
        "sample.updated",
        "merge.created",
      ] as const)
        crm.on(name, (event) => heard.push(`${event.name} ${name === "merge.created" ? "" : event.recordId}`.trim()));
      const { mergeId } = await crm.crates.merge("c1", "c2", { values: { label: "one" } });
      expect(heard).toEqual([
        "sample.updated s1",
        "crate.updated c1",
        "badge.deleted g2",
        "crate.deleted c2",
        "merge.created",
        "crate.merged c1",
      ]);
      await crm.eventDeliveries.drain();
      expect(got).toEqual([["c1", { mergeId, survivorId: "c1", otherId: "c2" }]]);
    }),
    crmFact(
      "asks the hooks of plugins first: they see both, move what is theirs, and add to the survivor",
      async (bench) => {
        const seen: unknown[] = [];
        const shelf = defineEntity("shelf", {
          plural: "shelves",
          ids: "app",
          fields: { crate: text().indexed() },
        });
        const shelves = definePlugin({
          id: "shelves",
          entities: [shelf],
          extend: { team: { seats: integer().optional().written("operations") } },
          services: (context) => ({
            seat: async (id: string, seats: number) => context.teams.update(id, { seats }),
          }),
          hooks: {
            team: {
              async merging(context, batch) {
                const [{ survivor, other, input, mergeId }] = batch as [(typeof batch)[0]];
                seen.push([survivor.id, other.id, input, mergeId.length]);
                const { items } = await context.shelves.list({ where: { crate: other.id } });
                await context.shelves.updateMany(items.map(({ id }) => ({ id, crate: survivor.id })));
                return [{ seats: (survivor.seats ?? 0) + (other.seats ?? 0) }];
              },
            },
          },
        });
        const crm = await createCrm({ ...(await bench.options()), plugins: [shelves] });
        await crm.users.create({ id: "ann", name: "Ann" });
        await crm.teams.createMany([
          { id: "t1", name: "One" },
          { id: "t2", name: "Two", managerId: "ann" },
        ]);
        await crm.shelves.seat("t1", 2);
        await crm.shelves.seat("t2", 3);
        await crm.shelves.create({ id: "x", crate: "t2" });
        const { record } = await crm.teams.merge("t1", "t2", { values: { name: "Both" } });
        expect(record).toMatchObject({ name: "Both", managerId: "ann", seats: 5 });
        expect(seen).toEqual([["t1", "t2", { name: "Both", managerId: "ann" }, 36]]);
        expect(await crm.shelves.get("x")).toMatchObject({ crate: "t1" });
        await crm.teams.create({ id: "t3", name: "Three" });
        const taken = crm.teams.merge("t1", "t3", { take: { seats: "other" } as never });
        expect(await failure(taken)).toMatchObject({
          code: "invalid_input",
          details: { issues: [{ field: "seats", code: "read_only_field" }] },
        });
      },
    ),
    crmFact("is undone whole where a hook refuses it or gives nonsense", async (bench) => {
      let answer: () => unknown = () => undefined;
      const guard = definePlugin({
        id: "guard",
        errors: { kept_apart: "Teams of {country} are kept apart." },
        hooks: {
          team: {
            async merging(context, [merge]) {
              await context.users.create({ id: `clerk of ${merge!.other.id}`, name: "Clerk" });
              if (merge!.other.name === "apart") throw context.error("kept_apart", { country: "Wales" });
              return answer() as never;
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [guard] });
      await crm.teams.createMany([
        { id: "t1", name: "One" },
        { id: "t2", name: "apart" },
        { id: "t3", name: "Three" },
      ]);
      expect(await failure(crm.teams.merge("t1", "t2"))).toMatchObject({ code: "kept_apart" });
      for (const [value, code] of [
        ["yes", "hook_invalid"],
        [[{}, {}], "hook_invalid"],
        [[{ name: 7 }], "invalid_input"],
        [[{ version: 9 }], "invalid_input"],
      ] as const) {
        answer = () => value;
        expect((await failure(crm.teams.merge("t1", "t3"))) as { code?: string }).toMatchObject({ code });
      }
      expect([await crm.teams.count(), await crm.users.count(), await crm.merges.count()]).toEqual([3, 0, 0]);
      answer = () => [undefined];
      await crm.teams.merge("t1", "t3");
      expect([await crm.teams.count(), await crm.users.count(), await crm.merges.count()]).toEqual([2, 1, 1]);
    }),
    crmFact("asks the hooks of what is moved, dropped and deleted as any other write", async (bench) => {
      const seen: string[] = [];
      const watcher = definePlugin({
        id: "watcher",
        hooks: {
          team: {
            beforeDelete: async (_, batch) => void seen.push(`going ${batch.map(({ before }) => before.id).join()}`),
            after: async (_, batch) =>
              void seen.push(`team ${batch.map(({ before, after }) => (after ?? before)!.id).join()}`),
          },
          user: {
            after: async (_, batch) => void seen.push(`users ${batch.map(({ after }) => after?.teamId).join()}`),
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [watcher] });
      await crm.teams.createMany([
        { id: "t1", name: "One" },
        { id: "t2", name: "Two" },
      ]);
      await crm.users.createMany([
        { id: "ann", name: "Ann", teamId: "t2" },
        { id: "bob", name: "Bob", teamId: "t2" },
      ]);
      seen.length = 0;
      await crm.teams.merge("t1", "t2");
      expect(seen).toEqual(["going t2", "users t1,t1", "team t2"]);
    }),
    crmFact("happens once, when it is asked for twice at the same time", async (bench) => {
      const crm = await openTangled(bench);
      await twoCrates(crm);
      await crm.samples.createMany([
        { id: "s1", crateId: "c1" },
        { id: "s2", crateId: "c2" },
      ]);
      const results = await Promise.allSettled([crm.crates.merge("c1", "c2"), crm.crates.merge("c2", "c1")]);
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const { survivorId } = (await crm.merges.find({}))!;
      expect(await idsOf(crm.crates.list())).toBe(`${survivorId} c3`);
      expect(await crm.samples.count({ where: { crateId: survivorId } })).toBe(2);
    }),
    crmFact("inside of a unit is part of it", async (bench) => {
      const crm = await openTangled(bench);
      await twoCrates(crm);
      await crm.samples.create({ id: "s1", crateId: "c2" });
      const before = await everything(crm);
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        await tx.crates.merge("c1", "c2");
        expect(await tx.samples.get("s1")).toMatchObject({ crateId: "c1" });
        expect(await tx.merges.count()).toBe(1);
        throw undone;
      });
      await expect(unit).rejects.toBe(undone);
      expect(await everything(crm)).toEqual(before);
      expect(await crm.merges.count()).toBe(0);
    }),
    crmFact("is refused in the past, and dated after the last change of both", async (bench) => {
      const crm = await openTangled(bench);
      const early = new Date("2026-02-01T00:00:00Z");
      await crm.at(new Date("2026-01-01T00:00:00Z")).crates.createMany([{ id: "c1" }, { id: "c2" }]);
      await crm.at(new Date("2026-01-01T00:00:00Z")).samples.create({ id: "s1", crateId: "c2" });
      await crm.at(new Date("2026-03-01T00:00:00Z")).crates.create({ id: "c3" });
      expect((await refused(crm.asOf(early).crates.merge("c1", "c2"))).code).toBe("past_is_read_only");
      expect((await refused(crm.asOf(early).crates.unmerge(nowhere))).code).toBe("past_is_read_only");
      expect((await refused(crm.at(early).crates.merge("c3", "c2"))).code).toBe("backdated_before_change");
      const { mergeId } = await crm.at(early).crates.merge("c1", "c2");
      expect(await crm.merges.get(mergeId)).toMatchObject({ mergedAt: early });
      expect(await crm.asOf(new Date("2026-01-15T00:00:00Z")).samples.get("s1")).toMatchObject({ crateId: "c2" });
      expect(await crm.asOf(early).samples.get("s1")).toMatchObject({ crateId: "c1" });
    }),
    crmFact("tells where a record went, one merge after another", async (bench) => {
      const crm = await openTangled(bench);
      await twoCrates(crm);
      await crm.crates.merge("c2", "c3");
      await crm.crates.merge("c1", "c2");
      const went = async (otherId: string) =>
        (await crm.merges.find({ where: { entityType: "crate", otherId } }))?.survivorId;
      expect([await went("c3"), await went("c2"), await went("c1")]).toEqual(["c2", "c1", undefined]);
    }),
    crmFact("is of one tenant", async (bench) => {
      const crm = await openTangled(bench);
      const other = crm.as({ tenantId: "t2" });
      await twoCrates(crm);
      await other.crates.createMany([{ id: "c2" }, { id: "d1" }]);
      await other.samples.create({ id: "s1", crateId: "c2" });
      await other.marks.create({ id: "t1", kind: "crate", target: "c2" });
      expect((await refused(crm.crates.merge("c1", "d1"))).code).toBe("not_found");
      const { mergeId } = await crm.crates.merge("c1", "c2");
      expect(await other.samples.get("s1")).toMatchObject({ crateId: "c2", version: 1 });
      expect(await other.marks.get("t1")).toMatchObject({ target: "c2", version: 1 });
      expect(await other.merges.count()).toBe(0);
      expect((await refused(other.crates.unmerge(mergeId))).code).toBe("not_found");
    }),
    crmFact("of records that only operations write is for operations", async (bench) => {
      const crm = await openTangled(bench);
      expect((await refused(crm.opportunityStageEntries.merge(nowhere, nowhere))).code).toBe("read_only_entity");
      expect((await refused(crm.merges.merge(nowhere, nowhere))).code).toBe("read_only_entity");
      expect((await refused(crm.merges.create({} as never))).code).toBe("read_only_entity");
    }),
    crmFact("moves ten thousand records with a bounded number of calls to the storage", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }]);
      await crm.samples.createMany(idsTo(10_000, "s").map((id) => ({ id, crateId: "c2" })));
      const before = { ...calls };
      const { mergeId } = await crm.crates.merge("c1", "c2");
      expect([calls.find - before.find < 40, calls.write - before.write]).toEqual([true, 3]);
      expect(await crm.samples.count({ where: { crateId: "c1" } })).toBe(10_000);
      const then = { ...calls };
      await crm.crates.unmerge(mergeId);
      expect([calls.find - then.find < 40, calls.write - then.write]).toEqual([true, 3]);
      expect(await crm.samples.count({ where: { crateId: "c2" } })).toBe(10_000);
    }),
  ],
};
