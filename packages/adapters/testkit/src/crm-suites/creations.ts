/** createMany: all or nothing, or input by input. */

import { CrmError } from "@relata/core";
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { codesOf } from "./sample-crm.ts";

const ABSENT = "01890a5d-ac96-774b-bcce-b302099a8057";

export const creations: CrmSuite = {
  name: "createMany",
  facts: [
    crmFact("returns the records in the order of the inputs", async (bench) => {
      const crm = await bench.open();
      const made = await crm.specimens.createMany([{ code: "c" }, { code: "a", weight: 1 }, { code: "b" }]);
      expect(codesOf(made)).toBe("c a b");
      expect(made[1]).toEqual(await crm.specimens.find({ where: { code: "a" } }));
      expect(await crm.specimens.createMany([])).toEqual([]);
    }),
    crmFact("tells all that is wrong at once, by the index of the input, and keeps nothing", async (bench) => {
      const crm = await bench.open();
      const call = crm.specimens.createMany([
        { code: "a" },
        { code: "b", weight: 1.5, share: "101" },
        { title: "no code" },
        { code: "d", colour: "red" },
      ] as never);
      await expect(call).rejects.toMatchObject({
        code: "invalid_input",
        details: {
          entity: "specimen",
          field: "weight",
          index: 1,
          issues: [
            { index: 1, field: "weight", code: "not_whole" },
            { index: 1, field: "share", code: "out_of_range" },
            { index: 2, field: "code", code: "missing_field" },
            { index: 3, field: "colour", code: "unknown_field" },
          ],
        },
      });
      expect(await crm.specimens.count()).toBe(0);
    }),
    crmFact("keeps nothing when one is a duplicate, of an older record or of another input", async (bench) => {
      const crm = await bench.open();
      await crm.specimens.create({ code: "a" });
      expect(await refused(crm.specimens.createMany([{ code: "b" }, { code: "a" }]))).toEqual({
        code: "not_unique",
        entity: "specimen",
        field: "code",
      });
      expect(await refused(crm.specimens.createMany([{ code: "c" }, { code: "d" }, { code: "c" }]))).toEqual({
        code: "not_unique",
        entity: "specimen",
        field: "code",
      });
      expect(await crm.specimens.count()).toBe(1);
    }),
    crmFact("keeps nothing when one refers to nothing", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      expect(
        await refused(
          crm.specimens.createMany([
            { code: "a", crateId: "c1" },
            { code: "b", crateId: "c9" },
          ]),
        ),
      ).toEqual({
        code: "reference_not_found",
        entity: "specimen",
        field: "crateId",
      });
      expect(await crm.specimens.count()).toBe(0);
    }),
    crmFact("lets the records of one list refer to each other, in any order", async (bench) => {
      const crm = await bench.open();
      await crm.crates.createMany([{ id: "c3", outerId: "c2" }, { id: "c2", outerId: "c1" }, { id: "c1" }]);
      expect(await crm.crates.count({ where: { outer: { outer: {} } } })).toBe(1);
      const [b] = await crm.specimens.createMany([
        { id: "01890a5d-ac96-774b-bcce-b302099a8001", code: "b", twinId: "01890a5d-ac96-774b-bcce-b302099a8002" },
        { id: "01890a5d-ac96-774b-bcce-b302099a8002", code: "a" },
      ]);
      expect((await crm.specimens.get(b!.id, { include: { twin: true } })).twin?.code).toBe("a");
    }),
    crmFact("keeps what is right and tells what is not, input by input, with onError: continue", async (bench) => {
      const crm = await bench.open();
      await crm.crates.create({ id: "c1" });
      await crm.specimens.create({ code: "old", serial: 1 });
      const results = await crm.specimens.createMany(
        [
          { code: "a" },
          { code: "old" },
          { code: "b", weight: Number.NaN },
          { code: "c", crateId: "c1" },
          { code: "d", crateId: "c9" },
          { code: "a" },
          {},
          null,
          { code: "e", twinId: ABSENT },
          { code: "f", serial: 1 },
          { code: "g", price: { amount: "1.001", currency: "EUR" } },
          { code: "h", title: "last" },
        ] as never,
        { onError: "continue" },
      );
      expect(
        results.map((result) =>
          result.status === "created"
            ? result.record.code
            : [result.index, result.error.code, result.error.details.field],
        ),
      ).toEqual([
        "a",
        [1, "not_unique", "code"],
        [2, "invalid_input", "weight"],
        "c",
        [4, "reference_not_found", "crateId"],
        [5, "not_unique", "code"],
        [6, "invalid_input", "code"],
        [7, "invalid_input", ""],
        [8, "reference_not_found", "twinId"],
        [9, "not_unique", "serial"],
        [10, "invalid_input", "price"],
        "h",
      ]);
      for (const result of results) if (result.status === "failed") expect(CrmError.is(result.error)).toBe(true);
      expect(codesOf((await crm.specimens.list({ orderBy: [{ code: "asc" }] })).items)).toBe("a c h old");
    }),
    crmFact("continues inside of a unit, which goes on and keeps what was right", async (bench) => {
      const crm = await bench.open();
      const statuses = await crm.transaction(async (tx) => {
        await tx.crates.create({ id: "c1" });
        const results = await tx.crates.createMany(
          [{ id: "c2" }, { id: "c1" }, { id: "c3", outerId: "c9" }, { id: "c4", outerId: "c2" }],
          { onError: "continue" },
        );
        await tx.crates.create({ id: "c5", outerId: "c4" });
        return results.map(({ status }) => status);
      });
      expect(statuses).toEqual(["created", "failed", "failed", "created"]);
      expect((await crm.crates.list()).items.map(({ id }) => id)).toEqual(["c1", "c2", "c4", "c5"]);
    }),
    crmFact("continues over nothing, and over what is all right or all wrong", async (bench) => {
      const crm = await bench.open();
      expect(await crm.crates.createMany([], { onError: "continue" })).toEqual([]);
      const right = await crm.crates.createMany([{ id: "c1" }, { id: "c2" }], { onError: "continue" });
      expect(right.map(({ status }) => status)).toEqual(["created", "created"]);
      const wrong = await crm.crates.createMany([{ id: "c1" }, { id: "c2" }], { onError: "continue" });
      expect(wrong.map(({ status }) => status)).toEqual(["failed", "failed"]);
      expect(await crm.crates.count()).toBe(2);
    }),
    crmFact("keeps the opportunities of a list with the stays that their hooks write, or neither", async (bench) => {
      const crm = await bench.open();
      const results = await crm.opportunities.createMany(
        [{ name: "One" }, { name: "Two", accountId: ABSENT }, { name: "Three" }],
        { onError: "continue" },
      );
      expect(results.map(({ status }) => status)).toEqual(["created", "failed", "created"]);
      expect(await crm.opportunityStageEntries.count()).toBe(2);
      await refused(crm.opportunities.createMany([{ name: "Four" }, { name: "Five", accountId: ABSENT }]));
      expect([await crm.opportunities.count(), await crm.opportunityStageEntries.count()]).toEqual([2, 2]);
    }),
    crmFact("makes 5,000 records at once", async (bench) => {
      const { crm, calls } = await bench.openCounted();
      await crm.crates.createMany(Array.from({ length: 5_000 }, (_, number) => ({ id: `c${number}` })));
      expect(await crm.crates.count()).toBe(5_000);
      expect(calls.write).toBe(1);
    }),
  ],
};
