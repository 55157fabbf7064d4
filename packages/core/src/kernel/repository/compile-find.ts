/** Turns what a caller asks for into one query for the adapter, and its rows back into records. */

import type { EntitySchema, FieldSchema, Relation } from "../entity/entity-schema.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { AfterKey, FindQuery, IncludeQuery, OrderKey, Row } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { wordsOf } from "../thrown.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { type Compilation, invalidQuery, type Params } from "./compilation.ts";
import { compileWhere, targetOf } from "./compile-where.ts";
import { decoderOf } from "./record-decoder.ts";

export type Decode = (row: Row) => object;

/** What `get`, `find` and `list` have in common, its types forgotten. */
export interface FindRequest {
  readonly where?: unknown;
  readonly include?: unknown;
  readonly select?: unknown;
  readonly orderBy?: unknown;
  readonly archived?: unknown;
  readonly limit?: number;
}

/** What is to be read, but for the conditions, and how a row becomes a record. */
export interface FindShape {
  readonly query: Pick<FindQuery, "table" | "columns" | "orderBy" | "include">;
  readonly decode: Decode;
  /** Where in a row the values of the order's keys stand. */
  readonly keyPositions: readonly number[];
}

export interface CompiledFind extends FindShape {
  readonly query: FindQuery;
}

const MOST_IN_INCLUDE = 10_000;
const MOST_LEVELS = 16;

/** @throws `invalid_query`, naming the entity and what is wrong. */
export function compileFind(at: Compilation, request: FindRequest): CompiledFind {
  return compileLevel(at, { request, level: 0, needed: [] });
}

/** What `order`, `include` and `select` make of a find. Without `where` and `limit` in its includes it is free of values. */
export function compileShape(at: Compilation, request: Pick<FindRequest, "orderBy" | "include" | "select">): FindShape {
  return shapeLevel(at, { request, level: 0, needed: [] });
}

interface Level {
  readonly request: FindRequest;
  readonly level: number;
  /** Columns that the row must have, whether or not they were selected. */
  readonly needed: readonly string[];
}

function compileLevel(at: Compilation, level: Level): CompiledFind {
  const where = findCondition(at, level.request);
  const { query, ...shape } = shapeLevel(at, level);
  const { limit } = level.request;
  return { ...shape, query: { ...query, where, ...(limit === undefined ? {} : { limit: at.params.push(limit) - 1 }) } };
}

/** What `where` and `archived` ask for. */
export function findCondition(at: Compilation, { where, archived }: FindRequest): Predicate {
  return andArchived(at.entity, compileWhere(at, where), archived);
}

function shapeLevel(at: Compilation, { request, level, needed }: Level): FindShape {
  const { entity } = at;
  if (level > MOST_LEVELS) throw invalidQuery(entity.name, "include", `is nested more than ${MOST_LEVELS} levels deep`);
  const orderBy = compileOrder(entity, request.orderBy);
  const relations = includedRelations(entity, request.include);
  const fields = selectedFields(entity, request.select);

  const columns = fields.flatMap((field) => field.columns.map((column) => column.name));
  const require = (name: string) => {
    if (!columns.includes(name)) columns.push(name);
    return columns.indexOf(name);
  };
  for (const name of needed) require(name);
  for (const { relation } of relations) require(relation.local);
  const keyPositions = orderBy.map((key) => require(key.column));

  const included = relations.map(({ relation, options }) => compileInclude(at, relation, { options, level }));
  const names = included.map(({ name }) => name);
  const decodeFields = decoderOf(entity, fields, names);
  return {
    query: { table: entity.table.name, columns, orderBy, include: included.map(({ query }) => query) },
    keyPositions,
    decode(row) {
      const record = decodeFields(row);
      for (let i = 0; i < included.length; i++) {
        record[names[i]!] = included[i]!.decode(row[columns.length + i] as Row | readonly Row[] | null);
      }
      return record;
    },
  };
}

interface CompiledInclude {
  readonly name: string;
  readonly query: IncludeQuery;
  readonly decode: (related: Row | readonly Row[] | null) => unknown;
}

function compileInclude(
  at: Compilation,
  relation: Relation,
  { options, level }: { readonly options: Record<string, unknown>; readonly level: number },
): CompiledInclude {
  const { name, cardinality, local, foreign } = relation;
  const target = targetOf(at.schema, relation);
  const many = cardinality === "many";
  const known = many ? ["include", "where", "orderBy", "limit", "archived"] : ["include"];
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw invalidQuery(target.name, `include.${name}`, `has no option "${key}"`);
  }
  const request: FindRequest = {
    ...options,
    ...(options.limit === undefined ? {} : { limit: checkedLimit(target, options.limit, MOST_IN_INCLUDE) }),
    ...(many ? {} : { archived: "include" }),
  };
  const compiled = compileLevel({ ...at, entity: target }, { request, level: level + 1, needed: [foreign] });
  const query = many ? compiled.query : { ...compiled.query, orderBy: [] };
  return {
    name,
    query: { cardinality, local, foreign, query },
    decode: (related) => {
      if (many) return (related as readonly Row[]).map(compiled.decode);
      return related === null ? null : compiled.decode(related as Row);
    },
  };
}

function includedRelations(entity: EntitySchema, include: unknown) {
  if (include === undefined) return [];
  if (!isPlainObject(include)) throw invalidQuery(entity.name, "include", "must be an object of relations");
  return Object.entries(include).map(([name, options]) => {
    const relation = entity.relations.get(name);
    if (!relation) throw invalidQuery(entity.name, name, "is not a relation that can be included");
    if (options !== true && !isPlainObject(options))
      throw invalidQuery(entity.name, `include.${name}`, "must be true or an object");
    return { relation, options: options === true ? {} : options };
  });
}

function selectedFields(entity: EntitySchema, select: unknown): readonly FieldSchema[] {
  if (select === undefined) return [...entity.fields.values()];
  if (!Array.isArray(select)) throw invalidQuery(entity.name, "select", "must be a list of fields");
  const names = new Set<unknown>(["id", ...select]);
  return [...names].map((name) => {
    const field = entity.fields.get(name as string);
    if (!field) throw invalidQuery(entity.name, wordsOf(name), "is not a field that can be selected");
    return field;
  });
}

/** The order made total: `id` comes last, in the direction of the key before it, so that one index serves both ways. */
export function compileOrder(entity: EntitySchema, orderBy: unknown): readonly OrderKey[] {
  if (orderBy !== undefined && !Array.isArray(orderBy)) throw invalidQuery(entity.name, "orderBy", "must be a list");
  const keys: OrderKey[] = [];
  for (const element of (orderBy ?? []) as unknown[]) {
    if (!isPlainObject(element))
      throw invalidQuery(entity.name, "orderBy", 'must be a list of objects like { name: "asc" }');
    for (const [name, direction] of Object.entries(element)) {
      const field = entity.fields.get(name);
      if (!field || field.definition.kind === "json")
        throw invalidQuery(entity.name, name, "is not a field that can be ordered by");
      if (direction !== "asc" && direction !== "desc")
        throw invalidQuery(entity.name, `orderBy.${name}`, 'must be "asc" or "desc"');
      // Money: by currency, then amount.
      for (const column of field.columns.toReversed()) {
        if (!keys.some((key) => key.column === column.name)) keys.push({ column: column.name, direction });
      }
    }
  }
  const last = keys.findIndex((key) => key.column === "id");
  if (last >= 0) return keys.slice(0, last + 1);
  return [...keys, { column: "id", direction: keys.at(-1)?.direction ?? "asc" }];
}

export function checkedLimit(entity: Pick<EntitySchema, "name">, limit: unknown, most: number): number {
  return checkedCount(entity, { option: "limit", value: limit, most });
}

export function checkedCount(
  { name }: Pick<EntitySchema, "name">,
  { option, value, most }: { readonly option: string; readonly value: unknown; readonly most: number },
): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > most)
    throw invalidQuery(name, option, `must be a whole number from 1 to ${most}`);
  return value;
}

export function andArchived(entity: EntitySchema, where: Predicate, archived: unknown): Predicate {
  const isArchived: Predicate = { kind: "not", of: { kind: "null", column: "archived_at" } };
  switch (archived) {
    case "include":
      return where;
    case "only":
      return { kind: "and", of: [where, isArchived] };
    case "exclude":
    case undefined:
      return { kind: "and", of: [where, { kind: "null", column: "archived_at" }] };
    default:
      throw invalidQuery(entity.name, "archived", "must be exclude, include or only");
  }
}

/** The values of the order's keys, as the position to go on from. */
export function afterKeys(values: readonly Storable[], params: Params): readonly AfterKey[] {
  return values.map((value) => ({ value: params.push(value) - 1, isNull: value === null }));
}
