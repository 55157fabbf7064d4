/** Null, lists, texts and numbers where an object or a list belongs: each is a CrmError, and leaves nothing. */
import { count } from "@relata/core";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { type Attempt, refuseAll } from "./tampering.ts";

const NO_OBJECTS: readonly unknown[] = [
  null,
  [],
  ["x"],
  "text",
  5,
  true,
  new Date(0),
  new Map(),
  Promise.resolve({}),
  () => {},
];
const NO_LISTS: readonly unknown[] = [null, undefined, {}, "text", 5, { length: 1, 0: { code: "z" } }];

const each = (given: readonly unknown[], call: (value: never) => Attempt): Attempt[] =>
  given.map((value) => call(value as never));

export const badShapes: CrmSuite = {
  name: "bad shapes",
  facts: [
    crmFact("of inputs", (bench) =>
      refuseAll(
        bench,
        [...NO_OBJECTS, undefined].flatMap((value): Attempt[] => [
          (crm) => crm.specimens.create(value as never),
          (crm) => crm.specimens.createMany([value] as never),
          (crm, id) => crm.specimens.update(id, value as never),
          (crm) => crm.specimens.upsert(value as never, { by: "code" }),
          (crm) => crm.specimens.upsertMany([value] as never, { by: "code" }),
        ]),
        "invalid_input specimen. invalid_type",
      ),
    ),
    crmFact("of lists of inputs", (bench) =>
      refuseAll(
        bench,
        NO_LISTS.flatMap((value): Attempt[] => [
          (crm) => crm.specimens.createMany(value as never),
          (crm) => crm.specimens.createMany(value as never, { onError: "continue" }),
          (crm) => crm.specimens.updateMany(value as never),
          (crm) => crm.specimens.upsertMany(value as never, { by: "code" }),
        ]),
        "invalid_input specimen. invalid_type",
      ),
    ),
    crmFact("of changes", async (bench) => {
      await refuseAll(
        bench,
        each(NO_OBJECTS, (value) => (crm) => crm.specimens.updateMany([value])),
        "invalid_input specimen. invalid_type",
      );
      await refuseAll(
        bench,
        each([{}, { id: null }, { id: 5 }, { id: {} }], (value) => (crm) => crm.specimens.updateMany([value])),
        "invalid_input specimen.id invalid_type",
      );
    }),
    crmFact("of options", (bench) =>
      refuseAll(
        bench,
        NO_OBJECTS.flatMap((value): Attempt[] => [
          (crm) => crm.specimens.list(value as never),
          (crm) => crm.specimens.find(value as never),
          (crm) => crm.specimens.count(value as never),
          (crm) => crm.specimens.aggregate(value as never),
          (crm, id) => crm.specimens.get(id, value as never),
          (crm, id) => crm.specimens.update(id, { weight: 2 }, value as never),
          (crm, id) => crm.specimens.delete(id, value as never),
          (crm) => crm.specimens.createMany([{ code: "z" }], value as never),
          (crm) => crm.specimens.upsert({ code: "z" }, value as never),
          (crm) => crm.specimens.upsertMany([{ code: "z" }], value as never),
        ]),
        "invalid_query specimen.",
      ),
    ),
    crmFact("of ids", async (bench) => {
      const ids = [null, undefined, 5, {}, [], new Date(0)];
      await refuseAll(
        bench,
        each(ids, (id) => (crm) => crm.specimens.get(id)),
        "invalid_query specimen.id",
      );
      await refuseAll(
        bench,
        ids.flatMap((id): Attempt[] => [
          (crm) => crm.specimens.update(id as never, { weight: 2 }),
          (crm) => crm.specimens.delete(id as never),
          (crm) => crm.specimens.archive(id as never),
          (crm) => crm.specimens.restore(id as never),
        ]),
        "invalid_input specimen.id invalid_type",
      );
      await refuseAll(
        bench,
        ["", "x", "\0", "\ud800", "x".repeat(100_000), "__proto__"].flatMap((id): Attempt[] => [
          (crm) => crm.specimens.get(id),
          (crm) => crm.specimens.update(id, { weight: 2 }),
          (crm) => crm.specimens.delete(id),
          (crm) => crm.specimens.archive(id),
        ]),
        "not_found specimen",
      );
    }),
    crmFact("of aggregates", async (bench) => {
      await refuseAll(
        bench,
        [
          (crm) => crm.specimens.aggregate({} as never),
          ...each(NO_OBJECTS, (measures) => (crm) => crm.specimens.aggregate({ measures })),
        ],
        "invalid_query specimen.measures",
      );
      await refuseAll(
        bench,
        each(
          [null, undefined, "count", 5, [], {}, { fn: "sum" }],
          (x) => (crm) => crm.specimens.aggregate({ measures: { x } }),
        ),
        "invalid_query specimen.undefined",
      );
      await refuseAll(
        bench,
        each(NO_OBJECTS, (groupBy) => (crm) => crm.specimens.aggregate({ groupBy, measures: { n: count() } })),
        "invalid_query specimen.groupBy",
      );
    }),
    crmFact("of units", async (bench) => {
      await refuseAll(
        bench,
        each(NO_OBJECTS.slice(0, -1), (work) => (crm) => crm.transaction(work)),
        "invalid_input handle.work invalid_type",
      );
    }),
  ],
};
