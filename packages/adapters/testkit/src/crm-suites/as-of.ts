/** asOf: every kind of read sees the state at an instant, and nothing is written there. */
import { count, sum } from "@relata/core";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "./crm-bench.ts";
import { codesOf, type SampleCrm } from "./sample-crm.ts";

const day = (date: string) => new Date(`2026-06-${date}T10:00:00Z`);

/** On the 10th a crate with two specimens; on the 12th one is renamed and moved out; on the 14th the crate is deleted with the other. */
async function withPast(bench: CrmBench): Promise<SampleCrm> {
  const crm = await bench.open();
  bench.clock.set("2026-06-10T10:00:00Z");
  await crm.crates.create({ id: "c1", label: "old" });
  const [a] = await crm.specimens.createMany([
    { code: "a", crateId: "c1", weight: 5, price: { amount: "10.00", currency: "EUR" } },
    { code: "b", crateId: "c1", weight: 7, price: { amount: "20.00", currency: "EUR" } },
  ]);
  bench.clock.set("2026-06-12T10:00:00Z");
  await crm.as({ actorId: "ann" }).specimens.update(a!.id, { code: "a2", crateId: null, weight: 6 });
  await crm.crates.update("c1", { label: "new" });
  bench.clock.set("2026-06-14T10:00:00Z");
  await crm.as({ actorId: "ben" }).crates.delete("c1");
  bench.clock.set("2026-06-15T10:00:00Z");
  return crm;
}

const codes = async (crm: SampleCrm, instant: Date) =>
  codesOf((await crm.asOf(instant).specimens.list({ orderBy: [{ code: "asc" }] })).items);

export const asOf: CrmSuite = {
  name: "reading the past",
  facts: [
    crmFact(
      "lists what there was, from the instant of each change on, and not a millisecond earlier",
      async (bench) => {
        const crm = await withPast(bench);
        expect(await codes(crm, new Date(day("10").getTime() - 1))).toBe("");
        expect(await codes(crm, day("10"))).toBe("a b");
        expect(await codes(crm, new Date(day("12").getTime() - 1))).toBe("a b");
        expect(await codes(crm, day("12"))).toBe("a2 b");
        expect(await codes(crm, day("14"))).toBe("a2");
        expect(await codes(crm, day("15"))).toBe("a2");
      },
    ),
    crmFact("gets a record as it was, and one that is deleted by now", async (bench) => {
      const crm = await withPast(bench);
      expect(await crm.asOf(day("11")).crates.get("c1")).toMatchObject({ label: "old", version: 1 });
      expect(await crm.asOf(day("13")).crates.get("c1")).toMatchObject({ label: "new", version: 2 });
      expect(await refused(crm.asOf(day("14")).crates.get("c1"))).toEqual({ code: "not_found", entity: "crate" });
      expect(await refused(crm.crates.get("c1"))).toEqual({ code: "not_found", entity: "crate" });
    }),
    crmFact("loads includes as they were, both ways", async (bench) => {
      const crm = await withPast(bench);
      const then = await crm.asOf(day("11")).crates.get("c1", { include: { specimens: { include: { crate: true } } } });
      expect(then.specimens.map(({ code, crate }) => [code, crate?.label]).sort()).toEqual([
        ["a", "old"],
        ["b", "old"],
      ]);
      const later = await crm
        .asOf(day("13"))
        .crates.get("c1", { include: { specimens: { include: { crate: true } } } });
      expect(later.specimens.map(({ code, crate }) => [code, crate?.label])).toEqual([["b", "new"]]);
    }),
    crmFact("filters through relations as they were", async (bench) => {
      const crm = await withPast(bench);
      const within = (instant: Date, label: string) =>
        crm.asOf(instant).specimens.count({ where: { crate: { label } } });
      expect(await within(day("11"), "old")).toBe(2);
      expect(await within(day("13"), "old")).toBe(0);
      expect(await within(day("13"), "new")).toBe(1);
      expect(await crm.asOf(day("11")).crates.count({ where: { specimens: { some: { code: "a" } } } })).toBe(1);
      expect(await crm.asOf(day("13")).crates.count({ where: { specimens: { none: { code: "a2" } } } })).toBe(1);
    }),
    crmFact("adds up what there was, by what it was grouped by then", async (bench) => {
      const crm = await withPast(bench);
      const figures = (instant: Date) =>
        crm.asOf(instant).specimens.aggregate({
          groupBy: { label: { crate: "label" } },
          measures: { records: count(), weight: sum("weight"), price: sum("price") },
        });
      expect(await figures(day("11"))).toEqual([
        { label: "old", records: 2, weight: 12, price: [{ amount: "30.00", currency: "EUR" }] },
      ]);
      expect(await figures(day("13"))).toEqual([
        { label: "new", records: 1, weight: 7, price: [{ amount: "20.00", currency: "EUR" }] },
        { label: null, records: 1, weight: 6, price: [{ amount: "10.00", currency: "EUR" }] },
      ]);
    }),
    crmFact("tells cases apart by what records were then", async (bench) => {
      const crm = await withPast(bench);
      const key = {
        cases: [{ where: { crate: { label: "old" }, weight: { gte: 6 } }, value: "heavy" }],
        otherwise: "rest",
      };
      const figures = (instant: Date) =>
        crm.asOf(instant).specimens.aggregate({ groupBy: { key }, measures: { records: count() } });
      expect([await figures(day("11")), await figures(day("13"))]).toEqual([
        [
          { key: "heavy", records: 1 },
          { key: "rest", records: 1 },
        ],
        [{ key: "rest", records: 2 }],
      ]);
    }),
    crmFact("pages through the past, with cursors that no other instant takes", async (bench) => {
      const crm = await withPast(bench);
      const past = crm.asOf(day("11"));
      const first = await past.specimens.list({ orderBy: [{ code: "asc" }], limit: 1 });
      expect(codesOf(first.items)).toBe("a");
      const second = await past.specimens.list({ orderBy: [{ code: "asc" }], limit: 1, after: first.next });
      expect(codesOf(second.items)).toBe("b");
      expect(second.next).toBeUndefined();
      for (const other of [crm, crm.asOf(day("13"))]) {
        expect(
          await failure(other.specimens.list({ orderBy: [{ code: "asc" }], limit: 1, after: first.next })),
        ).toMatchObject({ code: "invalid_cursor" });
      }
      const all: string[] = [];
      for await (const { code } of past.specimens.iterate()) all.push(code);
      expect(all.sort()).toEqual(["a", "b"]);
    }),
    crmFact("leaves archived records out as of then", async (bench) => {
      const crm = await bench.open();
      bench.clock.set("2026-06-10T10:00:00Z");
      await crm.crates.create({ id: "c1" });
      bench.clock.set("2026-06-12T10:00:00Z");
      await crm.crates.archive("c1");
      bench.clock.set("2026-06-15T10:00:00Z");
      expect(await crm.asOf(day("11")).crates.count()).toBe(1);
      expect(await crm.asOf(day("12")).crates.count()).toBe(0);
      expect(await crm.asOf(day("12")).crates.count({ archived: "only" })).toBe(1);
    }),
    crmFact("sees the past through operations and boards as well", async (bench) => {
      const crm = await bench.open();
      bench.clock.set("2026-06-10T10:00:00Z");
      const deal = await crm.opportunities.create({ name: "Deal", amount: { amount: "100.00", currency: "EUR" } });
      bench.clock.set("2026-06-12T10:00:00Z");
      await crm.opportunities.moveTo(deal.id, "proposal");
      bench.clock.set("2026-06-15T10:00:00Z");
      const filled = async (instant: Date) =>
        (await crm.asOf(instant).opportunities.board())
          .filter((column) => column.count > 0)
          .map(({ stage, amount }) => [stage.key, amount[0]?.amount]);
      expect(await filled(day("11"))).toEqual([["qualification", "100.00"]]);
      expect(await filled(day("12"))).toEqual([["proposal", "100.00"]]);
      expect(await crm.asOf(day("09")).opportunities.board()).toEqual([]);
    }),
    crmFact("stands in trees as they were, for conditions and for walks", async (bench) => {
      const crm = await bench.open();
      bench.clock.set("2026-06-10T10:00:00Z");
      const [root, other] = await crm.accounts.createMany([{ name: "Root" }, { name: "Other" }]);
      const part = await crm.accounts.create({ name: "Part", parentId: root!.id });
      const leaf = await crm.accounts.create({ name: "Leaf", parentId: part.id });
      bench.clock.set("2026-06-12T10:00:00Z");
      await crm.accounts.update(part.id, { parentId: other!.id });
      await crm.accounts.update(leaf.id, { name: "Leaf 2" });
      bench.clock.set("2026-06-15T10:00:00Z");
      const names = async (instant: Date, id: string) => {
        const page = await crm
          .asOf(instant)
          .accounts.list({ where: { id: { under: id } }, orderBy: [{ name: "asc" }] });
        return page.items.map(({ name }) => name).join(" ");
      };
      expect(await names(day("11"), root!.id)).toBe("Leaf Part");
      expect(await names(day("11"), other!.id)).toBe("");
      expect(await names(day("13"), root!.id)).toBe("");
      expect(await names(day("13"), other!.id)).toBe("Leaf 2 Part");
      const above = await crm.asOf(day("11")).accounts.ancestors(leaf.id);
      expect(above.map(({ depth, record }) => `${depth} ${record.name}`)).toEqual(["1 Part", "2 Root"]);
      const below = await crm.asOf(day("13")).accounts.descendants(other!.id);
      expect(below.map(({ depth, record }) => `${depth} ${record.name}`)).toEqual(["1 Part", "2 Leaf 2"]);
      expect(await crm.asOf(day("11")).accounts.count({ where: { search: "leaf 2" } })).toBe(0);
      expect(await crm.asOf(day("13")).accounts.count({ where: { search: "leaf 2" } })).toBe(1);
    }),
    crmFact("refuses every write, and the records stay as they are", async (bench) => {
      const crm = await withPast(bench);
      const past = crm.asOf(day("13"));
      const [a] = (await crm.specimens.list()).items;
      const writes: (() => Promise<unknown>)[] = [
        () => past.crates.create({ id: "c9" }),
        () => past.crates.createMany([{ id: "c9" }]),
        () => past.specimens.update(a!.id, { note: "x" }),
        () => past.specimens.updateMany([{ id: a!.id, note: "x" }]),
        () => past.crates.upsert({ id: "c9" }, { by: "id" }),
        () => past.specimens.delete(a!.id),
        () => past.specimens.archive(a!.id),
        () => past.crates.restore("c1"),
        () => past.specimens.revert(a!.id, 1),
        () => past.specimens.erase(a!.id),
        () => past.crates.validate({ create: { id: "c9" } }),
        () => past.transaction((tx) => tx.crates.create({ id: "c9" })),
        () => past.at(day("13")).crates.create({ id: "c9" }),
        () => past.as({ actorId: "ann" }).crates.create({ id: "c9" }),
      ];
      for (const write of writes) expect(await failure(write())).toMatchObject({ code: "past_is_read_only" });
      expect(await crm.specimens.get(a!.id)).toMatchObject({ version: 2, note: null });
      expect(await crm.crates.count()).toBe(0);
      expect(await crm.crates.create({ id: "c9" })).toMatchObject({ version: 1 });
    }),
    crmFact("refuses the future and what is no instant", async (bench) => {
      const crm = await bench.open();
      for (const instant of [new Date(bench.clock.now() + 1), new Date(Number.NaN), "2026-01-01", 0, null, undefined]) {
        expect(await failure((async () => crm.asOf(instant as never))())).toMatchObject({
          code: "invalid_input",
          details: { entity: "handle", field: "asOf" },
        });
      }
    }),
    crmFact("says no_history where an entity keeps none, also behind a relation", async (bench) => {
      const crm = await bench.open();
      expect(await failure(crm.asOf(day("11")).erasures.list())).toMatchObject({
        code: "no_history",
        details: { entity: "erasure" },
      });
    }),
    crmFact("gives each unit one instant, so that no reader sees half of it", async (bench) => {
      const crm = await bench.open();
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1" });
        bench.clock.set("2026-06-15T10:00:05Z");
        await tx.crates.create({ id: "c2" });
        await tx.transaction((inner) => inner.crates.update("c1", { label: "x" }));
      });
      const { items } = await crm.crates.list();
      expect(items.map(({ updatedAt }) => updatedAt)).toEqual([day("15"), day("15")]);
      expect(await crm.asOf(new Date(day("15").getTime() - 1)).crates.count()).toBe(0);
      expect(await crm.asOf(day("15")).crates.get("c1")).toMatchObject({ label: "x", version: 2 });
    }),
    crmFact("marks a page that an open unit may still change, and tells what is settled", async (bench) => {
      const crm = await bench.open();
      expect(await crm.settled()).toEqual(new Date(day("15").getTime() - 1));
      await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1" });
        bench.clock.set("2026-06-15T10:00:05Z");
        expect(await tx.settled()).toEqual(new Date(day("15").getTime() - 1));
        expect(await tx.asOf(day("15")).crates.list()).toMatchObject({ unsettled: true });
        expect("unsettled" in (await tx.asOf(new Date(day("15").getTime() - 1)).crates.list())).toBe(false);
      });
      expect(await crm.settled()).toEqual(new Date(day("15").getTime() + 4_999));
      expect("unsettled" in (await crm.asOf(day("15")).crates.list())).toBe(false);
    }),
  ],
};
