/** Pairs of fields that refer to a record of any entity. */
import { createCrm } from "@relata/core";
import { defineEntity, definePlugin, reference, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { sampleEntities } from "./sample-crm.ts";

const nowhere = "019b7ca9-8f2e-7000-8000-000000000000";
const january = new Date("2026-01-01T00:00:00Z");
const march = new Date("2026-03-01T00:00:00Z");

/** Goes with what it is stuck on. */
const sticker = defineEntity("sticker", {
  plural: "stickers",
  ids: "app",
  fields: { entityType: text(), recordId: text(), note: text().optional() },
  polymorphic: [{ type: "entityType", id: "recordId", onDelete: "cascade" }],
});

/** Keeps what it holds. */
const clamp = defineEntity("clamp", {
  plural: "clamps",
  ids: "app",
  fields: { heldType: text().optional(), heldId: text().optional() },
  polymorphic: [{ type: "heldType", id: "heldId", onDelete: "refuse" }],
});

/** Lets go of what it is about; what is about it goes with it. */
const memo = defineEntity("memo", {
  plural: "memos",
  ids: "app",
  fields: { aboutType: text().optional(), aboutId: text().optional(), words: text().optional() },
  polymorphic: [{ type: "aboutType", id: "aboutId", onDelete: "detach" }],
});

const remark = defineEntity("remark", {
  plural: "remarks",
  fields: { memoId: reference("memo", { onDelete: "cascade" }) },
});

/** Part of what it is on: only operations write it. */
const seal = defineEntity("seal", {
  plural: "seals",
  ids: "app",
  written: "operations",
  fields: { entityType: text(), recordId: text() },
  polymorphic: [{ type: "entityType", id: "recordId", onDelete: "cascade" }],
});

const sealing = definePlugin({
  id: "sealing",
  entities: [seal],
  services: (context) => ({
    seal: async (id: string, entityType: string, recordId: string) =>
      context.seals.create({ id, entityType, recordId }),
  }),
});

async function openPairs(bench: CrmBench) {
  const entities = [...sampleEntities, sticker, clamp, memo, remark];
  const crm = await createCrm({ ...(await bench.options()), plugins: [sealing], entities });
  await crm.crates.createMany([{ id: "c1" }, { id: "c2" }]);
  return crm;
}
type PairsCrm = Awaited<ReturnType<typeof openPairs>>;

const onCrate = (recordId: string) => ({ entityType: "crate", recordId });
const idsOf = async (repository: { list(): Promise<{ readonly items: readonly { readonly id: string }[] }> }) =>
  (await repository.list()).items.map(({ id }) => id).join(" ");

async function events(crm: PairsCrm, work: () => Promise<unknown>): Promise<string> {
  const heard: string[] = [];
  const stops = (["sticker.deleted", "sticker.restored", "memo.updated", "memo.deleted"] as const).map((name) =>
    crm.on(name, (event) => heard.push(`${event.name} ${event.recordId}`)),
  );
  await work();
  for (const stop of stops) stop();
  return heard.join(", ");
}

export const polymorphic: CrmSuite = {
  name: "references to a record of any entity",
  facts: [
    crmFact("are to records of the domain, of the application and of plugins", async (bench) => {
      const crm = await openPairs(bench);
      const account = await crm.accounts.create({ name: "Acme" });
      await crm.users.create({ id: "ann", name: "Ann" });
      await crm.sealing.seal("x1", "crate", "c1");
      await crm.stickers.createMany([
        { id: "s1", entityType: "account", recordId: account.id },
        { id: "s2", entityType: "user", recordId: "ann" },
        { id: "s3", entityType: "crate", recordId: "c1" },
        { id: "s4", entityType: "seal", recordId: "x1" },
      ]);
      expect(await crm.stickers.count({ where: { entityType: "user", recordId: "ann" } })).toBe(1);
      expect(await crm.stickers.count()).toBe(4);
    }),
    crmFact("are refused where there is no such record or entity, and nothing is written", async (bench) => {
      const crm = await openPairs(bench);
      const theirs = await crm.as({ tenantId: "t2" }).accounts.create({ name: "Theirs" });
      const account = await crm.accounts.create({ name: "Acme" });
      for (const [entityType, recordId] of [
        ["crate", "c9"],
        ["account", nowhere],
        ["account", "no id"],
        ["account", theirs.id],
        ["contact", account.id],
      ] as const) {
        const error = await failure(crm.stickers.create({ id: "s1", entityType, recordId }));
        expect(error).toMatchObject({
          code: "reference_not_found",
          details: { entity: "sticker", field: "recordId", reference: recordId },
        });
      }
      for (const entityType of ["crat", "", "erasure", "eventDelivery", "toString"]) {
        const error = await failure(crm.stickers.create({ id: "s1", entityType, recordId: "c1" }));
        expect(error).toMatchObject({
          code: "reference_not_found",
          details: { entity: "sticker", field: "entityType", reference: entityType },
        });
      }
      const many = crm.stickers.createMany([
        { id: "s1", ...onCrate("c1") },
        { id: "s2", ...onCrate("c9") },
      ]);
      expect(await failure(many)).toMatchObject({ code: "reference_not_found", details: { index: 1 } });
      expect(await crm.stickers.count()).toBe(0);
    }),
    crmFact("are refused by every kind of write", async (bench) => {
      const crm = await openPairs(bench);
      await crm.stickers.create({ id: "s1", ...onCrate("c1") });
      const writes: (() => Promise<unknown>)[] = [
        () => crm.stickers.update("s1", { recordId: "c9" }),
        () => crm.stickers.update("s1", { entityType: "user" }),
        () => crm.stickers.updateMany([{ id: "s1", recordId: "c9" }]),
        () => crm.stickers.upsert({ id: "s1", ...onCrate("c9") }, { by: "id" }),
        () => crm.stickers.upsert({ id: "s2", ...onCrate("c9") }, { by: "id" }),
        () => crm.transaction((tx) => tx.stickers.create({ id: "s2", ...onCrate("c9") })),
      ];
      for (const write of writes) {
        expect(await refused(write())).toMatchObject({
          code: "reference_not_found",
          entity: "sticker",
          field: "recordId",
        });
      }
      expect(await crm.stickers.get("s1")).toMatchObject({ version: 1, recordId: "c1" });
      expect(await crm.stickers.count()).toBe(1);
    }),
    crmFact("are given whole or not at all, and each half that lacks is named", async (bench) => {
      const crm = await openPairs(bench);
      await crm.clamps.create({ id: "k1" });
      await crm.clamps.create({ id: "k2", heldType: "crate", heldId: "c1" });
      for (const write of [
        () => crm.clamps.create({ id: "k3", heldType: "crate" }),
        () => crm.clamps.update("k1", { heldType: "crate" }),
        () => crm.clamps.update("k2", { heldId: null }),
      ]) {
        expect(await failure(write())).toMatchObject({
          code: "invalid_input",
          details: { entity: "clamp", issues: [{ field: "heldId", code: "missing_field" }] },
        });
      }
      const halves = crm.clamps.createMany([
        { heldId: "c1" },
        { heldType: "crate", heldId: "c1" },
        { heldType: "crate" },
      ]);
      expect(await failure(halves)).toMatchObject({
        code: "invalid_input",
        details: {
          issues: [
            { field: "heldType", index: 0 },
            { field: "heldId", index: 2 },
          ],
        },
      });
      expect(await crm.clamps.update("k2", { heldType: null, heldId: null })).toMatchObject({ heldType: null });
      expect(await crm.clamps.count()).toBe(2);
    }),
    crmFact("find their target among the records of one write, and in the unit around it", async (bench) => {
      const crm = await openPairs(bench);
      const made = await crm.stickers.createMany([
        { id: "s1", entityType: "sticker", recordId: "s2" },
        { id: "s2", entityType: "sticker", recordId: "s2" },
      ]);
      expect(made).toHaveLength(2);
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c3" });
        await tx.stickers.create({ id: "s3", ...onCrate("c3") });
        throw undone;
      });
      await expect(unit).rejects.toBe(undone);
      expect(await crm.stickers.count()).toBe(2);
    }),
    crmFact(
      "are refused to an archived record, but for what is part of it, and stay when it is archived",
      async (bench) => {
        const crm = await openPairs(bench);
        await crm.stickers.create({ id: "s1", ...onCrate("c1") });
        await crm.crates.archive("c1");
        for (const write of [
          () => crm.stickers.create({ id: "s2", ...onCrate("c1") }),
          () =>
            crm.stickers.createMany([
              { id: "s2", ...onCrate("c2") },
              { id: "s3", ...onCrate("c1") },
            ]),
        ]) {
          expect(await failure(write())).toMatchObject({
            code: "reference_archived",
            details: { entity: "sticker", field: "recordId", reference: "c1" },
          });
        }
        expect(await crm.stickers.update("s1", { note: "still" })).toMatchObject({ recordId: "c1", version: 2 });
        expect(await crm.sealing.seal("x1", "crate", "c1")).toMatchObject({ recordId: "c1" });
      },
    ),
    crmFact("are refused at an instant at which the target did not exist yet", async (bench) => {
      const crm = await openPairs(bench);
      await crm.at(march).crates.create({ id: "c3" });
      expect(await failure(crm.at(january).stickers.create({ id: "s1", ...onCrate("c3") }))).toMatchObject({
        code: "reference_not_found",
        details: { field: "recordId", reference: "c3", at: january },
      });
      expect(await crm.at(march).stickers.create({ id: "s1", ...onCrate("c3") })).toMatchObject({ version: 1 });
    }),
    crmFact("cascade, with hooks' events and history, and come back with the record", async (bench) => {
      const crm = await openPairs(bench);
      await crm.stickers.createMany([
        { id: "s1", ...onCrate("c1") },
        { id: "s2", entityType: "sticker", recordId: "s1" },
        { id: "s3", ...onCrate("c2") },
      ]);
      bench.clock.set("2026-06-15T11:00:00Z");
      expect(await events(crm, () => crm.crates.delete("c1"))).toBe("sticker.deleted s1, sticker.deleted s2");
      expect(await idsOf(crm.stickers)).toBe("s3");
      expect((await crm.stickers.history("s2")).map(({ kind }) => kind)).toEqual(["created", "deleted"]);
      expect(await idsOf(crm.asOf(new Date("2026-06-15T10:30:00Z")).stickers)).toBe("s1 s2 s3");
      expect(await events(crm, () => crm.crates.restore("c1"))).toBe("sticker.restored s1, sticker.restored s2");
      expect(await crm.stickers.get("s2")).toMatchObject({ entityType: "sticker", recordId: "s1", version: 2 });
    }),
    crmFact("refuse the deletion, and tell one record from another of the same id", async (bench) => {
      const crm = await openPairs(bench);
      await crm.users.create({ id: "c1", name: "Cee" });
      await crm.clamps.createMany([
        { id: "k1", heldType: "crate", heldId: "c1" },
        { id: "k2", heldType: "crate", heldId: "c1" },
      ]);
      await crm.users.delete("c1");
      expect(await failure(crm.crates.delete("c1"))).toMatchObject({
        code: "still_referenced",
        details: { entity: "clamp", field: "heldId", id: "c1", count: 2 },
      });
      await crm.clamps.delete("k1");
      await crm.clamps.archive("k2");
      expect(await failure(crm.crates.delete("c1"))).toMatchObject({ code: "still_referenced", details: { count: 1 } });
    }),
    crmFact("detach both fields in one version, and are attached again when the record is restored", async (bench) => {
      const crm = await openPairs(bench);
      await crm.memos.createMany([
        { id: "m1", aboutType: "crate", aboutId: "c1", words: "one" },
        { id: "m2", aboutType: "crate", aboutId: "c1" },
        { id: "m3", aboutType: "crate", aboutId: "c2" },
      ]);
      expect(await events(crm, () => crm.crates.delete("c1"))).toBe("memo.updated m1, memo.updated m2");
      expect(await crm.memos.get("m1")).toMatchObject({ aboutType: null, aboutId: null, words: "one", version: 2 });
      await crm.memos.update("m2", { aboutType: "crate", aboutId: "c2" });
      await crm.crates.restore("c1");
      expect((await crm.memos.list()).items.map(({ id, aboutId, version }) => [id, aboutId, version])).toEqual([
        ["m1", "c1", 3],
        ["m2", "c2", 3],
        ["m3", "c2", 1],
      ]);
    }),
    crmFact("of a record that comes back are cleared, kept or refused, as its target is gone by now", async (bench) => {
      const crm = await openPairs(bench);
      await crm.memos.create({ id: "m1", aboutType: "crate", aboutId: "c1" });
      await crm.stickers.create({ id: "s1", ...onCrate("c1") });
      await crm.stickers.create({ id: "s2", ...onCrate("c2") });
      await crm.memos.delete("m1");
      await crm.stickers.delete("s1");
      await crm.stickers.delete("s2");
      await crm.crates.delete("c1");
      await crm.crates.archive("c2");
      expect(await crm.memos.restore("m1")).toMatchObject({ aboutType: null, aboutId: null });
      expect(await crm.stickers.restore("s2")).toMatchObject({ recordId: "c2" });
      expect(await refused(crm.stickers.restore("s1"))).toEqual({
        code: "reference_not_found",
        entity: "sticker",
        field: "recordId",
      });
    }),
    crmFact("are erased along, also what was deleted before", async (bench) => {
      const crm = await openPairs(bench);
      await crm.stickers.createMany([
        { id: "s1", ...onCrate("c1"), note: "secret" },
        { id: "s2", ...onCrate("c1"), note: "secret" },
      ]);
      await crm.memos.create({ id: "m1", aboutType: "crate", aboutId: "c1" });
      await crm.stickers.delete("s2");
      expect(await crm.crates.erase("c1")).toMatchObject({ records: 3 });
      expect(await refused(crm.stickers.history("s1"))).toMatchObject({ code: "not_found" });
      expect(await refused(crm.stickers.history("s2"))).toMatchObject({ code: "not_found" });
      expect(await crm.memos.get("m1")).toMatchObject({ aboutId: null });
    }),
    crmFact("cascade into ordinary references", async (bench) => {
      const crm = await openPairs(bench);
      await crm.memos.create({ id: "m1" });
      await crm.remarks.create({ memoId: "m1" });
      await crm.stickers.create({ id: "s1", entityType: "memo", recordId: "m1" });
      await crm.memos.delete("m1");
      expect([await crm.remarks.count(), await crm.stickers.count()]).toEqual([0, 0]);
    }),
    crmFact("are looked up with one query for each entity, however many records are written", async (bench) => {
      const stuck = definePlugin({ id: "stuck", entities: [sticker] });
      const { crm, calls } = await bench.openCounted({ plugins: [stuck] });
      const { crates, users, stickers } = crm as unknown as PairsCrm;
      await crates.createMany([{ id: "c1" }, { id: "c2" }]);
      await users.create({ id: "ann", name: "Ann" });
      const before = calls.find;
      await stickers.createMany(
        Array.from({ length: 500 }, (_, i) =>
          i % 2 === 0 ? onCrate("c1") : { entityType: "user", recordId: "ann" },
        ).map((pair, i) => ({ id: `s${i}`, ...pair })),
      );
      // One for each of the two entities, and one for what had these ids before.
      expect(calls.find - before).toBe(3);
      expect(await stickers.count()).toBe(500);
    }),
    crmFact("of one tenant are never to another's, nor in the way of its deletions", async (bench) => {
      const crm = await openPairs(bench);
      const other = crm.as({ tenantId: "t2" });
      await other.crates.create({ id: "c1" });
      await other.clamps.create({ id: "k1", heldType: "crate", heldId: "c1" });
      await other.stickers.create({ id: "s1", ...onCrate("c1") });
      await crm.crates.delete("c1");
      expect([await other.clamps.count(), await other.stickers.count()]).toEqual([1, 1]);
    }),
    crmFact("are refused in the past", async (bench) => {
      const crm = await openPairs(bench);
      expect(await refused(crm.asOf(march).stickers.create({ id: "s1", ...onCrate("c1") }))).toMatchObject({
        code: "past_is_read_only",
      });
    }),
  ],
};
