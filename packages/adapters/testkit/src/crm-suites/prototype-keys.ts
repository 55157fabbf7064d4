/** Keys that mean something to JavaScript are names like others: refused where there is no such field, and never followed. */

import { count } from "@relata/core";
import { expect } from "vitest";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { type Attempt, refuseAll } from "./tampering.ts";

/** As it comes from outside: only JSON.parse makes `__proto__` a key of its own. */
const keyed = (key: string, value: unknown): never =>
  JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`) as never;
const KEYS = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "then", "toJSON"];

function keys(name: string, error: (key: string) => string, calls: (key: string) => readonly Attempt[]) {
  return crmFact(name, async (bench) => {
    for (const key of KEYS) await refuseAll(bench, calls(key), error(key));
  });
}

export const prototypeKeys: CrmSuite = {
  name: "keys of prototypes",
  facts: [
    keys(
      "are refused in inputs",
      (key) => `invalid_input specimen.${key} unknown_field`,
      (key) => [
        (crm) => crm.specimens.create({ code: "z", ...(keyed(key, { polluted: 1 }) as object) }),
        (crm) => crm.specimens.create(Object.assign(keyed(key, { code: "y" }) as object, { code: "z" })),
        (crm, id) => crm.specimens.update(id, keyed(key, { weight: 2 })),
        (crm, id) => crm.specimens.updateMany([Object.assign(keyed(key, { weight: 2 }) as object, { id })]),
        (crm) =>
          crm.specimens.upsert(Object.assign(keyed(key, { polluted: 1 }) as object, { code: "a" }), { by: "code" }),
        (crm) => crm.specimens.createMany([Object.assign(keyed(key, 1) as object, { code: "z" })]),
      ],
    ),
    keys(
      "are refused in money",
      (key) => `invalid_input specimen.price.${key} unknown_field`,
      (key) => [
        (crm) =>
          crm.specimens.create({
            code: "z",
            price: Object.assign(keyed(key, { currency: "USD" }) as object, { amount: "1", currency: "EUR" }),
          }),
      ],
    ),
    keys(
      "are refused in where, orderBy, include and select",
      (key) => `invalid_query specimen.${key}`,
      (key) => [
        (crm) => crm.specimens.list({ where: keyed(key, { weight: 1 }) }),
        (crm) => crm.specimens.list({ where: { or: [keyed(key, { weight: 1 })] } }),
        (crm) => crm.specimens.count({ where: { not: keyed(key, 1) } }),
        (crm) => crm.crates.list({ where: { specimens: { some: keyed(key, 1) } } }),
        (crm) => crm.specimens.list({ orderBy: [keyed(key, "asc")] }),
        (crm) => crm.specimens.list({ include: keyed(key, true) }),
        (crm) => crm.crates.list({ include: { specimens: { include: keyed(key, true) } } as never }),
        (crm) => crm.specimens.list({ select: [key as never] }),
        (crm) => crm.specimens.list(keyed(key, {})),
        (crm) => crm.specimens.upsert({ code: "z" }, { by: key as never }),
      ],
    ),
    keys(
      "are refused as operators",
      () => "invalid_query specimen.weight",
      (key) => [
        (crm) => crm.specimens.list({ where: { weight: keyed(key, 1) } }),
        (crm) => crm.specimens.find({ where: { weight: keyed(key, { eq: 1 }) } }),
      ],
    ),
    keys(
      "are refused as fields to group by and to measure",
      (key) => `invalid_query specimen.${key}`,
      (key) => [
        (crm) => crm.specimens.aggregate({ groupBy: { x: key } as never, measures: { n: count() } }),
        (crm) => crm.specimens.aggregate({ groupBy: { x: keyed(key, "code") } as never, measures: { n: count() } }),
        (crm) => crm.specimens.aggregate({ measures: { n: { fn: "sum", field: key } } as never }),
        (crm) => crm.specimens.aggregate({ measures: { n: { fn: "sum", field: "weight", percent: key } } as never }),
      ],
    ),
    crmFact(
      "do not become the prototype of a row: __proto__ names neither a group key nor a measure",
      async (bench) => {
        await refuseAll(
          bench,
          [(crm) => crm.specimens.aggregate({ groupBy: keyed("__proto__", "code"), measures: { n: count() } })],
          "invalid_query specimen.groupBy.__proto__",
        );
        await refuseAll(
          bench,
          [(crm) => crm.specimens.aggregate({ measures: keyed("__proto__", { fn: "count", field: "" }) })],
          "invalid_query specimen.measures.__proto__",
        );
        await refuseAll(
          bench,
          [(crm) => crm.specimens.aggregate({ measures: { n: count() }, having: keyed("__proto__", { gt: 1 }) })],
          "invalid_query specimen.having.__proto__",
        );
        await refuseAll(
          bench,
          [(crm) => crm.specimens.aggregate({ measures: { n: count() }, orderBy: [keyed("__proto__", "asc")] })],
          "invalid_query specimen.orderBy.__proto__",
        );
      },
    ),
    crmFact("are kept as they are inside of JSON values", async (bench) => {
      const crm = await bench.open();
      const details = JSON.parse(
        '{"x":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"x"}}',
      ) as Record<string, unknown>;
      const { id } = await crm.specimens.create({ code: "a", details });
      const kept = (await crm.specimens.get(id)).details;
      expect(JSON.stringify(kept)).toBe(
        '{"x":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":"x"}}',
      );
      expect("polluted" in {}).toBe(false);
      expect("polluted" in (kept as { x: object }).x).toBe(false);
    }),
    crmFact("are good as ids, texts and tenants", async (bench) => {
      const crm = await bench.open();
      for (const key of KEYS) {
        const handle = crm.as({ tenantId: key, actorId: key });
        await handle.crates.create({ id: key, label: key });
        await handle.crates.update(key, { outerId: key });
        expect(await handle.crates.get(key, { include: { outer: true, inner: true } })).toMatchObject({
          id: key,
          label: key,
          createdBy: key,
          outer: { id: key },
          inner: [{ id: key }],
        });
        expect(await handle.crates.aggregate({ groupBy: { label: "label" }, measures: { n: count() } })).toEqual([
          { label: key, n: 1 },
        ]);
        await handle.crates.delete(key);
        expect(await handle.crates.count()).toBe(0);
      }
    }),
  ],
};
