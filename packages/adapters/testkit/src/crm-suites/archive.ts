/** Archived records are out of sight, not gone. */

import { count } from "@relata/core";
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import type { SampleCrm } from "./sample-crm.ts";

async function withArchived(bench: CrmBench): Promise<SampleCrm> {
  const crm = await bench.open();
  await crm.crates.createMany([
    { id: "c1", label: "x" },
    { id: "c2", label: "x" },
    { id: "c3", label: "y" },
  ]);
  bench.clock.set("2026-06-16T10:00:00Z");
  await crm.as({ actorId: "ann" }).crates.archive("c2");
  return crm;
}

const ids = (page: { readonly items: readonly { readonly id: string }[] }) => page.items.map(({ id }) => id).join(" ");

export const archive: CrmSuite = {
  name: "archiving",
  facts: [
    crmFact("sets archivedAt and makes a version, with who and when", async (bench) => {
      const crm = await withArchived(bench);
      expect(await crm.crates.get("c2")).toMatchObject({
        archivedAt: new Date("2026-06-16T10:00:00Z"),
        version: 2,
        updatedAt: new Date("2026-06-16T10:00:00Z"),
        updatedBy: "ann",
        createdBy: null,
      });
    }),
    crmFact(
      "leaves archived records out of lists, finds, counts and figures unless they are asked for",
      async (bench) => {
        const crm = await withArchived(bench);
        expect(ids(await crm.crates.list())).toBe("c1 c3");
        expect(ids(await crm.crates.list({ archived: "exclude" }))).toBe("c1 c3");
        expect(ids(await crm.crates.list({ archived: "include" }))).toBe("c1 c2 c3");
        expect(ids(await crm.crates.list({ archived: "only" }))).toBe("c2");
        expect(ids(await crm.crates.list({ archived: "only", where: { label: "y" } }))).toBe("");
        expect((await crm.crates.find({ where: { id: "c2" } }))?.id).toBeUndefined();
        expect((await crm.crates.find({ where: { id: "c2" }, archived: "include" }))?.id).toBe("c2");
        expect(await crm.crates.count()).toBe(2);
        expect(await crm.crates.count({ archived: "include" })).toBe(3);
        expect(await crm.crates.count({ archived: "only" })).toBe(1);
        const measures = { records: count() };
        expect(await crm.crates.aggregate({ groupBy: { label: "label" }, measures })).toEqual([
          { label: "x", records: 1 },
          { label: "y", records: 1 },
        ]);
        expect(await crm.crates.aggregate({ measures, archived: "only" })).toEqual([{ records: 1 }]);
        expect(await crm.crates.aggregate({ measures, archived: "include" })).toEqual([{ records: 3 }]);
      },
    ),
    crmFact("leaves a disjunction no way around the exclusion", async (bench) => {
      const crm = await withArchived(bench);
      expect(ids(await crm.crates.list({ where: { or: [{ id: "c2" }, { label: "y" }] } }))).toBe("c3");
      expect(ids(await crm.crates.list({ where: { not: { id: "c1" } } }))).toBe("c3");
    }),
    crmFact("restores, with another version", async (bench) => {
      const crm = await withArchived(bench);
      const restored = await crm.crates.restore("c2");
      expect(restored).toMatchObject({ archivedAt: null, version: 3, label: "x" });
      expect(ids(await crm.crates.list())).toBe("c1 c2 c3");
    }),
    crmFact("changes nothing when the record is archived already, or is not", async (bench) => {
      const crm = await withArchived(bench);
      bench.clock.set("2026-06-17T10:00:00Z");
      expect(await crm.crates.archive("c2")).toMatchObject({
        version: 2,
        archivedAt: new Date("2026-06-16T10:00:00Z"),
      });
      expect(await crm.crates.restore("c1")).toMatchObject({ version: 1, updatedAt: new Date("2026-06-15T10:00:00Z") });
      expect(await crm.crates.count({ where: { version: 1 }, archived: "include" })).toBe(2);
    }),
    crmFact("says not_found for a record that does not exist", async (bench) => {
      const crm = await withArchived(bench);
      expect(await refused(crm.crates.archive("c9"))).toEqual({ code: "not_found", entity: "crate" });
      expect(await refused(crm.crates.restore("c9"))).toEqual({ code: "not_found", entity: "crate" });
      expect(await refused(crm.specimens.archive("nonsense"))).toEqual({ code: "not_found", entity: "specimen" });
    }),
    crmFact("keeps references to an archived record, and loads it through them", async (bench) => {
      const crm = await withArchived(bench);
      await crm.crates.restore("c2");
      await crm.samples.create({ id: "s1", crateId: "c2" });
      await crm.crates.archive("c2");
      const sample = await crm.samples.get("s1", { include: { crate: true } });
      expect(sample.crate?.archivedAt).toEqual(new Date("2026-06-16T10:00:00Z"));
      expect(await crm.samples.count({ where: { crate: { label: "x" } } })).toBe(1);
    }),
    crmFact("leaves archived records out of what an include loads, and of no unique rule", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      const [a] = await crm.specimens.createMany([
        { code: "a", crateId: "c1" },
        { code: "b", crateId: "c1" },
      ]);
      await crm.specimens.archive(a!.id);
      const crate = await crm.crates.get("c1", { include: { specimens: true } });
      expect(crate.specimens.map(({ code }) => code)).toEqual(["b"]);
      expect(await refused(crm.specimens.create({ code: "a" }))).toEqual({
        code: "not_unique",
        entity: "specimen",
        field: "code",
      });
    }),
    crmFact("lets an archived record be updated and deleted", async (bench) => {
      const crm = await withArchived(bench);
      expect(await crm.crates.update("c2", { label: "z" })).toMatchObject({
        label: "z",
        version: 3,
        archivedAt: new Date("2026-06-16T10:00:00Z"),
      });
      await crm.crates.delete("c2");
      expect(ids(await crm.crates.list({ archived: "include" }))).toBe("c1 c3");
    }),
  ],
};
