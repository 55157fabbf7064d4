/** History of a record: the audit trail, and what is brought back from it. */
import { createCrm } from "@relata/core";
import { defineEntity, reference } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { codesOf, type SampleCrm } from "./sample-crm.ts";

const day = (date: string) => new Date(`2026-06-${date}T10:00:00Z`);
const noon = (date: string) => `2026-06-${date}T10:00:00Z`;

async function withVersions(bench: CrmBench): Promise<SampleCrm> {
  const crm = await bench.open();
  bench.clock.set(noon("10"));
  await crm.as({ actorId: "ann" }).crates.create({ id: "c1", label: "first" });
  bench.clock.set(noon("11"));
  await crm.as({ actorId: "ben" }).crates.update("c1", { label: "second" });
  bench.clock.set(noon("12"));
  await crm.crates.archive("c1");
  bench.clock.set(noon("13"));
  await crm.crates.restore("c1");
  bench.clock.set(noon("14"));
  return crm;
}

export const versions: CrmSuite = {
  name: "versions of a record",
  facts: [
    crmFact("are told with what changed, when and by whom", async (bench) => {
      const crm = await withVersions(bench);
      await crm.as({ actorId: "eve" }).crates.delete("c1");
      bench.clock.set(noon("15"));
      await crm.crates.restore("c1");
      const trail = await crm.crates.history("c1");
      expect(trail.map(({ kind, version, at, by }) => [kind, version, at, by])).toEqual([
        ["created", 1, day("10"), "ann"],
        ["updated", 2, day("11"), "ben"],
        ["archived", 3, day("12"), null],
        ["restored", 4, day("13"), null],
        ["deleted", 4, day("14"), "eve"],
        ["restored", 5, day("15"), null],
      ]);
      expect(trail.map(({ changes }) => changes)).toEqual([
        [{ field: "label", before: null, after: "first" }],
        [{ field: "label", before: "first", after: "second" }],
        [],
        [],
        [],
        [],
      ]);
      expect(trail[0]?.record).toMatchObject({ id: "c1", label: "first", version: 1 });
      expect(trail[2]?.record.archivedAt).toEqual(day("12"));
    }),
    crmFact("are told of a deleted record, and at an instant only those up to it", async (bench) => {
      const crm = await withVersions(bench);
      await crm.crates.delete("c1");
      expect((await crm.crates.history("c1")).map(({ kind }) => kind).at(-1)).toBe("deleted");
      expect((await crm.asOf(day("11")).crates.history("c1")).map(({ version }) => version)).toEqual([1, 2]);
    }),
    crmFact("hold money, days and instants as records do", async (bench) => {
      const crm = await bench.open();
      const { id } = await crm.specimens.create({ code: "a", price: { amount: "1.50", currency: "EUR" } });
      bench.clock.set(noon("16"));
      await crm.specimens.update(id, { price: { amount: "2.00", currency: "USD" }, seenAt: day("10") });
      expect((await crm.specimens.history(id))[1]?.changes).toEqual([
        { field: "price", before: { amount: "1.50", currency: "EUR" }, after: { amount: "2.00", currency: "USD" } },
        { field: "seenAt", before: null, after: day("10") },
      ]);
    }),
    crmFact("are those of one tenant, and not_found for any other id", async (bench) => {
      const crm = await withVersions(bench);
      expect(await refused(crm.as({ tenantId: "t2" }).crates.history("c1"))).toEqual({
        code: "not_found",
        entity: "crate",
      });
      expect(await refused(crm.crates.history("c9"))).toEqual({ code: "not_found", entity: "crate" });
      expect(await failure(crm.crates.history(5 as never))).toMatchObject({ code: "invalid_input" });
      expect(await failure(crm.erasures.history("00000000-0000-7000-8000-000000000000"))).toMatchObject({
        code: "no_history",
      });
    }),
    crmFact("count on when an id that was deleted is taken again", async (bench) => {
      const crm = await withVersions(bench);
      await crm.crates.delete("c1");
      bench.clock.set(noon("15"));
      expect(await crm.crates.create({ id: "c1", label: "again" })).toMatchObject({ version: 5, label: "again" });
      await crm.crates.update("c1", { label: "and again" });
      expect((await crm.crates.history("c1")).map(({ kind, version }) => `${kind} ${version}`)).toEqual([
        "created 1",
        "updated 2",
        "archived 3",
        "restored 4",
        "deleted 4",
        "restored 5",
        "updated 6",
      ]);
      await crm.crates.delete("c1");
      expect(await failure(crm.at(day("13")).crates.create({ id: "c1" }))).toMatchObject({
        code: "backdated_before_change",
      });
      expect((await crm.crates.upsert({ id: "c1", label: "upserted" }, { by: "id" })).record.version).toBe(7);
    }),
    crmFact("are reverted to by a new version, under the rules of any update", async (bench) => {
      const crm = await withVersions(bench);
      const reverted = await crm.as({ actorId: "eve" }).crates.revert("c1", 1);
      expect(reverted).toMatchObject({ label: "first", version: 5, updatedBy: "eve", archivedAt: null });
      expect(await crm.crates.revert("c1", 5)).toMatchObject({ version: 5 });
      expect(await refused(crm.crates.revert("c1", 9))).toEqual({ code: "not_found", entity: "crate" });
      expect(await refused(crm.crates.revert("c9", 1))).toEqual({ code: "not_found", entity: "crate" });
      expect(await failure(crm.crates.revert("c1", 2, { version: 4 }))).toMatchObject({ code: "stale_version" });
      for (const version of ["1", 1.5, null, undefined]) {
        expect(await failure(crm.crates.revert("c1", version as never))).toMatchObject({ code: "invalid_input" });
      }
    }),
    crmFact("are not reverted to where operations alone write what differs", async (bench) => {
      const crm = await bench.open();
      const deal = await crm.opportunities.create({ name: "Deal" });
      await crm.opportunities.moveTo(deal.id, "proposal");
      expect(await failure(crm.opportunities.revert(deal.id, 1))).toMatchObject({
        code: "invalid_input",
        details: { entity: "opportunity", field: "stageId", issues: [{ code: "read_only_field" }] },
      });
      expect((await crm.opportunities.get(deal.id)).version).toBe(2);
    }),
    crmFact("come back from a deletion with everything that went along", async (bench) => {
      const crm = await bench.open();
      bench.clock.set(noon("10"));
      await crm.crates.create({ id: "c1" });
      const [a, b] = await crm.specimens.createMany([{ code: "a", crateId: "c1" }, { code: "b" }]);
      await crm.specimens.update(b!.id, { twinId: a!.id });
      await crm.samples.create({ id: "s1", specimenId: a!.id });
      bench.clock.set(noon("11"));
      await crm.crates.delete("c1");
      expect(await crm.specimens.get(b!.id)).toMatchObject({ twinId: null, version: 3 });
      bench.clock.set(noon("12"));
      await crm.crates.restore("c1");
      expect(codesOf((await crm.specimens.list({ where: { crateId: "c1" } })).items)).toBe("a");
      expect(await crm.samples.get("s1")).toMatchObject({ specimenId: a!.id, version: 2 });
      expect(await crm.specimens.get(b!.id)).toMatchObject({ twinId: a!.id, version: 4 });
      expect(await crm.asOf(day("11")).specimens.count()).toBe(1);
      expect(await crm.asOf(day("12")).specimens.count()).toBe(2);
    }),
    crmFact("come back without what was deleted at another time", async (bench) => {
      const crm = await bench.open();
      bench.clock.set(noon("10"));
      await crm.crates.create({ id: "c1" });
      const [a] = await crm.specimens.createMany([
        { code: "a", crateId: "c1" },
        { code: "b", crateId: "c1" },
      ]);
      bench.clock.set(noon("11"));
      await crm.specimens.delete(a!.id);
      bench.clock.set(noon("12"));
      await crm.crates.delete("c1");
      await crm.crates.restore("c1");
      expect(codesOf((await crm.specimens.list()).items)).toBe("b");
    }),
    crmFact("come back without what had left them at the very instant of the deletion", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      const a = await crm.specimens.create({ code: "a", crateId: "c1" });
      await crm.transaction(async (tx) => {
        await tx.specimens.update(a.id, { crateId: null });
        await tx.crates.delete("c1");
      });
      await crm.specimens.delete(a.id);
      await crm.crates.restore("c1");
      expect(await crm.specimens.count()).toBe(0);
      expect(await crm.specimens.restore(a.id)).toMatchObject({ crateId: null, version: 3 });
    }),
    crmFact("come back with what went along, also where that was changed by a clock that is ahead", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      const [a, b] = await crm.specimens.createMany([{ code: "a", crateId: "c1" }, { code: "b" }]);
      bench.clock.set("2026-06-15T10:00:05Z");
      await crm.specimens.update(a!.id, { note: "ahead" });
      await crm.specimens.update(b!.id, { twinId: a!.id });
      bench.clock.set("2026-06-15T10:00:01Z");
      await crm.crates.delete("c1");
      bench.clock.set("2026-06-15T10:01:00Z");
      await crm.crates.restore("c1");
      expect(await crm.specimens.get(a!.id)).toMatchObject({ crateId: "c1", note: "ahead", version: 3 });
      expect(await crm.specimens.get(b!.id)).toMatchObject({ twinId: a!.id, version: 4 });
    }),
    crmFact("come back without a reference that may be cleared, when its target is gone", async (bench) => {
      const crm = await bench.open();
      await crm.users.create({ id: "u1", name: "Ann" });
      const account = await crm.accounts.create({ name: "Acme", ownerId: "u1" });
      await crm.accounts.delete(account.id);
      await crm.users.delete("u1");
      expect(await crm.accounts.restore(account.id)).toMatchObject({ ownerId: null, version: 2 });
    }),
    crmFact("come back with every reference that one record had to them, in one version of it", async (bench) => {
      const pair = defineEntity("pair", {
        plural: "pairs",
        ids: "app",
        fields: {
          leftId: reference("team", { inverse: "lefts", onDelete: "detach" }).optional(),
          rightId: reference("team", { inverse: "rights", onDelete: "detach" }).optional(),
        },
      });
      const crm = await createCrm({ ...(await bench.options()), entities: [pair] });
      await crm.teams.create({ id: "t1", name: "A" });
      await crm.pairs.create({ id: "p1", leftId: "t1", rightId: "t1" });
      await crm.teams.delete("t1");
      expect(await crm.pairs.get("p1")).toMatchObject({ leftId: null, rightId: null, version: 2 });
      await crm.teams.restore("t1");
      expect(await crm.pairs.get("p1")).toMatchObject({ leftId: "t1", rightId: "t1", version: 3 });
    }),
    crmFact(
      "come back with the references to them that nobody has changed since, whatever else was written",
      async (bench) => {
        const crm = await bench.open();
        const [a, b, c, d] = await crm.specimens.createMany(["a", "b", "c", "d"].map((code) => ({ code })));
        for (const { id } of [b!, c!, d!]) await crm.specimens.update(id, { twinId: a!.id });
        await crm.specimens.delete(a!.id);
        await crm.specimens.update(b!.id, { note: "written since" });
        await crm.specimens.update(c!.id, { twinId: b!.id });
        await crm.specimens.update(d!.id, { twinId: b!.id });
        await crm.specimens.update(d!.id, { twinId: null });
        await crm.specimens.restore(a!.id);
        const twins = await Promise.all([b, c, d].map(async (each) => (await crm.specimens.get(each!.id)).twinId));
        expect(twins).toEqual([a!.id, b!.id, null]);
      },
    ),
    crmFact("come back to what their targets were merged into, and to these when that is undone", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }, { id: "c3" }]);
      const a = await crm.specimens.create({ code: "a", crateId: "c2" });
      await crm.samples.createMany([
        { id: "s1", crateId: "c2" },
        { id: "s2", specimenId: a.id, crateId: "c2" },
      ]);
      await crm.samples.delete("s1");
      await crm.specimens.delete(a.id);
      const first = await crm.crates.merge("c1", "c2");
      const second = await crm.crates.merge("c3", "c1");
      expect(await crm.samples.restore("s1")).toMatchObject({ crateId: "c3", version: 2 });
      expect(await crm.specimens.restore(a.id)).toMatchObject({ crateId: "c3", version: 2 });
      expect(await crm.samples.get("s2")).toMatchObject({ specimenId: a.id, crateId: "c3" });
      await crm.crates.unmerge(second.mergeId);
      expect((await crm.samples.get("s1")).crateId).toBe("c1");
      expect((await crm.crates.unmerge(first.mergeId)).left).toEqual([]);
      expect((await crm.samples.list({ orderBy: [{ id: "asc" }] })).items.map(({ crateId }) => crateId)).toEqual([
        "c2",
        "c2",
      ]);
      expect((await crm.specimens.get(a.id)).crateId).toBe("c2");
    }),
    crmFact("come back archived, with the references to them, where they were archived before", async (bench) => {
      const crm = await bench.open();
      await crm.users.create({ id: "u1", name: "Ann" });
      const account = await crm.accounts.create({ name: "Acme", ownerId: "u1" });
      await crm.users.archive("u1");
      await crm.users.delete("u1");
      expect(await crm.users.restore("u1")).toMatchObject({ archivedAt: expect.any(Date), version: 3 });
      expect(await crm.accounts.get(account.id)).toMatchObject({ ownerId: "u1", version: 3 });
    }),
    crmFact("do not come back where a rule or a reference stands in the way, and nothing changes", async (bench) => {
      const crm = await bench.open();
      const a = await crm.specimens.create({ code: "a" });
      await crm.specimens.delete(a.id);
      await crm.specimens.create({ code: "a" });
      expect(await refused(crm.specimens.restore(a.id))).toEqual({
        code: "not_unique",
        entity: "specimen",
        field: "code",
      });
      await crm.crates.create({ id: "c1" });
      await crm.samples.create({ id: "s1", crateId: "c1" });
      await crm.samples.delete("s1");
      await crm.crates.delete("c1");
      expect(await refused(crm.samples.restore("s1"))).toEqual({
        code: "reference_not_found",
        entity: "sample",
        field: "crateId",
      });
      expect(await crm.samples.count({ archived: "include" })).toBe(0);
    }),
    crmFact("tell of coming back as restored, to hooks as a change of what the record was", async (bench) => {
      const crm = await bench.open();
      const heard: string[] = [];
      crm.on("crate.restored", ({ data }) => heard.push(`${data.before.version} to ${data.after.version}`));
      crm.on("crate.created", ({ recordId }) => heard.push(`created ${recordId}`));
      await crm.crates.create({ id: "c1" });
      await crm.crates.delete("c1");
      await crm.crates.restore("c1");
      expect(heard).toEqual(["created c1", "1 to 2"]);
    }),
    crmFact("are undone in the domain without running its starting rules again", async (bench) => {
      const crm = await bench.open();
      const deal = await crm.opportunities.create({ name: "Deal" });
      await crm.opportunities.moveTo(deal.id, "proposal");
      await crm.opportunities.delete(deal.id);
      expect(await crm.opportunityStageEntries.count()).toBe(0);
      const back = await crm.opportunities.restore(deal.id);
      expect(back).toMatchObject({ name: "Deal", status: "open", probability: "50", version: 3 });
      expect(await crm.opportunityStageEntries.count()).toBe(2);
      expect(await crm.opportunities.moveTo(deal.id, "won")).toMatchObject({ status: "won" });
      expect(await crm.opportunityStageEntries.count({ where: { leftAt: null } })).toBe(1);
    }),
  ],
};
