/** Values that no field accepts are refused with the entity, the field and a code of their own, and leave nothing. */
import { createCrm } from "@relata/core";
import { defineEntity, integer, json } from "@relata/core/plugin";
import { expect } from "vitest";
import * as z from "zod";
import { failure } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { ABSENT_ID, type Attempt, refuseAll } from "./tampering.ts";

/** Each value of one field, refused by create, createMany, update, updateMany and upsert alike. */
function values(name: string, field: string, cases: readonly (readonly [unknown, string])[]) {
  return crmFact(name, async (bench) => {
    for (const [value, code] of cases) {
      const given: object = { [field]: value };
      const calls: Attempt[] = [
        (crm) => crm.specimens.create({ code: "z", ...given }),
        (crm) => crm.specimens.createMany([{ code: "z", ...given }]),
        (crm, id) => crm.specimens.update(id, given as never),
        (crm, id) => crm.specimens.updateMany([{ id, ...given }]),
        (crm) => crm.specimens.upsert({ code: "a", ...given, serial: 1 }, { by: "serial" }),
      ];
      await refuseAll(bench, calls, `invalid_input specimen.${field} ${code}`);
    }
  });
}

const EUR = (amount: unknown) => ({ amount, currency: "EUR" });

export const badValues: CrmSuite = {
  name: "bad values",
  facts: [
    values("of whole numbers", "weight", [
      [Number.NaN, "invalid_number"],
      [Number.POSITIVE_INFINITY, "invalid_number"],
      [Number.NEGATIVE_INFINITY, "invalid_number"],
      [9_007_199_254_740_992, "unsafe_integer"],
      [-1e300, "unsafe_integer"],
      [1.5, "not_whole"],
      ["1", "invalid_type"],
      [1n, "invalid_type"],
      [true, "invalid_type"],
      [[1], "invalid_type"],
      [{}, "invalid_type"],
      [new Date(0), "invalid_type"],
      [Symbol("x"), "invalid_type"],
    ]),
    values("of whole numbers with a range", "pieces", [
      [-1, "out_of_range"],
      [1_001, "out_of_range"],
      [null, "invalid_type"],
    ]),
    values("of decimals", "ratio", [
      ["1.2345", "too_many_decimals"],
      ["1e3", "invalid_number"],
      ["", "invalid_number"],
      [" 1", "invalid_number"],
      [".5", "invalid_number"],
      ["1,5", "invalid_number"],
      ["0x10", "invalid_number"],
      ["NaN", "invalid_number"],
      ["Infinity", "invalid_number"],
      ["9223372036854775.808", "out_of_range"],
      ["9".repeat(200), "invalid_number"],
      [1.5, "invalid_type"],
    ]),
    values("of decimals with a range", "share", [
      ["100.01", "out_of_range"],
      ["-0.01", "out_of_range"],
    ]),
    values("of money", "price", [
      [EUR("1.001"), "too_many_decimals"],
      [{ amount: "1.5", currency: "JPY" }, "too_many_decimals"],
      [{ amount: "1.0001", currency: "KWD" }, "too_many_decimals"],
      [{ amount: "1", currency: "XYZ" }, "unknown_currency"],
      [{ amount: "1", currency: "eur" }, "unknown_currency"],
      [{ amount: "1", currency: "" }, "unknown_currency"],
      [{ amount: "1", currency: "__proto__" }, "unknown_currency"],
      [EUR("x"), "invalid_number"],
      [EUR("1e2"), "invalid_number"],
      [EUR("92233720368547758.08"), "out_of_range"],
      ["1 EUR", "invalid_type"],
      [5, "invalid_type"],
      [[], "invalid_type"],
    ]),
    values("of days", "foundOn", [
      ["2026-02-30", "invalid_date"],
      ["2025-02-29", "invalid_date"],
      ["1900-02-29", "invalid_date"],
      ["2026-13-01", "invalid_date"],
      ["2026-00-10", "invalid_date"],
      ["2026-04-31", "invalid_date"],
      ["0000-01-01", "invalid_date"],
      ["2026-1-1", "invalid_date"],
      ["2026-01-01T00:00:00Z", "invalid_date"],
      ["", "invalid_date"],
      [new Date(0), "invalid_type"],
      [20260101, "invalid_type"],
    ]),
    values("of instants", "seenAt", [
      [new Date(Number.NaN), "invalid_instant"],
      [new Date("2026-02-28T25:00:00Z"), "invalid_instant"],
      [new Date(8.64e15), "invalid_instant"],
      ["2026-01-01T00:00:00Z", "invalid_type"],
      [0, "invalid_type"],
    ]),
    values("of text", "title", [
      ["a\0b", "invalid_text"],
      ["\ud83e", "invalid_text"],
      ["x\udd8a", "invalid_text"],
      ["x".repeat(10_001), "text_too_long"],
      [5, "invalid_type"],
      [["x"], "invalid_type"],
    ]),
    values("of text with a length, counted in characters", "note", [
      ["x".repeat(101), "text_too_long"],
      ["\u{1F98A}".repeat(101), "text_too_long"],
    ]),
    values("of booleans", "active", [
      ["true", "invalid_type"],
      [1, "invalid_type"],
      [0, "invalid_type"],
      [null, "invalid_type"],
    ]),
    values("of one of several", "grade", [
      ["good", "not_allowed"],
      ["FINE", "not_allowed"],
      ["", "not_allowed"],
      [1, "not_allowed"],
    ]),
    values("of references", "twinId", [
      ["nonsense", "invalid_id"],
      ["", "invalid_id"],
      [ABSENT_ID.toUpperCase(), "invalid_id"],
      [`${ABSENT_ID}0`, "invalid_id"],
      [5, "invalid_type"],
      [{ id: ABSENT_ID }, "invalid_type"],
    ]),
    values("of references to ids of the application's own", "crateId", [
      ["", "empty_text"],
      ["x".repeat(201), "text_too_long"],
      ["a\0", "invalid_text"],
    ]),
    values("of JSON", "details", [
      ["text", "invalid_type"],
      [{ x: Number.NaN }, "invalid_json"],
      [{ x: 1n }, "invalid_json"],
      [{ x: () => {} }, "invalid_json"],
      [{ x: new Date(0) }, "invalid_json"],
      [{ x: new Map() }, "invalid_json"],
      [{ x: ["\0"] }, "invalid_json"],
      [{ "\ud800": 1 }, "invalid_json"],
      [{ x: "x".repeat(1_000_001) }, "text_too_long"],
    ]),
    crmFact("of a required field that is missing", (bench) =>
      refuseAll(
        bench,
        [
          (crm) => crm.specimens.create({} as never),
          (crm) => crm.specimens.create({ code: undefined } as never),
          (crm) => crm.specimens.upsert({ serial: 1 } as never, { by: "serial" }),
        ],
        "invalid_input specimen.code missing_field",
      ),
    ),
    crmFact("of a required field that is null", (bench) =>
      refuseAll(
        bench,
        [
          (crm) => crm.specimens.create({ code: null } as never),
          (crm, id) => crm.specimens.update(id, { code: null } as never),
        ],
        "invalid_input specimen.code invalid_type",
      ),
    ),
    crmFact("of fields that do not exist", async (bench) => {
      await refuseAll(
        bench,
        [
          (crm) => crm.specimens.create({ code: "z", colour: "red" } as never),
          (crm, id) => crm.specimens.update(id, { colour: "red" } as never),
          (crm, id) => crm.specimens.updateMany([{ id, colour: "red" } as never]),
          (crm) => crm.specimens.upsert({ code: "a", colour: "red" } as never, { by: "code" }),
        ],
        "invalid_input specimen.colour unknown_field",
      );
      await refuseAll(
        bench,
        [(crm) => crm.specimens.create({ code: "z", crate: { id: "c1" } } as never)],
        "invalid_input specimen.crate unknown_field",
      );
      await refuseAll(
        bench,
        [(crm) => crm.specimens.create({ code: "z", price: { amount: "1", currency: "EUR", rate: 2 } } as never)],
        "invalid_input specimen.price.rate unknown_field",
      );
      await refuseAll(
        bench,
        [(crm) => crm.specimens.create({ code: "z", price: { amount: 1, currency: "EUR" } } as never)],
        "invalid_input specimen.price.amount invalid_type",
      );
    }),
    crmFact("of ids of new records", async (bench) => {
      await refuseAll(
        bench,
        [(crm) => crm.specimens.create({ id: "x", code: "z" }), (crm) => crm.specimens.create({ id: "", code: "z" })],
        "invalid_input specimen.id invalid_id",
      );
      await refuseAll(bench, [(crm) => crm.crates.create({ id: "" })], "invalid_input crate.id empty_text");
    }),
    crmFact("that refer to nothing", (bench) =>
      refuseAll(
        bench,
        [
          (crm) => crm.specimens.create({ code: "z", crateId: "c9" }),
          (crm, id) => crm.specimens.update(id, { crateId: "c9" }),
          (crm, id) => crm.specimens.updateMany([{ id, crateId: "c9", weight: 9 }]),
          (crm) => crm.specimens.upsert({ code: "a", crateId: "c9" }, { by: "code" }),
          (crm) => crm.specimens.createMany([{ code: "z" }, { code: "y", crateId: "c9" }]),
          (crm) => crm.transaction((tx) => tx.specimens.create({ code: "z", crateId: "c9" })),
        ],
        "reference_not_found specimen.crateId",
      ),
    ),
    crmFact("that another record has already", (bench) =>
      refuseAll(
        bench,
        [
          (crm) => crm.specimens.create({ code: "a" }),
          (crm) => crm.specimens.createMany([{ code: "z" }, { code: "a" }]),
          (crm) => crm.specimens.upsert({ code: "a", serial: 3 }, { by: "serial" }),
        ],
        "not_unique specimen.code",
      ),
    ),
    crmFact("of versions", async (bench) => {
      await refuseAll(
        bench,
        [
          (crm, id) => crm.specimens.update(id, { weight: 2 }, { version: 2 }),
          (crm, id) => crm.specimens.delete(id, { version: 0 }),
          (crm, id) => crm.specimens.updateMany([{ id, version: -1, weight: 2 }]),
        ],
        "stale_version specimen",
      );
      const calls = ["1", null, 1.5, Number.NaN, 1n, {}].flatMap((version): Attempt[] => [
        (crm, id) => crm.specimens.update(id, { weight: 2 }, { version } as never),
        (crm, id) => crm.specimens.updateMany([{ id, version, weight: 2 } as never]),
        (crm, id) => crm.specimens.delete(id, { version } as never),
      ]);
      await refuseAll(bench, calls, "invalid_input specimen.version invalid_type");
    }),
    crmFact("of JSON that is nested too deep to be walked", async (bench) => {
      let deep: unknown = 1;
      for (let level = 0; level < 50_000; level++) deep = [deep];
      await refuseAll(
        bench,
        [
          (crm, id) => crm.specimens.update(id, { details: { deep } }),
          (crm) => crm.specimens.create({ code: "z", details: { deep } }),
        ],
        "invalid_input specimen.details invalid_json",
      );
      const note = defineEntity("note", {
        plural: "notes",
        fields: { body: json(z.json()), size: integer().default(0) },
      });
      const crm = await createCrm({ ...(await bench.options()), entities: [note] });
      expect(await failure(crm.notes.create({ body: deep as never }))).toMatchObject({
        code: "invalid_input",
        details: { entity: "note" },
      });
      expect(await crm.notes.count()).toBe(0);
    }),
  ],
};
