/** upsert and upsertMany: one record for each value of what tells records apart. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";

const ID = "01890a5d-ac96-774b-bcce-b302099a8057";

export const upserts: CrmSuite = {
  name: "upserts",
  facts: [
    crmFact("create, update, or leave unchanged, and say which", async (bench) => {
      const crm = await bench.open();
      const created = await crm.specimens.upsert({ code: "a", title: "One" }, { by: "code" });
      expect([created.status, created.record.title, created.record.version]).toEqual(["created", "One", 1]);
      bench.clock.set("2026-06-16T08:00:00Z");
      const unchanged = await crm.specimens.upsert({ code: "a", title: "One" }, { by: "code" });
      expect(unchanged).toEqual({ status: "unchanged", record: created.record });
      const updated = await crm.specimens.upsert({ code: "a", title: "Two" }, { by: "code" });
      expect([updated.status, updated.record.id, updated.record.title, updated.record.version]).toEqual([
        "updated",
        created.record.id,
        "Two",
        2,
      ]);
      expect(await crm.specimens.count()).toBe(1);
    }),
    crmFact("go by the id as well", async (bench) => {
      const crm = await bench.open();
      expect((await crm.specimens.upsert({ id: ID, code: "a" }, { by: "id" })).status).toBe("created");
      expect((await crm.specimens.upsert({ id: ID, code: "b" }, { by: "id" })).status).toBe("updated");
      expect((await crm.crates.upsert({ id: "c1" }, { by: "id" })).record.id).toBe("c1");
      expect((await crm.crates.upsert({ id: "c1", label: "x" }, { by: "id" })).record).toMatchObject({
        version: 2,
        label: "x",
      });
      expect((await crm.specimens.get(ID)).code).toBe("b");
    }),
    crmFact("go by a unique number too", async (bench) => {
      const crm = await bench.open();
      await crm.specimens.create({ code: "a", serial: 7 });
      const result = await crm.specimens.upsert({ code: "z", serial: 7 }, { by: "serial" });
      expect([result.status, result.record.code]).toEqual(["updated", "z"]);
    }),
    crmFact("are refused by a field that is not unique by itself, or by none", async (bench) => {
      const crm = await bench.open();
      for (const by of ["title", "specimenId", "price", "twin", "nothing", "__proto__", "constructor"]) {
        expect(await refused(crm.specimens.upsert({ code: "a" }, { by: by as never }))).toEqual({
          code: "invalid_query",
          entity: "specimen",
          field: by,
        });
      }
      expect(await refused(crm.samples.upsert({ id: "s1", part: 1 }, { by: "part" }))).toEqual({
        code: "invalid_query",
        entity: "sample",
        field: "part",
      });
      expect(await refused(crm.specimens.upsert({ code: "a" }, undefined as never))).toEqual({
        code: "invalid_query",
        entity: "specimen",
        field: "undefined",
      });
      expect(await crm.specimens.count()).toBe(0);
    }),
    crmFact("are refused without a value of what they go by", async (bench) => {
      const crm = await bench.open();
      await expect(crm.specimens.upsert({ code: "a" }, { by: "serial" })).rejects.toMatchObject({
        code: "invalid_input",
        details: { entity: "specimen", field: "serial", issues: [{ code: "missing_field", index: 0 }] },
      });
      expect(await refused(crm.specimens.upsert({ code: "a" }, { by: "id" }))).toEqual({
        code: "invalid_input",
        entity: "specimen",
        field: "id",
      });
      expect(await crm.specimens.count()).toBe(0);
    }),
    crmFact("leave alone what was not given, defaults included, and what is written once", async (bench) => {
      const crm = await bench.open();
      await crm.specimens.create({ code: "a", title: "One", pieces: 9, active: false, origin: "Rome" });
      const { status, record } = await crm.specimens.upsert({ code: "a", weight: 4, origin: "Oslo" }, { by: "code" });
      expect([status, record.title, record.pieces, record.active, record.origin, record.weight]).toEqual([
        "updated",
        "One",
        9,
        false,
        "Rome",
        4,
      ]);
      expect((await crm.specimens.upsert({ code: "a", origin: "Oslo" }, { by: "code" })).status).toBe("unchanged");
      expect((await crm.specimens.upsert({ code: "b", origin: "Oslo" }, { by: "code" })).record).toMatchObject({
        origin: "Oslo",
        pieces: 1,
        active: true,
      });
    }),
    crmFact("of many return the results in the order of the inputs", async (bench) => {
      const crm = await bench.open();
      await crm.specimens.createMany([
        { code: "a", weight: 1 },
        { code: "b", weight: 2 },
      ]);
      const results = await crm.specimens.upsertMany(
        [{ code: "z", weight: 9 }, { code: "b", weight: 2 }, { code: "y" }, { code: "a", weight: 5 }],
        { by: "code" },
      );
      expect(
        results.map(({ status, record }) => `${record.code} ${status} ${record.weight} ${record.version}`),
      ).toEqual(["z created 9 1", "b unchanged 2 1", "y created null 1", "a updated 5 2"]);
      expect(await crm.specimens.upsertMany([], { by: "code" })).toEqual([]);
    }),
    crmFact("of many refuse one value twice, by the index of the second", async (bench) => {
      const crm = await bench.open();
      await expect(
        crm.specimens.upsertMany([{ code: "a" }, { code: "b" }, { code: "a" }], { by: "code" }),
      ).rejects.toMatchObject({
        code: "invalid_input",
        details: { entity: "specimen", field: "code", index: 2, issues: [{ code: "repeated" }] },
      });
      await expect(
        crm.specimens.upsertMany([{ code: "e\u0301" }, { code: "\u00e9" }], { by: "code" }),
      ).rejects.toMatchObject({
        code: "invalid_input",
        details: { index: 1 },
      });
      expect(await crm.specimens.count()).toBe(0);
    }),
    crmFact("go by the fields of a unique rule together", async (bench) => {
      const crm = await bench.open();
      const [a, b] = await crm.specimens.createMany([{ code: "a" }, { code: "b" }]);
      await crm.samples.createMany([
        { id: "a1", specimenId: a!.id, part: 1 },
        { id: "a2", specimenId: a!.id, part: 2 },
        { id: "b1", specimenId: b!.id, part: 1 },
      ]);
      await crm.crates.create({ id: "c1" });
      const by = ["part", "specimenId"] as const;
      const upserted = await crm.samples.upsertMany(
        [
          { id: "b2", specimenId: b!.id, part: 2 },
          { specimenId: a!.id, part: 2, crateId: "c1" },
          { specimenId: b!.id, part: 1 },
        ],
        { by },
      );
      expect(upserted.map(({ status, record }) => `${status} ${record.id}`)).toEqual([
        "created b2",
        "updated a2",
        "unchanged b1",
      ]);
      expect(await crm.samples.count()).toBe(4);
      const wrong = async (input: object) => refused(crm.samples.upsertMany([input], { by }));
      expect(await wrong({ part: 3 })).toEqual({ code: "invalid_input", entity: "sample", field: "specimenId" });
      const twice = { id: "x", specimenId: a!.id, part: 9 };
      expect(await refused(crm.samples.upsertMany([twice, { ...twice, id: "y" }], { by }))).toEqual({
        code: "invalid_input",
        entity: "sample",
        field: "part",
      });
      for (const other of [["part"], ["part", "crateId"], ["part", "specimenId", "id"], ["part", "part"], [], [1]])
        expect((await refused(crm.samples.upsert({ part: 1 }, { by: other as never }))).code).toBe("invalid_query");
    }),
    crmFact("of many are all or nothing", async (bench) => {
      const crm = await bench.open();
      await crm.specimens.create({ code: "a", serial: 1 });
      expect(
        await refused(
          crm.specimens.upsertMany([{ code: "b" }, { code: "a", weight: 1 }, { code: "c", serial: 1 }], { by: "code" }),
        ),
      ).toEqual({ code: "not_unique", entity: "specimen", field: "serial" });
      expect(
        await refused(crm.specimens.upsertMany([{ code: "b" }, { code: "a", crateId: "c9" }], { by: "code" })),
      ).toEqual({ code: "reference_not_found", entity: "specimen", field: "crateId" });
      await expect(
        crm.specimens.upsertMany([{ code: "b" }, { code: "c", weight: "1" }] as never, { by: "code" }),
      ).rejects.toMatchObject({
        code: "invalid_input",
        details: { index: 1, field: "weight" },
      });
      expect(await crm.specimens.count()).toBe(1);
      expect(await crm.specimens.find({})).toMatchObject({ version: 1, weight: null });
    }),
    crmFact("find an archived record, and update it where it is", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      await crm.crates.archive("c1");
      const { status, record } = await crm.crates.upsert({ id: "c1", label: "x" }, { by: "id" });
      expect([status, record.version, record.archivedAt]).toEqual(["updated", 3, new Date("2026-06-15T10:00:00Z")]);
    }),
  ],
};
