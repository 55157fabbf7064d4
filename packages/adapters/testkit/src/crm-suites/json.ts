/** fromJson: records through JSON and back, and inputs from the bodies of requests. */
import { expect } from "vitest";
import { failure, refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";

/** What another process makes of a value that this one has sent. */
const sent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const seenAt = "2026-06-15T08:30:00.250Z";

export const json: CrmSuite = {
  name: "JSON",
  facts: [
    crmFact(
      "of a record is plain: dates as ISO text, money as an object, null where there is no value",
      async (bench) => {
        const crm = await bench.open();
        const record = await crm.specimens.create({
          code: "a",
          weight: 7,
          ratio: "0.125",
          price: { amount: "12500.00", currency: "EUR" },
          foundOn: "2026-06-14",
          seenAt: new Date(seenAt),
          details: { site: { depth: 3 } },
        });
        expect(sent(record)).toEqual({
          id: record.id,
          version: 1,
          createdAt: "2026-06-15T10:00:00.000Z",
          createdBy: null,
          updatedAt: "2026-06-15T10:00:00.000Z",
          updatedBy: null,
          archivedAt: null,
          code: "a",
          title: null,
          note: null,
          weight: 7,
          pieces: 1,
          ratio: "0.125",
          share: null,
          price: { amount: "12500.00", currency: "EUR" },
          foundOn: "2026-06-14",
          seenAt,
          active: true,
          grade: null,
          details: { site: { depth: 3 } },
          origin: null,
          serial: null,
          crateId: null,
          twinId: null,
        });
      },
    ),
    crmFact("of a record becomes an equal record again", async (bench) => {
      const crm = await bench.open();
      const price = { amount: "-0.01", currency: "EUR" };
      const { id } = await crm.specimens.create({ code: "a", ratio: "1.5", price, seenAt: new Date(seenAt) });
      await crm.specimens.archive(id);
      const record = await crm.specimens.get(id);
      expect(crm.specimens.fromJson(sent(record))).toEqual(record);
      expect(crm.specimens.fromJson(record)).toEqual(record);
    }),
    crmFact("of a new record is an input, with points in time as ISO text", async (bench) => {
      const crm = await bench.open();
      const body = sent({ code: "a", seenAt, price: { amount: "1", currency: "EUR" }, note: null });
      const created = await crm.specimens.create(crm.specimens.fromJson(body, "create"));
      expect(created).toMatchObject({ code: "a", seenAt: new Date(seenAt), note: null });
    }),
    crmFact("of a patch is one, and an offset means what it says", async (bench) => {
      const crm = await bench.open();
      const { id } = await crm.specimens.create({ code: "a" });
      const patch = crm.specimens.fromJson({ seenAt: "2026-06-15T10:30:00+02:00", weight: 3 }, "update");
      expect(await crm.specimens.update(id, patch)).toMatchObject({
        seenAt: new Date("2026-06-15T08:30:00Z"),
        weight: 3,
      });
      expect(crm.specimens.fromJson({}, "update")).toEqual({});
    }),
    crmFact("that is no point in time is refused with the field's name", async (bench) => {
      const crm = await bench.open();
      for (const wrong of [
        "2026-06-15",
        "2026-06-15T10:00",
        "2026-02-30T10:00:00Z",
        "2026-06-15T24:00:00Z",
        "soon",
        "",
        1,
        {},
        true,
      ]) {
        expect(
          await failure((async () => crm.specimens.fromJson({ code: "a", seenAt: wrong }, "create"))()),
        ).toMatchObject({
          code: "invalid_input",
          details: { entity: "specimen", issues: [{ field: "seenAt", code: "invalid_instant" }] },
        });
      }
    }),
    crmFact("is checked as an input is, and all that is wrong is told", async (bench) => {
      const crm = await bench.open();
      const record = sent(await crm.specimens.create({ code: "a" })) as object;
      const tried = async (body: unknown, purpose?: "create" | "update") => {
        const { issues = [] } = await refusedDetails((async () => crm.specimens.fromJson(body, purpose as "create"))());
        return issues.map(({ field, code }) => `${field} ${code}`);
      };
      expect(await tried({ weight: 1.5, extra: 1 }, "create")).toEqual([
        "code missing_field",
        "weight not_whole",
        "extra unknown_field",
      ]);
      expect(await tried({ createdAt: seenAt }, "update")).toEqual(["createdAt read_only_field"]);
      expect(await tried({ ...record, weight: "7", ratio: 0.5 })).toEqual([
        "weight invalid_type",
        "ratio invalid_type",
      ]);
      expect(await tried({ ...record, crate: null, more: 1 })).toEqual(["crate unknown_field", "more unknown_field"]);
      expect(await tried({ ...record, code: null, version: undefined })).toEqual([
        "version missing_field",
        "code invalid_type",
      ]);
      for (const body of [null, undefined, 7, "{}", [], new Date(0)]) {
        for (const purpose of [undefined, "create", "update"] as const) {
          expect(await tried(body, purpose)).toEqual([" invalid_type"]);
        }
      }
    }),
    crmFact("is read for a purpose that exists", async (bench) => {
      const crm = await bench.open();
      const error = await refused((async () => crm.specimens.fromJson({}, "upsert" as "create"))());
      expect(error.code).toBe("invalid_query");
    }),
    crmFact("with a key of JavaScript's own changes no object", async (bench) => {
      const crm = await bench.open();
      const body = JSON.parse('{"code":"a","__proto__":{"seenAt":"x"},"constructor":1}');
      expect((await refused((async () => crm.specimens.fromJson(body, "create"))())).code).toBe("invalid_input");
      expect("seenAt" in {}).toBe(false);
    }),
  ],
};
