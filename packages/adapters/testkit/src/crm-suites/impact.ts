/** impact: what a delete would do, told beforehand, and what it then does. */
import { createCrm, type Impact } from "@relata/core";
import { definePlugin } from "@relata/core/plugin";
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import type { SampleCrm } from "./sample-crm.ts";
import { everything, fillTangle, idsTo, openTangled, type TangledCrm } from "./tangle.ts";

interface Done {
  readonly ok: boolean;
  readonly deleted: readonly string[];
  readonly changed: readonly string[];
}

/** Deletes, looks, and undoes it. */
async function tryDelete(crm: TangledCrm, entity: "crates" | "specimens", id: string): Promise<Done> {
  const undone = new Error("undone");
  const before = await everything(crm);
  let done: Done = { ok: false, deleted: [], changed: [] };
  await crm
    .transaction(async (tx) => {
      await tx[entity].delete(id);
      const after = await everything(tx);
      const gone = [...before.keys()].filter((key) => !after.has(key) && !key.endsWith(` ${id}`));
      const differs = ([key, record]: readonly [string, unknown]) =>
        JSON.stringify(before.get(key)) !== JSON.stringify(record);
      const changed = [...after].filter(differs).map(([key]) => key);
      done = { ok: true, deleted: gone.sort(), changed: changed.sort() };
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) expect(error).toMatchObject({ code: "still_referenced" });
    });
  return done;
}

const listed = (parts: Impact["deleted"]) =>
  [...new Set(parts.flatMap(({ entity, ids }) => ids.map((id) => `${entity}s ${id}`)))].sort();

export const impact: CrmSuite = {
  name: "the impact of a deletion",
  facts: [
    crmFact("of a record that nothing refers to is none", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      expect(await crm.crates.impact("c1")).toEqual({ ok: true, refusing: [], deleted: [], detached: [] });
    }),
    crmFact("tells what goes along, what is detached and what refuses, over several levels", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([
        { id: "c1" },
        { id: "c2", outerId: "c1" },
        { id: "c3", outerId: "c2" },
        { id: "c4" },
      ]);
      const [a, b, c] = await crm.specimens.createMany([
        { code: "a", crateId: "c3" },
        { code: "b", crateId: "c4" },
        { code: "c", crateId: "c1" },
      ]);
      await crm.specimens.updateMany([
        { id: b!.id, twinId: a!.id },
        { id: c!.id, twinId: a!.id },
      ]);
      await crm.samples.createMany([
        { id: "s1", specimenId: a!.id, crateId: "c1" },
        { id: "s2", crateId: "c2" },
        { id: "s3", crateId: "c4" },
      ]);
      await crm.samples.archive("s2");
      const told = await crm.crates.impact("c1");
      expect(told).toEqual({
        ok: false,
        refusing: [{ entity: "sample", field: "crateId", count: 1, ids: ["s2"] }],
        deleted: [
          { entity: "crate", count: 2, ids: ["c2", "c3"] },
          { entity: "specimen", count: 2, ids: [c!.id, a!.id] },
          { entity: "sample", count: 1, ids: ["s1"] },
        ],
        detached: [{ entity: "specimen", field: "twinId", count: 1, ids: [b!.id] }],
      });
      expect(await crm.crates.get("c1")).toMatchObject({ version: 1 });
      const { entity, field, count } = await refusedDetails(crm.crates.delete("c1"));
      expect({ entity, field, count }).toEqual({ entity: "sample", field: "crateId", count: 1 });
    }),
    crmFact("names ten records of each kind, and counts them all", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      await crm.samples.createMany(idsTo(25, "s").map((id) => ({ id, crateId: "c1" })));
      const { refusing } = await crm.crates.impact("c1");
      expect(refusing).toMatchObject([{ entity: "sample", count: 25 }]);
      expect(refusing[0]!.ids).toHaveLength(10);
    }),
    crmFact("is what the deletion then does, in tangles of records", async (bench) => {
      for (const seed of [1, 2, 3, 4]) {
        const crm = await openTangled(bench);
        const { crates, specimens } = await fillTangle(crm, seed);
        let [fine, kept] = [0, 0];
        for (const [entity, list] of [
          ["crates", crates],
          ["specimens", specimens],
        ] as const) {
          for (const id of list) {
            const told = await crm[entity].impact(id);
            const done = await tryDelete(crm, entity, id);
            expect([seed, id, told.ok]).toEqual([seed, id, done.ok]);
            if (done.ok) {
              expect([seed, id, listed(told.deleted)]).toEqual([seed, id, done.deleted]);
              expect([seed, id, listed(told.detached)]).toEqual([seed, id, done.changed]);
            }
            if (done.ok) fine++;
            else kept++;
          }
        }
        expect(fine).toBeGreaterThan(2);
        expect(kept).toBeGreaterThan(0);
        await crm.close();
      }
    }),
    crmFact("is found with the queries that the deletion looks with, and writes nothing", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      await crm.crates.createMany([{ id: "c1" }, { id: "c2", outerId: "c1" }]);
      await crm.specimens.createMany(idsTo(100, "x").map((code) => ({ code, crateId: "c2" })));
      const [finds, writes, begins] = [calls.find, calls.write, calls.begin];
      await crm.crates.impact("c1");
      const asked = calls.find - finds;
      expect([calls.write - writes, calls.begin - begins]).toEqual([0, 0]);
      const before = calls.find;
      await crm.crates.delete("c1");
      expect(calls.find - before).toBe(asked);
    }),
    crmFact("does not ask hooks", async (bench) => {
      let asked = 0;
      const keeper = definePlugin({ id: "keeper", hooks: { account: { beforeDelete: async () => void asked++ } } });
      const crm = await createCrm({ ...(await bench.options()), plugins: [keeper] });
      const { id } = await crm.accounts.create({ name: "Acme" });
      expect(await crm.accounts.impact(id)).toMatchObject({ ok: true });
      expect(asked).toBe(0);
    }),
    crmFact("is of the unit that it is asked in", async (bench) => {
      const crm = await bench.open();
      await crm.transaction(async (tx) => {
        await tx.crates.createMany([{ id: "c1" }, { id: "c2", outerId: "c1" }]);
        expect(await tx.crates.impact("c1")).toMatchObject({ deleted: [{ entity: "crate", ids: ["c2"] }] });
      });
    }),
    crmFact("is refused where there is no such record, as the delete is", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      for (const attempt of [() => crm.crates.impact("c9"), () => crm.as({ tenantId: "t2" }).crates.impact("c1")])
        expect(await refused(attempt())).toEqual({ code: "not_found", entity: "crate" });
      expect(await refused(crm.crates.impact(7 as never))).toMatchObject({ code: "invalid_input" });
      expect((await refused(crm.asOf(new Date(bench.clock.now())).crates.impact("c1"))).code).toBe("past_is_read_only");
      expect((await refused(crm.opportunityStageEntries.impact("c1"))).code).toBe("read_only_entity");
    }),
    crmFact("knows nothing of another tenant's records", async (bench) => {
      const crm: SampleCrm = await bench.open();
      const other = crm.as({ tenantId: "t2" });
      for (const handle of [crm, other]) await handle.crates.create({ id: "c1" });
      await other.samples.create({ id: "s1", crateId: "c1" });
      expect(await crm.crates.impact("c1")).toEqual({ ok: true, refusing: [], deleted: [], detached: [] });
    }),
  ],
};
