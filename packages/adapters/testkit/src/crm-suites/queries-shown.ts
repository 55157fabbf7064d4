/** onQuery: every statement is shown, without its values, and whoever looks changes nothing. */
import type { ShownStatement } from "@relata/core";
import { expect } from "vitest";
import { failure } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { openSample } from "./sample-crm.ts";

/** The sample, and what it has shown since it was opened. */
async function watched(bench: CrmBench) {
  const shown: ShownStatement[] = [];
  const crm = await openSample({ ...(await bench.options()), onQuery: (statement) => shown.push(statement) });
  const opening = shown.splice(0);
  return { crm, shown, opening, kinds: () => shown.splice(0).map(({ kind }) => kind) };
}

export const queriesShown: CrmSuite = {
  name: "statements shown",
  facts: [
    crmFact("have a kind, a text, a time, rows and a tenant", async (bench) => {
      const { crm, shown } = await watched(bench);
      const north = crm.as({ tenantId: "north" });
      await north.specimens.create({ code: "s1" });
      await north.specimens.create({ code: "s2" });
      await north.specimens.list({ where: { code: { in: ["s1", "s2"] } } });
      await north.specimens.count();
      const told = shown.filter(({ kind }) => kind === "write" || kind === "find" || kind === "aggregate");
      expect(told.map(({ kind, rows, tenantId, failed }) => ({ kind, rows, tenantId, failed }))).toEqual([
        { kind: "write", rows: 1, tenantId: "north", failed: false },
        { kind: "write", rows: 1, tenantId: "north", failed: false },
        { kind: "find", rows: 2, tenantId: "north", failed: false },
        { kind: "aggregate", rows: 1, tenantId: "north", failed: false },
      ]);
      for (const { text, timeMs } of told) {
        expect(text).toContain("specimen");
        expect(timeMs).toBeGreaterThanOrEqual(0);
        expect(timeMs).toBeLessThan(5_000);
      }
    }),
    crmFact("tell how a unit began, nested and ended", async (bench) => {
      const { crm, kinds } = await watched(bench);
      await crm.transaction(async (tx) => {
        await tx.specimens.create({ code: "s1" });
        await tx.transaction(async (inner) => inner.specimens.create({ code: "s2" }));
      });
      expect(kinds().filter((kind) => kind !== "write" && kind !== "tenant")).toEqual([
        "begin",
        "savepoint",
        "release",
        "commit",
      ]);
      const undone = crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c3" });
        throw new Error("no");
      });
      await expect(undone).rejects.toThrow("no");
      expect(kinds().at(-1)).toBe("rollback");
    }),
    crmFact("begin with those of the migration", async (bench) => {
      const { opening } = await watched(bench);
      expect(opening.map(({ kind }) => kind)).toContain("migrate");
    }),
    crmFact("hold no value, of writes, filters and failures alike", async (bench) => {
      const { crm, shown, opening } = await watched(bench);
      const secret = "Xq7SecretValue";
      await crm.as({ tenantId: "north" }).specimens.create({ code: secret, note: secret, details: { a: secret } });
      await crm.specimens.create({ code: secret });
      await failure(crm.specimens.create({ code: secret }));
      await crm.specimens.list({
        where: { or: [{ code: secret }, { note: { contains: secret } }, { code: { in: [secret, "b"] } }] },
        orderBy: [{ code: "asc" }],
        include: { samples: { where: { id: secret } } },
      });
      expect([...opening, ...shown].filter(({ text }) => text.includes(secret))).toEqual([]);
      expect(shown.some(({ failed }) => failed)).toBe(true);
    }),
    crmFact("are shown to a watcher that throws or rejects, and that changes nothing", async (bench) => {
      let calls = 0;
      const crm = await openSample({
        ...(await bench.options()),
        onQuery: () => {
          calls++;
          if (calls % 2 === 0) throw new Error("no");
          return Promise.reject(new Error("no"));
        },
      });
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1" });
        await tx.crates.update("c1", { label: "x" });
      });
      expect(await crm.crates.get("c1")).toMatchObject({ version: 2, label: "x" });
      expect(calls).toBeGreaterThan(4);
    }),
  ],
};
