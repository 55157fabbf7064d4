/** Queries that ask for what is not there are refused, naming the entity and what is wrong. */
import { count } from "@relata/core";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { type Attempt, refuseAll } from "./tampering.ts";

/** Each where and the field that is named, of the specimen unless "@entity.field" says otherwise. */
function wheres(name: string, cases: readonly (readonly [unknown, string])[]) {
  return crmFact(name, async (bench) => {
    for (const [where, field] of cases) {
      const query = { where } as never;
      const calls: Attempt[] = [
        (crm) => crm.specimens.list(query),
        (crm) => crm.specimens.find(query),
        (crm) => crm.specimens.count(query),
        (crm) => crm.specimens.aggregate({ where, measures: { n: { fn: "count", field: "" } } } as never),
        (crm) => crm.specimens.list({ where: { or: [{ weight: 1 }, { not: where }] } } as never),
        (crm) => crm.crates.list({ where: { specimens: { some: where } } } as never),
        (crm) => crm.crates.get("c1", { include: { specimens: { where } } } as never),
      ];
      await refuseAll(bench, calls, `invalid_query ${field.includes("@") ? field.slice(1) : `specimen.${field}`}`);
    }
  });
}

function queries(name: string, cases: readonly (readonly [object, string])[]) {
  return crmFact(name, async (bench) => {
    for (const [query, error] of cases)
      await refuseAll(
        bench,
        [(crm) => crm.specimens.list(query as never), (crm) => crm.specimens.find(query as never)],
        error,
      );
  });
}

const nested = (depth: number, inner: unknown, wrap: (inner: unknown) => unknown): unknown => {
  let outcome = inner;
  for (let level = 0; level < depth; level++) outcome = wrap(outcome);
  return outcome;
};

export const badQueries: CrmSuite = {
  name: "bad queries",
  facts: [
    wheres("filter by what does not exist", [
      [{ colour: "red" }, "colour"],
      [{ tenantId: "x" }, "tenantId"],
      [{ tenant_id: "x" }, "tenant_id"],
      [{ title_folded: "x" }, "title_folded"],
      [{ weight: { more: 1 } }, "weight"],
      [{ weight: { contains: "1" } }, "weight"],
      [{ weight: { constructor: 1 } }, "weight"],
      [{ active: { gt: false } }, "active"],
      [{ grade: { startsWith: "f" } }, "grade"],
      [{ crateId: { lt: "c2" } }, "crateId"],
      [{ details: { a: 1 } }, "details"],
      [{ details: "x" }, "details"],
      [{ price: { amount: "1" } }, "price.eq"],
      [{ note: { fold: true, eq: "x" } }, "note"],
      [{ title: { fold: "yes", eq: "x" } }, "title"],
      [{ samples: { any: {} } }, "samples"],
      [{ crate: { colour: 1 } }, "@crate.colour"],
    ]),
    wheres("filter by values that the field cannot have", [
      [{ weight: "1" }, "weight.eq"],
      [{ weight: Number.NaN }, "weight.eq"],
      [{ weight: { gt: 1.5 } }, "weight.gt"],
      [{ weight: { in: 1 } }, "weight.in"],
      [{ weight: { in: [1, null] } }, "weight.in"],
      [{ weight: { notIn: ["1"] } }, "weight.notIn"],
      [{ weight: { between: [1] } }, "weight.between"],
      [{ weight: { between: [1, 2, 3] } }, "weight.between"],
      [{ weight: { between: [1, null] } }, "weight.between"],
      [{ weight: { gt: null } }, "weight.gt"],
      [{ weight: [1] }, "weight.eq"],
      [{ ratio: 1.5 }, "ratio.eq"],
      [{ ratio: "1.23456" }, "ratio.eq"],
      [{ price: { gt: "5" } }, "price.gt"],
      [{ price: { gt: { amount: "5", currency: "XXY" } } }, "price.gt"],
      [{ price: { gt: { amount: "0.001", currency: "EUR" } } }, "price.gt"],
      [
        {
          price: {
            between: [
              { amount: "1", currency: "EUR" },
              { amount: "2", currency: "USD" },
            ],
          },
        },
        "price.between",
      ],
      [{ foundOn: "2026-02-30" }, "foundOn.eq"],
      [{ foundOn: { gte: new Date(0) } }, "foundOn.gte"],
      [{ seenAt: "2026-01-01" }, "seenAt.eq"],
      [{ seenAt: { lt: new Date(Number.NaN) } }, "seenAt.lt"],
      [{ active: "true" }, "active.eq"],
      [{ grade: "good" }, "grade.eq"],
      [{ grade: { in: ["good"] } }, "grade.in"],
      [{ id: "nonsense" }, "id.eq"],
      [{ twinId: "nonsense" }, "twinId.eq"],
      [{ title: { contains: 5 } }, "title.contains"],
      [{ title: { contains: "\0" } }, "title.contains"],
      [{ title: { startsWith: "\ud800" } }, "title.startsWith"],
      [{ title: { fold: true, endsWith: "\0" } }, "title.endsWith"],
      [{ title: "\ud800" }, "title.eq"],
      [{ title: { contains: null } }, "title.contains"],
      [{ details: { isNull: "yes" } }, "details"],
      [{ details: { eq: null } }, "details"],
    ]),
    wheres("hold undefined, at any depth, where a condition was forgotten", [
      [{ weight: undefined }, "weight"],
      [{ weight: { gt: undefined } }, "weight.gt"],
      [{ weight: { in: [undefined] } }, "weight.in"],
      [{ weight: { in: undefined } }, "weight.in"],
      [{ crate: undefined }, "crate"],
      [{ samples: undefined }, "samples"],
      [{ samples: { some: undefined } }, "samples.some"],
      [{ not: undefined }, "not"],
      [{ and: undefined }, "and"],
      [{ or: [undefined] }, "where"],
      [{ and: [{ weight: 1 }, undefined] }, "where"],
      [{ or: [{ or: [{ weight: undefined }] }] }, "weight"],
      [{ crate: { outer: { label: undefined } } }, "@crate.label"],
      [{ samples: { every: { part: undefined } } }, "@sample.part"],
    ]),
    wheres("have lists, texts and nothing where an object belongs", [
      [null, "where"],
      ["weight = 1", "where"],
      [["weight"], "where"],
      [5, "where"],
      [new Date(0), "where"],
      [new Map([["weight", 1]]), "where"],
      [{ and: {} }, "and"],
      [{ or: null }, "or"],
      [{ or: "x" }, "or"],
      [{ or: [null] }, "where"],
      [{ or: ["x"] }, "where"],
      [{ not: null }, "where"],
      [{ not: [] }, "where"],
      [{ samples: null }, "samples"],
      [{ samples: [] }, "samples"],
      [{ samples: { some: null } }, "@sample.where"],
      [{ crate: "c1" }, "@crate.where"],
      [{ crate: [] }, "@crate.where"],
    ]),
    crmFact("are nested too deep", async (bench) => {
      for (const depth of [40, 50_000]) {
        const where = (inner: unknown, wrap: (inner: unknown) => unknown) =>
          ({ where: nested(depth, inner, wrap) }) as never;
        await refuseAll(
          bench,
          [
            (crm) => crm.specimens.list(where({}, (inner) => ({ not: inner }))),
            (crm) => crm.specimens.count(where({}, (inner) => ({ or: [inner] }))),
            (crm) => crm.specimens.find(where({}, (inner) => ({ and: [{ weight: 1 }, inner] }))),
          ],
          "invalid_query specimen.where",
        );
        await refuseAll(
          bench,
          [
            (crm) => crm.crates.list(where({}, (inner) => ({ outer: inner }))),
            (crm) => crm.crates.list(where({}, (inner) => ({ inner: { some: inner } }))),
          ],
          "invalid_query crate.where",
        );
        const include = nested(depth, true, (inner) => ({ include: { outer: inner } }));
        await refuseAll(
          bench,
          [
            (crm) => crm.crates.list({ include: { outer: include } } as never),
            (crm) => crm.crates.get("c1", { include: { outer: include } } as never),
          ],
          "invalid_query crate.include",
        );
      }
    }),
    queries("order by what has no order, or in no direction", [
      [{ orderBy: [{ colour: "asc" }] }, "invalid_query specimen.colour"],
      [{ orderBy: [{ details: "asc" }] }, "invalid_query specimen.details"],
      [{ orderBy: [{ crate: "asc" }] }, "invalid_query specimen.crate"],
      [{ orderBy: [{ weight: "ASC" }] }, "invalid_query specimen.orderBy.weight"],
      [{ orderBy: [{ weight: 1 }] }, "invalid_query specimen.orderBy.weight"],
      [{ orderBy: [{ weight: undefined }] }, "invalid_query specimen.orderBy.weight"],
      [{ orderBy: { weight: "asc" } }, "invalid_query specimen.orderBy"],
      [{ orderBy: "weight" }, "invalid_query specimen.orderBy"],
      [{ orderBy: null }, "invalid_query specimen.orderBy"],
      [{ orderBy: ["weight"] }, "invalid_query specimen.orderBy"],
      [{ orderBy: [null] }, "invalid_query specimen.orderBy"],
    ]),
    queries("include and select what is not there", [
      [{ include: { colour: true } }, "invalid_query specimen.colour"],
      [{ include: { crateId: true } }, "invalid_query specimen.crateId"],
      [{ include: { crate: { include: { colour: true } } } }, "invalid_query crate.colour"],
      [{ include: { crate: false } }, "invalid_query specimen.include.crate"],
      [{ include: { crate: undefined } }, "invalid_query specimen.include.crate"],
      [{ include: { crate: "all" } }, "invalid_query specimen.include.crate"],
      [{ include: { crate: [] } }, "invalid_query specimen.include.crate"],
      [{ include: { crate: { where: {} } } }, "invalid_query crate.include.crate"],
      [{ include: { samples: { page: 2 } } }, "invalid_query sample.include.samples"],
      [{ include: { samples: { limit: 0 } } }, "invalid_query sample.limit"],
      [{ include: { samples: { limit: 10_001 } } }, "invalid_query sample.limit"],
      [{ include: { samples: { orderBy: [{ colour: "asc" }] } } }, "invalid_query sample.colour"],
      [{ include: { samples: { archived: "no" } } }, "invalid_query sample.archived"],
      [{ include: ["crate"] }, "invalid_query specimen.include"],
      [{ include: "crate" }, "invalid_query specimen.include"],
      [{ include: null }, "invalid_query specimen.include"],
      [{ select: ["colour"] }, "invalid_query specimen.colour"],
      [{ select: ["crate"] }, "invalid_query specimen.crate"],
      [{ select: [null] }, "invalid_query specimen.null"],
      [{ select: "code" }, "invalid_query specimen.select"],
      [{ select: { code: true } }, "invalid_query specimen.select"],
      [{ archived: "never" }, "invalid_query specimen.archived"],
      [{ archived: true }, "invalid_query specimen.archived"],
    ]),
    crmFact("name what is no text, and cannot be made one", async (bench) => {
      const name = Object.create(null) as never;
      await refuseAll(
        bench,
        [
          (crm) => crm.specimens.list({ select: [name] }),
          (crm) => crm.specimens.upsert({ code: "a" }, { by: name }),
          (crm) => crm.specimens.aggregate({ measures: { n: { fn: "sum", field: name } } } as never),
        ],
        "invalid_query specimen.something that cannot be printed",
      );
      await refuseAll(
        bench,
        [(crm) => crm.specimens.aggregate({ groupBy: { day: { foundOn: name } }, measures: { n: count() } })],
        "invalid_query specimen.foundOn",
      );
      await refuseAll(
        bench,
        [(crm) => crm.specimens.aggregate({ measures: { n: count() }, having: { n: { gt: name } } })],
        "invalid_query specimen.having.n.gt",
      );
      await refuseAll(bench, [(crm, id) => crm.accounts.ancestors(id, { by: name })], "invalid_query account.by");
    }),
    crmFact("have options that there are not", async (bench) => {
      await refuseAll(
        bench,
        [
          (crm) => crm.specimens.list({ were: {} } as never),
          (crm) => crm.specimens.find({ were: {} } as never),
          (crm) => crm.specimens.count({ were: {} } as never),
          (crm) => crm.specimens.aggregate({ were: {} } as never),
          (crm, id) => crm.specimens.get(id, { were: {} } as never),
          (crm, id) => crm.specimens.update(id, { weight: 2 }, { were: 1 } as never),
          (crm, id) => crm.specimens.delete(id, { were: 1 } as never),
          (crm) => crm.specimens.createMany([{ code: "z" }], { were: 1 } as never),
          (crm) => crm.specimens.upsert({ code: "z" }, { by: "code", were: 1 } as never),
          (crm) => crm.specimens.upsertMany([{ code: "z" }], { by: "code", were: 1 } as never),
        ],
        "invalid_query specimen.were",
      );
      await refuseAll(
        bench,
        [(crm) => crm.specimens.find({ limit: 1 } as never), (crm) => crm.specimens.count({ limit: 1 } as never)],
        "invalid_query specimen.limit",
      );
      await refuseAll(
        bench,
        [(crm, id) => crm.specimens.get(id, { where: {} } as never)],
        "invalid_query specimen.where",
      );
      await refuseAll(
        bench,
        [(crm) => crm.specimens.createMany([{ code: "z" }], { onError: "ignore" } as never)],
        "invalid_query specimen.onError",
      );
    }),
  ],
};
