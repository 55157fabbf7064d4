/** delete: what refers to a record keeps it, goes with it, or lets go of it. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { codesOf, type SampleCrm } from "./sample-crm.ts";

const ids = async (list: Promise<{ readonly items: readonly { readonly id: string }[] }>) =>
  (await list).items.map(({ id }) => id).join(" ");

async function specimen(crm: SampleCrm, code: string): Promise<string> {
  return (await crm.specimens.find({ where: { code } }))!.id;
}

export const deletions: CrmSuite = {
  name: "deletions",
  facts: [
    crmFact("take the record out of every read, and leave its id to be used again", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      await crm.crates.delete("c1");
      expect(await refused(crm.crates.get("c1"))).toEqual({ code: "not_found", entity: "crate" });
      expect(await refused(crm.crates.delete("c1"))).toEqual({ code: "not_found", entity: "crate" });
      expect(await refused(crm.specimens.delete("nonsense"))).toEqual({ code: "not_found", entity: "specimen" });
      expect(await crm.crates.create({ id: "c1" })).toMatchObject({ version: 2 });
    }),
    crmFact("are refused with a stale version, naming both", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      await crm.crates.update("c1", { label: "x" });
      await expect(crm.crates.delete("c1", { version: 1 })).rejects.toMatchObject({
        code: "stale_version",
        details: { entity: "crate", id: "c1", expected: 1, actual: 2 },
      });
      expect(await crm.crates.count()).toBe(1);
      await crm.crates.delete("c1", { version: 2 });
      expect(await crm.crates.count()).toBe(0);
    }),
    crmFact("of many are all or nothing, and take what refers to each other together", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }, { id: "c3" }]);
      await crm.samples.createMany(Array.from({ length: 500 }, (_, i) => ({ id: `s${i}`, crateId: "c1" })));
      expect(await refused(crm.crates.deleteMany(["c2", "c1"]))).toMatchObject({ code: "still_referenced" });
      expect(await refused(crm.crates.deleteMany(["c2", "c9"]))).toEqual({ code: "not_found", entity: "crate" });
      expect(await refused(crm.crates.deleteMany(["c2", "c2"]))).toMatchObject({ code: "invalid_input", field: "id" });
      expect(await refused(crm.crates.deleteMany("c2" as never))).toMatchObject({ code: "invalid_input" });
      expect(await refused(crm.crates.deleteMany([7 as never]))).toMatchObject({ code: "invalid_input", field: "id" });
      expect([await crm.crates.count(), await crm.samples.count()]).toEqual([3, 500]);
      await crm.crates.deleteMany([]);
      const before = calls.write;
      await crm.samples.deleteMany(Array.from({ length: 500 }, (_, i) => `s${i}`));
      expect(calls.write - before).toBe(1);
      await crm.crates.deleteMany(["c1", "c3"]);
      expect([await ids(crm.crates.list()), await crm.samples.count()]).toEqual(["c2", 0]);
      expect(await refused(crm.samples.restore("s7"))).toMatchObject({ code: "reference_not_found", field: "crateId" });
      expect(await crm.samples.count()).toBe(0);
      await crm.crates.restore("c1");
      await crm.samples.restore("s7");
      expect([await crm.crates.count(), await crm.samples.count()]).toEqual([2, 1]);
    }),
    crmFact("are refused while a record refers to it, naming the entity, the field and how many", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      await crm.samples.createMany([
        { id: "s1", crateId: "c1" },
        { id: "s2", crateId: "c1" },
      ]);
      await expect(crm.crates.delete("c1")).rejects.toMatchObject({
        code: "still_referenced",
        details: { entity: "sample", field: "crateId", id: "c1", count: 2 },
      });
      await crm.samples.archive("s1");
      await crm.samples.update("s2", { crateId: null });
      await expect(crm.crates.delete("c1")).rejects.toMatchObject({ code: "still_referenced", details: { count: 1 } });
      await crm.samples.delete("s1");
      await crm.crates.delete("c1");
      expect(await ids(crm.samples.list())).toBe("s2");
    }),
    crmFact("cascade over several levels and entities, and spare what is elsewhere", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([
        { id: "c1" },
        { id: "c2", outerId: "c1" },
        { id: "c3", outerId: "c2" },
        { id: "c4" },
      ]);
      await crm.specimens.createMany([
        { code: "a", crateId: "c3" },
        { code: "b", crateId: "c1" },
        { code: "c", crateId: "c4" },
      ]);
      await crm.samples.createMany([
        { id: "s1", specimenId: await specimen(crm, "a") },
        { id: "s2", specimenId: await specimen(crm, "c") },
      ]);
      await crm.crates.delete("c1");
      expect(await ids(crm.crates.list())).toBe("c4");
      expect(codesOf((await crm.specimens.list()).items)).toBe("c");
      expect(await ids(crm.samples.list())).toBe("s2");
    }),
    crmFact("detach, with a version of its own for each record that lets go", async (bench) => {
      const crm = await bench.open();
      await crm.users.create({ id: "una", name: "Una" });
      await crm.samples.createMany([{ id: "s1", labId: "una" }, { id: "s2", labId: "una" }, { id: "s3" }]);
      bench.clock.set("2026-06-16T08:00:00Z");
      await crm.as({ actorId: "bob" }).users.delete("una");
      const page = await crm.samples.list();
      expect(page.items.map(({ id, labId, version, updatedBy }) => [id, labId, version, updatedBy])).toEqual([
        ["s1", null, 2, "bob"],
        ["s2", null, 2, "bob"],
        ["s3", null, 1, null],
      ]);
      expect(page.items[0]!.updatedAt).toEqual(new Date("2026-06-16T08:00:00Z"));
    }),
    crmFact("detach a record that refers to the same entity, and one that refers to itself", async (bench) => {
      const crm = await bench.open();
      const [a] = await crm.specimens.createMany([{ code: "a" }, { code: "b" }]);
      await crm.specimens.update(await specimen(crm, "b"), { twinId: a!.id });
      await crm.specimens.update(a!.id, { twinId: a!.id });
      await crm.specimens.delete(a!.id);
      expect(await crm.specimens.find({})).toMatchObject({ code: "b", twinId: null, version: 3 });
      expect(await crm.specimens.count()).toBe(1);
    }),
    crmFact("take along a crate that is in itself, and crates in a ring", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c0", outerId: "c0" });
      await crm.crates.delete("c0");
      await crm.crates.createMany([
        { id: "c1", outerId: "c3" },
        { id: "c2", outerId: "c1" },
        { id: "c3", outerId: "c2" },
      ]);
      await crm.crates.delete("c2");
      expect(await crm.crates.count()).toBe(0);
    }),
    crmFact("go through a ring of two entities", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      const a = await crm.specimens.create({ code: "a", crateId: "c1" });
      await crm.crates.create({ id: "c2", keyId: a.id });
      const b = await crm.specimens.create({ code: "b", crateId: "c2" });
      await crm.crates.update("c1", { keyId: b.id });
      await crm.crates.create({ id: "c3", keyId: b.id });
      await crm.crates.create({ id: "c4" });
      await crm.crates.delete("c1");
      expect(await ids(crm.crates.list())).toBe("c4");
      expect(await crm.specimens.count()).toBe(0);
    }),
    crmFact("are not refused for a record that would go too, found before or after", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([{ id: "c1" }, { id: "c2", outerId: "c1" }]);
      const [a] = await crm.specimens.createMany([
        { code: "a", crateId: "c1" },
        { code: "b", crateId: "c2" },
      ]);
      await crm.samples.createMany([
        { id: "s1", specimenId: a!.id, crateId: "c1" },
        { id: "s2", specimenId: await specimen(crm, "b"), crateId: "c1" },
      ]);
      await crm.crates.delete("c1");
      expect([await crm.crates.count(), await crm.specimens.count(), await crm.samples.count()]).toEqual([0, 0, 0]);
    }),
    crmFact("are refused for a record deep in a cascade, and then nothing is gone or detached", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([{ id: "c1" }, { id: "c2", outerId: "c1" }]);
      const a = await crm.specimens.create({ code: "a", crateId: "c1" });
      const twin = await crm.specimens.create({ code: "b", twinId: a.id });
      await crm.samples.create({ id: "s1", crateId: "c2" });
      await expect(crm.crates.delete("c1")).rejects.toMatchObject({
        code: "still_referenced",
        details: { entity: "sample", field: "crateId", id: "c1", count: 1 },
      });
      expect([await crm.crates.count(), await crm.specimens.count()]).toEqual([2, 2]);
      expect(await crm.specimens.get(twin.id)).toMatchObject({ twinId: a.id, version: 1 });
    }),
    crmFact("take along a record that would let go of one and is held by another", async (bench) => {
      const crm = await bench.open();
      const a = await crm.specimens.create({ code: "a" });
      await crm.crates.create({ id: "c1", keyId: a.id });
      await crm.specimens.create({ code: "b", crateId: "c1", twinId: a.id });
      await crm.specimens.create({ code: "c", twinId: a.id });
      await crm.specimens.delete(a.id);
      expect((await crm.specimens.list()).items.map(({ code, twinId, version }) => [code, twinId, version])).toEqual([
        ["c", null, 2],
      ]);
      expect(await crm.crates.count()).toBe(0);
    }),
    crmFact("inside of a unit are undone with it", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([{ id: "c1" }, { id: "c2", outerId: "c1" }]);
      await crm
        .transaction(async (tx) => {
          await tx.crates.delete("c1");
          expect(await tx.crates.count()).toBe(0);
          throw new Error("no");
        })
        .catch(() => {});
      expect(await ids(crm.crates.list())).toBe("c1 c2");
    }),
    crmFact("that are refused do not fail the unit they are in", async (bench) => {
      const crm = await bench.open();
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1" });
        await tx.samples.create({ id: "s1", crateId: "c1" });
        expect(await refused(tx.crates.delete("c1"))).toEqual({
          code: "still_referenced",
          entity: "sample",
          field: "crateId",
        });
        await tx.samples.delete("s1");
        await tx.crates.delete("c1");
      });
      expect(await crm.crates.count()).toBe(0);
    }),
    crmFact("of the domain keep accounts that have contacts, and free users of what they owned", async (bench) => {
      const crm = await bench.open();
      await crm.users.create({ id: "una", name: "Una" });
      const account = await crm.accounts.create({ name: "Acme", ownerId: "una" });
      await crm.contacts.create({ givenName: "Ann", accountId: account.id });
      const deal = await crm.opportunities.create({ name: "Deal", accountId: account.id });
      expect(await refused(crm.accounts.delete(account.id))).toMatchObject({ code: "still_referenced" });
      await crm.users.delete("una");
      expect(await crm.accounts.get(account.id)).toMatchObject({ ownerId: null, version: 2 });
      expect(await crm.opportunityStageEntries.count()).toBe(1);
      await crm.opportunities.delete(deal.id);
      expect(await crm.opportunityStageEntries.count()).toBe(0);
    }),
  ],
};
