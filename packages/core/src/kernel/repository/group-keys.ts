/** The `groupBy` of an aggregate: named keys, each a field of the record or of one that it refers to. */

import type { EntitySchema, FieldSchema, ResolvedSchema } from "../entity/entity-schema.ts";
import type { TenantCalendar } from "../plugin/provided.ts";
import type { Join } from "../storage/predicate.ts";
import type { ColumnKey, GroupKey } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { wordsOf } from "../thrown.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { isTimeZone } from "../value/time-zone.ts";
import type { Bucket } from "./aggregate.ts";
import { bucketNames, isBucket, isFiscal, isOfMonths, periodOf } from "./buckets.ts";
import { invalidQuery, type Params, refuseName } from "./compilation.ts";
import { compileWhere, targetOf } from "./compile-where.ts";

export interface NamedGroupKey {
  readonly name: string;
  /** A function where values are bound: for each query anew. */
  readonly query: ColumnKey | ((params: Params) => GroupKey);
  /** What the database returns, never null, to the bucket that it belongs to, where the database's groups are finer or have no names. */
  readonly bucketOf: ((stored: Storable) => string | null) | undefined;
  decode(stored: Storable): unknown;
}

/** A key that is put into buckets. */
export interface BucketKey {
  readonly name: string;
  /** Of the record that the path leads to. */
  readonly entity: EntitySchema;
  readonly field: FieldSchema;
  readonly path: readonly Join[];
  readonly bucket: Bucket;
  /** Of an instant: where days begin and end; the tenant's own, unless said. */
  readonly timeZone: string | undefined;
}

export type CompiledKey =
  | ({ readonly kind: "plain" } & NamedGroupKey)
  | ({ readonly kind: "date" | "instant" } & BucketKey);

export function compileGroupKeys(
  schema: ResolvedSchema,
  entity: EntitySchema,
  groupBy: unknown,
): readonly CompiledKey[] {
  if (groupBy === undefined) return [];
  if (!isPlainObject(groupBy)) throw invalidQuery(entity.name, "groupBy", "must be an object of named keys");
  return Object.entries(groupBy).map(([name, key]) => {
    refuseName(entity, "groupBy", name);
    return compileKey(schema, entity, { name, key, path: [] });
  });
}

/** Whether the tenant's own calendar is needed to make groups of it. */
export function needsCalendar(key: CompiledKey): boolean {
  if (key.kind === "plain") return false;
  return isFiscal(key.bucket) || (key.kind === "instant" && key.timeZone === undefined);
}

const MOST_STEPS = 16;

interface KeyRequest {
  readonly name: string;
  readonly key: unknown;
  readonly path: readonly Join[];
}

function compileKey(schema: ResolvedSchema, entity: EntitySchema, { name, key, path }: KeyRequest): CompiledKey {
  if (path.length > MOST_STEPS)
    throw invalidQuery(entity.name, `groupBy.${name}`, `goes through more than ${MOST_STEPS} relations`);
  if (typeof key === "string") return plainKey(groupable(entity, key), name, path);
  const entries = isPlainObject(key) ? Object.entries(key) : [];
  if (path.length === 0 && entries.some(([option, value]) => option === "cases" && Array.isArray(value)))
    return caseKey(schema, entity, { name, request: key as CasesRequest });
  const [step, inner] = entries[0] ?? [];
  if (step === undefined || entries.length !== 1) {
    const forms = "a field, { relation: field }, { dateField: bucket } or { cases: [{ where, value }], otherwise }";
    throw invalidQuery(entity.name, `groupBy.${name}`, `must be ${forms}`);
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

function plainKey(field: FieldSchema, name: string, path: readonly Join[]): CompiledKey {
  return {
    kind: "plain",
    name,
    query: { path, column: field.columns[0]!.name },
    bucketOf: undefined,
    decode: (stored) => (stored === null ? null : field.codec.decode([stored])),
  };
}

const MOST_CASES = 1_000;

/** Conditions are bound for each query anew; compiled once here, they are refused before anything is asked. */
function caseKey(
  schema: ResolvedSchema,
  entity: EntitySchema,
  { name, request }: { readonly name: string; readonly request: CasesRequest },
): CompiledKey {
  const { cases, otherwise = null, ...others } = request;
  const refuse = (place: string, problem: string) => invalidQuery(entity.name, `groupBy.${name}${place}`, problem);
  const [other] = Object.keys(others);
  if (other !== undefined) throw refuse("", `has no option "${other}": use { cases, otherwise }`);
  if (cases.length === 0) throw refuse(".cases", "is empty: give at least one { where, value }");
  if (cases.length > MOST_CASES) throw refuse(".cases", `has more than ${MOST_CASES} cases`);
  if (otherwise !== null && typeof otherwise !== "string") throw refuse(".otherwise", "must be a text or null");
  const values: (string | null)[] = [];
  const conditions: unknown[] = [];
  for (const [at, each] of cases.entries()) {
    const { where, value, ...more } = isPlainObject(each) ? (each as Partial<Record<"where" | "value", unknown>>) : {};
    if (where === undefined || Object.keys(more).length > 0) throw refuse(`.cases.${at}`, "must be { where, value }");
    if (typeof value !== "string") throw refuse(`.cases.${at}.value`, "must be a text");
    conditions.push(where);
    values.push(value);
  }
  values.push(otherwise);
  const query = (params: Params): GroupKey => ({
    cases: conditions.map((where) => compileWhere({ schema, entity, params }, where)),
  });
  query([]);
  return { kind: "plain", name, query, bucketOf: (place) => values[place as number] ?? null, decode: (value) => value };
}

interface CasesRequest {
  readonly cases: readonly unknown[];
  readonly otherwise?: unknown;
}

function bucketKey(field: FieldSchema, { name, key, path }: KeyRequest, entity: EntitySchema): CompiledKey {
  const refuse = (problem: string) => invalidQuery(entity.name, field.name, problem);
  const { kind } = field.definition;
  if (kind !== "date" && kind !== "instant")
    throw refuse("is neither a date nor an instant, and cannot be put into buckets");
  const { bucket, timeZone, ...others } = isPlainObject(key) ? key : { bucket: key };
  const [other] = Object.keys(others);
  if (other !== undefined) throw refuse(`has no option "${other}": use { bucket, timeZone }`);
  if (!isBucket(bucket)) throw refuse(`has no bucket "${wordsOf(bucket)}": use ${bucketNames.join(", ")}`);
  if (timeZone !== undefined) {
    if (kind === "date") throw refuse("is a day already, and passes through no time zone");
    if (typeof timeZone !== "string" || !isTimeZone(timeZone))
      throw refuse(`cannot be seen from "${wordsOf(timeZone)}", which is no time zone such as "Europe/Berlin"`);
  }
  return { kind, name, entity, field, path, bucket, timeZone: timeZone as string | undefined };
}

/** The key of a date: the database groups by month where that is fine enough, else by day. */
export function dateKey({ name, field, path, bucket }: BucketKey, calendar: TenantCalendar | undefined): NamedGroupKey {
  const period = periodOf(bucket, calendar);
  const byMonth = isOfMonths(bucket, calendar);
  const query: ColumnKey = { path, column: field.columns[0]!.name, ...(byMonth ? { bucket: "month" as const } : {}) };
  const isNamed = bucket === "day" || bucket === "month";
  const bucketOf = (stored: Storable) => period(byMonth ? `${stored}-01` : (stored as string)).name;
  return { name, query, bucketOf: isNamed ? undefined : bucketOf, decode: (value) => value };
}
