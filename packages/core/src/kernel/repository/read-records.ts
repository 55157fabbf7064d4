/** get, find, list and count. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import { decodeCursor, encodeCursor } from "../storage/cursor.ts";
import type { AggregateQuery, FindQuery } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { isUuid } from "../value/id.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { invalidQuery, type Params, storedOperand } from "./compilation.ts";
import {
  afterKeys,
  andArchived,
  checkedCount,
  checkedLimit,
  compileOrder,
  compileShape,
  type FindRequest,
  findCondition,
} from "./compile-find.ts";
import { compileWhere } from "./compile-where.ts";
import { queryOf, shapeKey, shapeOf } from "./find-shape.ts";
import { sendAggregate, sendFind } from "./read-session.ts";

const DEFAULT_LIMIT = 50;
/** The most records that one page may have. */
export const MOST_IN_PAGE = 1_000;
const MOST_IN_ITERATED_PAGE = 10_000;
const SHAPING = ["include", "select"];
const FINDING = [...SHAPING, "where", "orderBy", "archived"];
const LISTING = [...FINDING, "limit", "after"];
const ITERATING = [...FINDING, "pageSize"];

export async function getRecord(scope: Scope, id: string, request: FindRequest): Promise<object> {
  refuseUnknown(scope, request, SHAPING);
  if (typeof id !== "string") throw invalidQuery(scope.entity.name, "id", "must be a text");
  const params: Params = [];
  const { query, decode } = compileGet(scope, request, params);
  params.push(id);
  const [row] = isIdOf(scope, id) ? await sendFind(scope, query, params) : [];
  if (!row) throw notFound(scope.entity.name, id);
  return decode(row);
}

/** The id is the parameter after the others. At most one row has it, which needs no order and no limit. */
function compileGet({ kernel, entity }: Scope, request: FindRequest, params: Params) {
  const make = () => {
    const { query, decode } = compileShape({ schema: kernel.schema, entity, params }, request);
    const where = { kind: "compare", column: "id", operator: "eq", value: params.length } as const;
    return { query: kernel.queries.intern<FindQuery>({ ...query, where, orderBy: [] }), decode };
  };
  const key = shapeKey(entity, request);
  return key === undefined ? make() : kernel.queries.keep(`get ${key}`, make);
}

export async function findRecord(scope: Scope, request: FindRequest): Promise<object | undefined> {
  refuseUnknown(scope, request, FINDING);
  const params: Params = [];
  const where = findCondition({ schema: scope.kernel.schema, entity: scope.entity, params }, request);
  const shape = shapeOf(scope, request, params);
  const [row] = await sendFind(scope, queryOf(scope, shape, { where, limit: params.push(1) - 1 }), params);
  return row && shape.decode(row);
}

export async function listRecords(scope: Scope, request: FindRequest & { readonly after?: unknown }) {
  refuseUnknown(scope, request, LISTING);
  const { limit = DEFAULT_LIMIT, ...rest } = request;
  return readPage(scope, rest, checkedLimit(scope.entity, limit, MOST_IN_PAGE));
}

/** Each page is fetched when the one before it is used up. */
export async function* iterateRecords(
  scope: Scope,
  request: FindRequest & { readonly pageSize?: unknown },
): AsyncGenerator<object, void> {
  refuseUnknown(scope, request, ITERATING);
  const { kernel, binding, entity } = scope;
  const { pageSize = MOST_IN_PAGE, ...rest } = request;
  const size = checkedCount(entity, { option: "pageSize", value: pageSize, most: MOST_IN_ITERATED_PAGE });
  let after: string | undefined;
  do {
    kernel.units.guard(binding.frame, `${entity.plural}.iterate`);
    const page = await readPage(scope, { ...rest, after }, size);
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}

async function readPage(scope: Scope, request: FindRequest & { readonly after?: unknown }, size: number) {
  const { after } = request;
  const { binding, entity, kernel } = scope;
  const params: Params = [];
  const where = findCondition({ schema: kernel.schema, entity, params }, request);
  const shape = shapeOf(scope, request, params);
  const values = params.length;
  const described = () => describe(scope, { where, orderBy: shape.query.orderBy }, params.slice(0, values));
  const start = after === undefined ? undefined : decodeCursor(described(), after);
  if (start && start.length !== shape.keyPositions.length)
    throw new CrmError("invalid_cursor", "The cursor is of another order.");
  const query = queryOf(scope, shape, {
    where,
    ...(start ? { after: afterKeys(start, params) } : {}),
    limit: params.push(size + 1) - 1,
  });
  const unsettled = binding.asOf !== undefined && !(await kernel.settled.covers(binding.asOf));
  const rows = await sendFind(scope, query, params);
  const last = rows.length > size ? rows[size - 1] : undefined;
  const keys = last && shape.keyPositions.map((position) => last[position] as Storable);
  return {
    items: (last ? rows.slice(0, size) : rows).map(shape.decode),
    next: keys && encodeCursor(described(), keys),
    // What is read may still change, because a unit that is open now may commit what is dated before it.
    ...(unsettled ? { unsettled: true } : {}),
  };
}

/** The cursor of a page of the query that ends with this record. It is made of the record's values, without a read. */
export function cursorAfter(scope: Scope, record: unknown, request: FindRequest): string {
  const { entity, kernel } = scope;
  refuseUnknown(scope, request, ["where", "orderBy", "archived"]);
  if (!isPlainObject(record)) throw invalidQuery(entity.name, "", "needs the record to go on from");
  const params: Params = [];
  const where = findCondition({ schema: kernel.schema, entity, params }, request);
  const orderBy = compileOrder(entity, request.orderBy);
  const keys = orderBy.map(({ column }) => storedIn(scope, record, column));
  return encodeCursor(describe(scope, { where, orderBy }, params), keys);
}

/** What a record has in a column. @throws `invalid_query` where it lacks the field, or has a value that the field would not accept. */
function storedIn({ entity }: Scope, record: Record<string, unknown>, column: string): Storable {
  const field = [...entity.fields.values()].find(({ columns }) => columns.some(({ name }) => name === column))!;
  const at = field.columns.findIndex(({ name }) => name === column);
  const value = record[field.name];
  if (value === null && field.columns[at]!.nullable) return null;
  return storedOperand(entity, field, { place: field.name, value })[at]!;
}

export async function countRecords(scope: Scope, request: FindRequest): Promise<number> {
  refuseUnknown(scope, request, ["where", "archived"]);
  const params: Params = [];
  const where = compileWhere({ schema: scope.kernel.schema, entity: scope.entity, params }, request.where);
  const query: AggregateQuery = {
    table: scope.entity.table.name,
    where: andArchived(scope.entity, where, request.archived),
    groupBy: [],
    measures: [{ kind: "rows" }],
  };
  const [row] = await sendAggregate(scope, query, params);
  return row?.[0] as number;
}

/** A text that is no id of this kind is the id of no record. */
function isIdOf({ entity }: Scope, id: string): boolean {
  return entity.ids === "generated" ? isUuid(id) : entity.fields.get("id")!.codec.accepts.safeParse(id).success;
}

/** What a cursor is bound to: the query and its values, whose they are included. */
function describe(
  { entity, binding }: Scope,
  { where, orderBy }: Pick<FindQuery, "where" | "orderBy">,
  params: Params,
): string {
  const values = JSON.stringify(params, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  return JSON.stringify([entity.name, binding.tenantId, where, orderBy, values, binding.asOf]);
}

/** Options are an object, and one that is misspelt is not passed over. */
export function refuseUnknown(
  { entity }: { readonly entity: Pick<EntitySchema, "name"> },
  request: unknown,
  known: readonly string[],
): void {
  if (!isPlainObject(request)) throw invalidQuery(entity.name, "", "needs its options as an object");
  for (const key of Object.keys(request)) {
    if (!known.includes(key)) throw invalidQuery(entity.name, key, `is not an option here: use ${known.join(", ")}`);
  }
}

export function notFound(entity: string, id: string): CrmError {
  return new CrmError("not_found", `There is no ${entity} "${id.slice(0, 100)}".`, { details: { entity, id } });
}
