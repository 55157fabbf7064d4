/** New references are to records that are there: not archived, and not before they existed. */
import { expect } from "vitest";
import { failure } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";

const january = new Date("2026-01-01T00:00:00Z");
const march = new Date("2026-03-01T00:00:00Z");

export const liveReferences: CrmSuite = {
  name: "new references",
  facts: [
    crmFact("are refused to an archived record, by every kind of write, and nothing is written", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }]);
      await crm.samples.create({ id: "s1", crateId: "c2" });
      await crm.crates.archive("c1");
      const writes: (() => Promise<unknown>)[] = [
        () => crm.samples.create({ id: "s2", crateId: "c1" }),
        () => crm.samples.createMany([{ id: "s2" }, { id: "s3", crateId: "c1" }]),
        () => crm.samples.update("s1", { crateId: "c1" }),
        () => crm.samples.updateMany([{ id: "s1", crateId: "c1" }]),
        () => crm.samples.upsert({ id: "s1", crateId: "c1" }, { by: "id" }),
        () => crm.transaction((tx) => tx.samples.create({ id: "s2", crateId: "c1" })),
      ];
      for (const write of writes) {
        expect(await failure(write())).toMatchObject({
          code: "reference_archived",
          details: { entity: "sample", field: "crateId", reference: "c1" },
        });
      }
      expect(await crm.samples.count()).toBe(1);
      expect(await crm.samples.get("s1")).toMatchObject({ version: 1, crateId: "c2" });
      await crm.crates.restore("c1");
      expect(await crm.samples.update("s1", { crateId: "c1" })).toMatchObject({ version: 2 });
    }),
    crmFact("stay where they are when their target is archived, and other fields change freely", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      await crm.samples.create({ id: "s1", crateId: "c1" });
      await crm.crates.archive("c1");
      expect(await crm.samples.update("s1", { part: 2 })).toMatchObject({ crateId: "c1", version: 2 });
      expect(await crm.samples.update("s1", { part: 3, crateId: "c1" })).toMatchObject({ crateId: "c1", version: 3 });
    }),
    crmFact("are refused at an instant at which the target did not exist yet", async (bench) => {
      const crm = await bench.open();
      await crm.at(march).crates.create({ id: "c1" });
      await crm.at(january).samples.create({ id: "s1" });
      for (const write of [
        () => crm.at(january).samples.create({ id: "s2", crateId: "c1" }),
        () => crm.at(january).samples.update("s1", { crateId: "c1" }),
      ]) {
        expect(await failure(write())).toMatchObject({
          code: "reference_not_found",
          details: { entity: "sample", field: "crateId", reference: "c1", at: january },
        });
      }
      expect(await crm.samples.count()).toBe(1);
      expect(await crm.at(march).samples.update("s1", { crateId: "c1" })).toMatchObject({ version: 2 });
    }),
    crmFact("are found among the records of one write", async (bench) => {
      const crm = await bench.open();
      const created = await crm.crates.createMany([{ id: "c2", outerId: "c1" }, { id: "c1" }]);
      expect(created.map(({ outerId }) => outerId)).toEqual(["c1", null]);
    }),
    crmFact("to records of another tenant or to none are refused alike", async (bench) => {
      const crm = await bench.open();
      const other = crm.as({ tenantId: "t2" });
      await other.crates.create({ id: "c1" });
      await other.crates.archive("c1");
      for (const crateId of ["c1", "c9"]) {
        expect(await failure(crm.samples.create({ id: "s1", crateId }))).toMatchObject({
          code: "reference_not_found",
          details: { entity: "sample", field: "crateId" },
        });
      }
    }),
    crmFact("let a delete be dated like any other change, and not before the last one", async (bench) => {
      const crm = await bench.open();
      await crm.at(march).crates.create({ id: "c1" });
      expect(await failure(crm.at(january).crates.delete("c1"))).toMatchObject({ code: "backdated_before_change" });
      await crm.at(march).crates.delete("c1");
      expect(await crm.crates.count()).toBe(0);
    }),
  ],
};
