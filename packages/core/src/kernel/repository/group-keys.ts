/** The `groupBy` of an aggregate: named keys, each a field of the record or of one that it refers to. */

import type { EntitySchema, FieldSchema, ResolvedSchema } from "../entity/entity-schema.ts";
import type { Join } from "../storage/predicate.ts";
import type { GroupKey } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { wordsOf } from "../thrown.ts";
import { mondayOf, quarterOf } from "../value/calendar.ts";
import { isPlainObject } from "../value/plain-object.ts";
import type { Bucket } from "./aggregate.ts";
import { invalidQuery, refuseName } from "./compilation.ts";
import { targetOf } from "./compile-where.ts";

export interface NamedGroupKey {
  readonly name: string;
  readonly query: GroupKey;
  /** What the database returns to the bucket that it belongs to, where the database's groups are finer. */
  readonly bucketOf: ((stored: string) => string) | undefined;
  decode(stored: Storable): unknown;
}

export function compileGroupKeys(
  schema: ResolvedSchema,
  entity: EntitySchema,
  groupBy: unknown,
): readonly NamedGroupKey[] {
  if (groupBy === undefined) return [];
  if (!isPlainObject(groupBy)) throw invalidQuery(entity.name, "groupBy", "must be an object of named keys");
  return Object.entries(groupBy).map(([name, key]) => {
    refuseName(entity, "groupBy", name);
    return compileKey(schema, entity, { name, key, path: [] });
  });
}

const MOST_STEPS = 16;

interface KeyRequest {
  readonly name: string;
  readonly key: unknown;
  readonly path: readonly Join[];
}

function compileKey(schema: ResolvedSchema, entity: EntitySchema, { name, key, path }: KeyRequest): NamedGroupKey {
  if (path.length > MOST_STEPS)
    throw invalidQuery(entity.name, `groupBy.${name}`, `goes through more than ${MOST_STEPS} relations`);
  if (typeof key === "string") return plainKey(groupable(entity, key), name, path);
  const entries = isPlainObject(key) ? Object.entries(key) : [];
  const [step, inner] = entries[0] ?? [];
  if (step === undefined || entries.length !== 1) {
    throw invalidQuery(entity.name, `groupBy.${name}`, "must be a field, { relation: field } or { dateField: bucket }");
  }
  const relation = entity.relations.get(step);
  if (relation?.cardinality === "one") {
    const target = targetOf(schema, relation);
    const join: Join = { table: target.table.name, local: relation.local, foreign: relation.foreign };
    return compileKey(schema, target, { name, key: inner, path: [...path, join] });
  }
  return bucketKey(groupable(entity, step), { name, key: inner, path }, entity);
}

function groupable(entity: EntitySchema, name: string): FieldSchema {
  const field = entity.fields.get(name);
  if (!field) throw invalidQuery(entity.name, name, "is neither a field nor a to-one relation to group by");
  if (field.columns.length > 1 || field.definition.kind === "json")
    throw invalidQuery(entity.name, name, "cannot be grouped by");
  return field;
}

function plainKey(field: FieldSchema, name: string, path: readonly Join[]): NamedGroupKey {
  return {
    name,
    query: { path, column: field.columns[0]!.name },
    bucketOf: undefined,
    decode: (stored) => (stored === null ? null : field.codec.decode([stored])),
  };
}

const BUCKETS: Record<Bucket, { readonly stored?: "month"; readonly bucketOf?: (stored: string) => string }> = {
  day: {},
  week: { bucketOf: mondayOf },
  month: { stored: "month" },
  quarter: { stored: "month", bucketOf: quarterOf },
  year: { stored: "month", bucketOf: (month) => month.slice(0, 4) },
};

function bucketKey(field: FieldSchema, { name, key, path }: KeyRequest, entity: EntitySchema): NamedGroupKey {
  if (field.definition.kind !== "date")
    throw invalidQuery(entity.name, field.name, "is no date, and cannot be put into buckets");
  if (typeof key !== "string" || !Object.hasOwn(BUCKETS, key)) {
    throw invalidQuery(
      entity.name,
      field.name,
      `has no bucket "${wordsOf(key)}": use ${Object.keys(BUCKETS).join(", ")}`,
    );
  }
  const { stored, bucketOf } = BUCKETS[key as Bucket];
  const query: GroupKey = { path, column: field.columns[0]!.name, ...(stored ? { bucket: stored } : {}) };
  return { name, query, bucketOf, decode: (value) => value };
}
