/** What is given is what comes back: create, get, find, count and select. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { codesOf } from "./sample-crm.ts";

const UUID = "01890a5d-ac96-774b-bcce-b302099a8057";

export const records: CrmSuite = {
  name: "records",
  facts: [
    crmFact("returns a new record with every field, those not given as null or their default", async (bench) => {
      const crm = await bench.open();
      const created = await crm.as({ actorId: "ann" }).specimens.create({ id: UUID, code: "a" });
      const expected = {
        id: UUID,
        version: 1,
        createdAt: new Date("2026-06-15T10:00:00Z"),
        createdBy: "ann",
        updatedAt: new Date("2026-06-15T10:00:00Z"),
        updatedBy: "ann",
        archivedAt: null,
        code: "a",
        title: null,
        note: null,
        weight: null,
        pieces: 1,
        ratio: null,
        share: null,
        price: null,
        foundOn: null,
        seenAt: null,
        active: true,
        grade: null,
        details: null,
        origin: null,
        serial: null,
        crateId: null,
        twinId: null,
      };
      expect(created).toEqual(expected);
      expect(await crm.specimens.get(UUID)).toEqual(expected);
    }),
    crmFact("keeps a value of every kind exactly", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1", label: "One" });
      const values = {
        code: "a",
        title: "Ömer’s “Zoë” 日本 🦊",
        note: "line\nbreak\ttab \\ ' \" % _",
        weight: 9_007_199_254_740_991,
        pieces: 0,
        ratio: "-0.001",
        share: "33.33",
        price: { amount: "-1234567890123.45", currency: "EUR" },
        foundOn: "2024-02-29",
        seenAt: new Date("1969-12-31T23:59:59.999Z"),
        active: false,
        grade: "poor",
        details: { list: [1, null, { deep: true }], text: "ß", empty: {} },
        origin: "",
        serial: -9_007_199_254_740_991,
        crateId: "c1",
      } as const;
      const { id } = await crm.specimens.create(values);
      expect(await crm.specimens.get(id)).toMatchObject(values);
    }),
    crmFact("keeps every second from year 1 to year 9999, and the smallest and largest money", async (bench) => {
      const crm = await bench.open();
      const first = await crm.specimens.create({
        code: "a",
        foundOn: "0001-01-01",
        seenAt: new Date("0001-01-01T00:00:00Z"),
        price: { amount: "-92233720368547758.07", currency: "EUR" },
      });
      const last = await crm.specimens.create({
        code: "b",
        foundOn: "9999-12-31",
        seenAt: new Date("9999-12-31T23:59:59.999Z"),
        price: { amount: "9223372036854775.807", currency: "KWD" },
      });
      expect(await crm.specimens.get(first.id)).toMatchObject({
        foundOn: "0001-01-01",
        seenAt: new Date("0001-01-01T00:00:00Z"),
        price: { amount: "-92233720368547758.07", currency: "EUR" },
      });
      expect(await crm.specimens.get(last.id)).toMatchObject({
        foundOn: "9999-12-31",
        seenAt: new Date("9999-12-31T23:59:59.999Z"),
        price: { amount: "9223372036854775.807", currency: "KWD" },
      });
    }),
    crmFact(
      "writes decimals in their shortest form, money with all digits of its currency, text in NFC",
      async (bench) => {
        const crm = await bench.open();
        const created = await crm.specimens.create({
          code: "a",
          ratio: "01.500",
          share: "-0",
          price: { amount: "5", currency: "KWD" },
          title: "Zoe\u0308",
          weight: -0,
        });
        const expected = {
          ratio: "1.5",
          share: "0",
          price: { amount: "5.000", currency: "KWD" },
          title: "Zo\u00eb",
          weight: 0,
        };
        expect(created).toMatchObject(expected);
        expect(await crm.specimens.get(created.id)).toMatchObject(expected);
        expect(Object.is((await crm.specimens.get(created.id)).weight, 0)).toBe(true);
      },
    ),
    crmFact(
      "gives ascending ids to records that are made one after the other, in one list and when the clock steps back",
      async (bench) => {
        const crm = await bench.open();
        const made: string[] = [];
        for (const at of ["2026-06-15T10:00:00Z", "2026-06-15T10:00:01Z", "2026-06-15T09:00:00Z"]) {
          bench.clock.set(at);
          const list = await crm.specimens.createMany([
            { code: `1 ${at.slice(11)}` },
            { code: `2 ${at.slice(11)}` },
            { code: `3 ${at.slice(11)}` },
          ]);
          made.push(...list.map(({ id }) => id));
        }
        expect(made).toHaveLength(9);
        expect(made).toEqual([...made].sort());
        expect(new Set(made).size).toBe(9);
      },
    ),
    crmFact("does not alter what it is given, and is not altered by what is done to what it returns", async (bench) => {
      const crm = await bench.open();
      const input = {
        code: "a",
        details: { tags: ["x"] },
        price: { amount: "1", currency: "EUR" },
        seenAt: new Date("2026-01-01T00:00:00Z"),
      };
      const created = await crm.specimens.create(input);
      expect(input).toEqual({
        code: "a",
        details: { tags: ["x"] },
        price: { amount: "1", currency: "EUR" },
        seenAt: new Date("2026-01-01T00:00:00Z"),
      });
      input.details.tags.push("y");
      input.seenAt.setTime(0);
      (created.details as { tags: string[] }).tags.push("z");
      created.seenAt!.setTime(0);
      const kept = await crm.specimens.get(created.id);
      expect(kept.details).toEqual({ tags: ["x"] });
      expect(kept.seenAt).toEqual(new Date("2026-01-01T00:00:00Z"));
    }),
    crmFact("takes undefined as not given", async (bench) => {
      const crm = await bench.open();
      const created = await crm.specimens.create({
        code: "a",
        title: undefined,
        pieces: undefined,
        id: undefined,
      } as never);
      expect(created).toMatchObject({ title: null, pieces: 1, version: 1 });
    }),
    crmFact(
      "gets by id, and says not_found with entity and id for what is absent or is no id at all",
      async (bench) => {
        const crm = await bench.open();
        await expect(crm.specimens.get(UUID)).rejects.toMatchObject({
          code: "not_found",
          details: { entity: "specimen", id: UUID },
        });
        await expect(crm.specimens.get("nonsense")).rejects.toMatchObject({
          code: "not_found",
          details: { entity: "specimen", id: "nonsense" },
        });
        await expect(crm.crates.get("c9")).rejects.toMatchObject({
          code: "not_found",
          details: { entity: "crate", id: "c9" },
        });
        expect(await refused(crm.specimens.get(undefined as never))).toEqual({
          code: "invalid_query",
          entity: "specimen",
          field: "id",
        });
      },
    ),
    crmFact("finds the first in the order, or undefined", async (bench) => {
      const crm = await bench.open();
      await crm.specimens.createMany([
        { code: "a", weight: 2 },
        { code: "b", weight: 3 },
        { code: "c", weight: 1 },
      ]);
      expect((await crm.specimens.find({ orderBy: [{ weight: "desc" }] }))?.code).toBe("b");
      expect((await crm.specimens.find({ where: { weight: { lt: 3 } }, orderBy: [{ code: "desc" }] }))?.code).toBe("c");
      expect(await crm.specimens.find({ where: { code: "z" } })).toBeUndefined();
    }),
    crmFact("counts what a condition holds for", async (bench) => {
      const crm = await bench.open();
      expect(await crm.specimens.count()).toBe(0);
      await crm.specimens.createMany([{ code: "a", weight: 2 }, { code: "b", weight: 3 }, { code: "c" }]);
      expect(await crm.specimens.count()).toBe(3);
      expect(await crm.specimens.count({ where: { weight: { gte: 2 } } })).toBe(2);
      expect(await crm.specimens.count({ where: { weight: null } })).toBe(1);
    }),
    crmFact("selects only the fields that are named, and the id", async (bench) => {
      const crm = await bench.open();
      const { id } = await crm.specimens.create({ code: "a", price: { amount: "2.50", currency: "EUR" }, weight: 4 });
      expect(await crm.specimens.get(id, { select: ["price"] })).toEqual({
        id,
        price: { amount: "2.50", currency: "EUR" },
      });
      expect(await crm.specimens.find({ select: ["code", "version", "code"] })).toEqual({ id, code: "a", version: 1 });
      expect((await crm.specimens.list({ select: [] })).items).toEqual([{ id }]);
      expect(
        (await crm.specimens.list({ select: ["weight"], orderBy: [{ price: "asc" }], where: { code: "a" } })).items,
      ).toEqual([{ id, weight: 4 }]);
    }),
    crmFact("lists 50 unless a limit says otherwise, in the order of the ids", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany(Array.from({ length: 60 }, (_, number) => ({ id: `c${59 - number}` })));
      const page = await crm.crates.list();
      expect(page.items).toHaveLength(50);
      expect(page.items.slice(0, 3).map(({ id }) => id)).toEqual(["c0", "c1", "c10"]);
      expect(page.next).toBeTypeOf("string");
    }),
    crmFact("refuses a second record with the same id, and keeps the first", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1", label: "One" });
      expect(await refused(crm.crates.create({ id: "c1", label: "Two" }))).toEqual({
        code: "not_unique",
        entity: "crate",
        field: "id",
      });
      expect(await crm.crates.get("c1")).toMatchObject({ label: "One", version: 1 });
    }),
    crmFact("refuses a second record with the same unique value; any number may have none", async (bench) => {
      const crm = await bench.open();
      await crm.specimens.createMany([{ code: "a", serial: 7 }, { code: "b" }, { code: "c" }]);
      expect(await refused(crm.specimens.create({ code: "a" }))).toEqual({
        code: "not_unique",
        entity: "specimen",
        field: "code",
      });
      expect(await refused(crm.specimens.create({ code: "d", serial: 7 }))).toEqual({
        code: "not_unique",
        entity: "specimen",
        field: "serial",
      });
      expect(
        await refused(crm.specimens.update((await crm.specimens.find({ where: { code: "b" } }))!.id, { serial: 7 })),
      ).toEqual({
        code: "not_unique",
        entity: "specimen",
        field: "serial",
      });
      expect(codesOf((await crm.specimens.list({ orderBy: [{ code: "asc" }] })).items)).toBe("a b c");
      expect(await crm.specimens.count({ where: { version: { ne: 1 } } })).toBe(0);
    }),
    crmFact("names every field of a unique rule over several", async (bench) => {
      const crm = await bench.open();
      const { id } = await crm.specimens.create({ code: "a" });
      await crm.samples.createMany([
        { id: "s1", specimenId: id, part: 1 },
        { id: "s2", specimenId: id, part: 2 },
        { id: "s3", part: 1 },
        { id: "s4", part: 1 },
      ]);
      await expect(crm.samples.create({ id: "s5", specimenId: id, part: 2 })).rejects.toMatchObject({
        code: "not_unique",
        details: { entity: "sample", field: "specimenId", fields: ["specimenId", "part"] },
      });
    }),
  ],
};
