/** Cursors are opaque, and good for the query that made them, unaltered. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";

async function withCursor(bench: CrmBench) {
  const crm = await bench.open();
  await crm.specimens.createMany(
    Array.from({ length: 5 }, (_, number) => ({
      code: `s${number}`,
      weight: number % 2,
      price: { amount: "1", currency: "EUR" },
    })),
  );
  const query = { where: { weight: { gte: 0 } }, orderBy: [{ weight: "asc" }, { price: "desc" }], limit: 2 } as const;
  const { next } = await crm.specimens.list(query);
  return { crm, query, next: next! };
}

const invalid = { code: "invalid_cursor" };

export const cursors: CrmSuite = {
  name: "cursors",
  facts: [
    crmFact("are refused by another query: other conditions, values, order, or entity", async (bench) => {
      const { crm, query, next } = await withCursor(bench);
      for (const other of [
        { where: { weight: { gte: 1 } } },
        { where: { weight: { gt: 0 } } },
        { where: { pieces: { gte: 0 } } },
        { where: undefined },
        { where: { weight: { gte: 0 }, active: true } },
        { orderBy: [{ weight: "desc" }, { price: "desc" }] },
        { orderBy: [{ price: "desc" }, { weight: "asc" }] },
        { orderBy: [{ weight: "asc" }] },
        { orderBy: [] },
        { archived: "include" },
      ]) {
        expect(await refused(crm.specimens.list({ ...query, ...other, after: next } as never))).toEqual(invalid);
      }
      expect(await refused(crm.samples.list({ after: next }))).toEqual(invalid);
    }),
    crmFact("go on with another limit or another selection", async (bench) => {
      const { crm, query, next } = await withCursor(bench);
      const page = await crm.specimens.list({ ...query, limit: 10, select: ["weight"], after: next });
      expect(page.items.map(({ weight }) => weight)).toEqual([0, 1, 1]);
      expect(page.next).toBeUndefined();
    }),
    crmFact("are refused with any character flipped, dropped, doubled or swapped", async (bench) => {
      const { crm, query, next } = await withCursor(bench);
      const altered = new Set<string>();
      for (let at = 0; at < next.length; at++) {
        for (const char of ["A", "B", "_", "=", "é", " "]) altered.add(next.slice(0, at) + char + next.slice(at + 1));
        altered.add(next.slice(0, at) + next.slice(at + 1));
        altered.add(next.slice(0, at) + next[at] + next.slice(at));
        altered.add(next.slice(0, at) + (next[at + 1] ?? "") + next[at] + next.slice(at + 2));
      }
      altered.delete(next);
      expect(altered.size).toBeGreaterThan(500);
      for (const after of altered)
        expect([after, await refused(crm.specimens.list({ ...query, after }))]).toEqual([after, invalid]);
      expect((await crm.specimens.list({ ...query, after: next })).items).toHaveLength(2);
    }),
    crmFact("are refused where they are no cursors at all", async (bench) => {
      const { crm, query } = await withCursor(bench);
      const given = [
        "",
        "x",
        "nonsense",
        "AAAA",
        "\0",
        "\ud800",
        "x".repeat(200_000),
        null,
        5,
        {},
        [],
        true,
        btoa("[1,2]"),
        btoa(JSON.stringify({ __proto__: 1 })),
      ];
      for (const after of given)
        expect(await refused(crm.specimens.list({ ...query, after: after as never }))).toEqual(invalid);
    }),
    crmFact("are good in another handle of the tenant, in units and in dated handles", async (bench) => {
      const { crm, query, next } = await withCursor(bench);
      const codes = async (handle: Pick<typeof crm, "specimens">) =>
        (await handle.specimens.list({ ...query, after: next })).items.map(({ code }) => code);
      expect(await codes(crm.as({ actorId: "ann" }))).toEqual(["s0", "s3"]);
      expect(await crm.transaction((tx) => codes(tx))).toEqual(["s0", "s3"]);
      expect(await codes(crm.at(new Date("2026-01-01T00:00:00Z")))).toEqual(["s0", "s3"]);
    }),
    crmFact("are made behind any record: the same ones that pages end with", async (bench) => {
      const { crm, query, next } = await withCursor(bench);
      const { limit, ...find } = query;
      const { items } = await crm.specimens.list({ ...query, limit: 5 });
      expect(items.map(({ code }) => code)).toEqual(["s4", "s2", "s0", "s3", "s1"]);
      expect(await crm.specimens.cursorAfter(items[limit - 1]!, find)).toBe(next);
      await crm.specimens.delete(items[2]!.id);
      const after = await crm.specimens.cursorAfter(items[2]!, find);
      expect((await crm.specimens.list({ ...query, after })).items.map(({ code }) => code)).toEqual(["s3", "s1"]);
      const { id } = items[0]!;
      const weightless = await crm.specimens.cursorAfter(Object.assign({ ...items[0]! }, { weight: null }), find);
      expect((await crm.specimens.list({ ...query, after: weightless })).items).toEqual([]);
      expect((await crm.specimens.list({ after: await crm.specimens.cursorAfter({ id }) })).items).toEqual([]);
    }),
    crmFact("are refused behind what has not the fields of the order", async (bench) => {
      const { crm, query } = await withCursor(bench);
      const { items } = await crm.specimens.list(query);
      const { where, orderBy } = query;
      for (const [record, more, field] of [
        [{ id: items[0]!.id }, { where, orderBy }, "weight"],
        [{ ...items[0]!, weight: "heavy" }, { where, orderBy }, "weight"],
        [{ ...items[0]!, id: 5 }, {}, "id"],
        [null, {}, ""],
        [items[0]!, { limit: 2 }, "limit"],
        [items[0]!, { orderBy: [{ mass: "asc" }] }, "mass"],
      ] as const) {
        const refusal = { code: "invalid_query", entity: "specimen", field };
        expect(await refused(crm.specimens.cursorAfter(record as never, more as never))).toEqual(refusal);
      }
    }),
  ],
};
