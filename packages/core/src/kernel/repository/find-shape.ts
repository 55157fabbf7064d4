/** Of a find, all that does not depend on values is made once for each shape: how it reads, what it reads, and how it is read back. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { FindQuery } from "../storage/query.ts";
import { isPlainObject } from "../value/plain-object.ts";
import type { Params } from "./compilation.ts";
import { compileShape, type FindRequest, type FindShape } from "./compile-find.ts";

export interface KeptShape extends FindShape {
  /** Absent where values are part of it. */
  readonly key?: string;
}

/** @param params where includes have conditions, the values of these. @throws `invalid_query` */
export function shapeOf({ kernel, entity }: Scope, request: FindRequest, params: Params): KeptShape {
  const key = shapeKey(entity, request);
  const make = () => compileShape({ schema: kernel.schema, entity, params }, request);
  return key === undefined ? make() : kernel.queries.keep(key, () => ({ ...make(), key }));
}

/** Names the shape of a find; undefined where values are part of it. */
export function shapeKey(entity: EntitySchema, { orderBy, select, include }: FindRequest): string | undefined {
  let key = `${entity.name} `;
  for (const option of [orderBy, select, include]) {
    const structure = structureOf(option);
    if (structure === undefined) return undefined;
    key += structure;
  }
  return key;
}

/** The query of a shape; what else is given is free of values, too. */
export function queryOf(
  { kernel }: Scope,
  { key, query }: KeptShape,
  rest: Pick<FindQuery, "where"> & Partial<FindQuery>,
): FindQuery {
  const make = (): FindQuery => ({ ...query, ...rest });
  return key === undefined ? make() : kernel.queries.keep(key + JSON.stringify(rest), make);
}

/** Deeper than includes may be nested. */
const MOST_LEVELS = 50;

/**
 * Equal for what is equal. Undefined for what is not of texts, `true`, lists and objects alone, or has conditions: their values are no part
 * of a shape.
 */
function structureOf(value: unknown, level = 0): string | undefined {
  if (typeof value === "string") return `${value.length}:${value}`;
  if (value === undefined) return "-";
  if (value === true) return "+";
  const isList = Array.isArray(value);
  if (level > MOST_LEVELS || !(isList || isPlainObject(value))) return undefined;
  let text = isList ? "[" : "{";
  for (const [name, member] of Object.entries(value)) {
    const structure = name === "where" ? undefined : structureOf(member, level + 1);
    if (structure === undefined) return undefined;
    text += `${name.length}:${name}${structure}`;
  }
  return `${text}]`;
}
