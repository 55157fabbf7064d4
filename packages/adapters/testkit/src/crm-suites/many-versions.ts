/** versions: what has changed in many records, the latest first. */
import { createCrm } from "@relata/core";
import { defineEntity, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import type { SampleCrm } from "./sample-crm.ts";

const noon = (day: string) => new Date(`2026-06-${day}T10:00:00Z`);
type Query = Parameters<SampleCrm["crates"]["versions"]>[0];

/** Two crates, of which the first has been changed, archived, deleted and brought back; a third one is nobody's question. */
async function withVersions(bench: CrmBench) {
  const crm = await bench.open();
  const on = (day: string) => bench.clock.set(noon(day).toISOString());
  on("10");
  await crm.as({ actorId: "ann" }).crates.createMany(["c1", "c2", "c3"].map((id) => ({ id, label: "first" })));
  on("11");
  await crm.as({ actorId: "ben" }).crates.update("c1", { label: "second" });
  on("12");
  await crm.crates.archive("c2");
  on("13");
  await crm.crates.delete("c1");
  on("14");
  await crm.crates.restore("c1");
  on("15");
  return crm;
}

async function shown(crm: Pick<SampleCrm, "crates">, query: Partial<Query> = {}): Promise<readonly string[]> {
  const found = await crm.crates.versions({ ids: ["c1", "c2"], ...query });
  return found.map(({ at, id, version, kind, by }) => `${at.getUTCDate()} ${id} ${version} ${kind} ${by ?? "-"}`);
}

const all = [
  "14 c1 3 restored -",
  "12 c2 2 archived -",
  "11 c1 2 updated ben",
  "10 c2 1 created ann",
  "10 c1 1 created ann",
];

export const manyVersions: CrmSuite = {
  name: "versions of many records",
  facts: [
    crmFact("are told the latest first, of one instant by id, descending", async (bench) => {
      const crm = await withVersions(bench);
      expect(await shown(crm)).toEqual(all);
    }),
    crmFact("say which fields have changed, from what to what", async (bench) => {
      const crm = await withVersions(bench);
      const found = await crm.crates.versions({ ids: ["c1"] });
      expect(found.map(({ changes }) => changes)).toEqual([
        [],
        [{ field: "label", before: "first", after: "second" }],
        [{ field: "label", before: null, after: "first" }],
      ]);
    }),
    crmFact("come in pages, each version once", async (bench) => {
      const crm = await withVersions(bench);
      for (const limit of [1, 2, 3]) {
        const lines: string[] = [];
        let before: Query["before"];
        for (;;) {
          const query: Query = { ids: ["c1", "c2"], limit, ...(before ? { before } : {}) };
          const found = await crm.crates.versions(query);
          if (found.length === 0) break;
          lines.push(...(await shown(crm, query)));
          const { at, id, version } = found.at(-1)!;
          before = { at, id, version };
        }
        expect(lines).toEqual(all);
      }
    }),
    crmFact("are those of some time only, where that is asked for", async (bench) => {
      const crm = await withVersions(bench);
      expect(await shown(crm, { from: noon("11"), before: { at: noon("14") } })).toEqual(all.slice(1, 3));
      expect(await shown(crm, { before: { at: noon("10"), id: "c2" } })).toEqual(all.slice(4));
      expect(await shown(crm, { limit: 1 })).toEqual(all.slice(0, 1));
    }),
    crmFact("are told of what is deleted, and not of what is erased or another tenant's", async (bench) => {
      const crm = await withVersions(bench);
      await crm.crates.delete("c2");
      expect(await shown(crm)).toEqual(all);
      await crm.crates.erase("c2");
      expect(await shown(crm)).toEqual(all.filter((line) => line.includes("c1")));
      expect(await shown(crm.as({ tenantId: "other" }))).toEqual([]);
      expect(await shown(crm, { ids: [] })).toEqual([]);
    }),
    crmFact("are those up to the instant of a read of the past", async (bench) => {
      const crm = await withVersions(bench);
      expect(await shown(crm.asOf(noon("12")))).toEqual(all.slice(1));
      expect(await shown(crm.asOf(noon("09")))).toEqual([]);
    }),
    crmFact("cost as many queries for many records as for a few", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      const ids = Array.from({ length: 200 }, (_, i) => `c${i}`);
      await crm.crates.createMany(ids.map((id) => ({ id, label: "first" })));
      await crm.crates.updateMany(ids.map((id) => ({ id, label: "second" })));
      const before = calls.find;
      expect(await crm.crates.versions({ ids, limit: 1_000 })).toHaveLength(400);
      expect(calls.find - before).toBe(3);
    }),
    crmFact("are refused where there are none, and for what is no question", async (bench) => {
      const visit = defineEntity("visit", { plural: "visits", history: false, fields: { title: text() } });
      const crm = await createCrm({ ...(await bench.options()), entities: [visit] });
      expect((await refused(crm.visits.versions({ ids: [] }))).code).toBe("no_history");
      const odd: readonly (readonly [unknown, string])[] = [
        [{}, "ids"],
        [{ ids: "c1" }, "ids"],
        [{ ids: [1] }, "ids"],
        [{ ids: [], limit: 0 }, "limit"],
        [{ ids: [], from: 1 }, "from"],
        [{ ids: [], before: {} }, "before"],
        [{ ids: [], before: { at: new Date(0), id: "x" } }, "before.id"],
        [
          { ids: [], before: { at: new Date(0), id: "019b7ca9-8f2e-7000-8000-000000000000", version: "1" } },
          "before.version",
        ],
        [{ ids: [], where: {} }, "where"],
      ];
      for (const [query, field] of odd)
        expect(await refused(crm.accounts.versions(query as never))).toMatchObject({ code: "invalid_query", field });
    }),
  ],
};
