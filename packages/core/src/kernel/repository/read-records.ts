/** get, find, list and count. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import { decodeCursor, encodeCursor } from "../storage/cursor.ts";
import type { AggregateQuery, FindQuery } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { invalidQuery, type Params, storedOperand } from "./compilation.ts";
import {
  afterKeys,
  andArchived,
  type CompiledFind,
  checkedLimit,
  compileFind,
  type Decode,
  type FindRequest,
} from "./compile-find.ts";
import { compileWhere } from "./compile-where.ts";
import { sendAggregate, sendFind } from "./read-session.ts";

const DEFAULT_LIMIT = 50;
/** The most records that one page may have. */
export const MOST_IN_PAGE = 1_000;
const SHAPING = ["include", "select"];
const FINDING = [...SHAPING, "where", "orderBy", "archived"];

export async function getRecord(scope: Scope, id: string, request: FindRequest): Promise<object> {
  refuseUnknown(scope, request, SHAPING);
  if (typeof id !== "string") throw invalidQuery(scope.entity.name, "id", "must be a text");
  const params: Params = [];
  const { query, decode } = Object.keys(request).length === 0 ? wholeGet(scope) : compileGet(scope, request, params);
  const [row] = isIdOf(scope, id) ? await sendFind(scope, query, [...params, id]) : [];
  if (!row) throw notFound(scope.entity.name, id);
  return decode(row);
}

interface Get {
  readonly query: FindQuery;
  readonly decode: Decode;
}

const wholeGets = new WeakMap<EntitySchema, Get>();

/** Of the whole record: always the same, so it is compiled once. */
function wholeGet(scope: Scope): Get {
  let get = wholeGets.get(scope.entity);
  if (!get) {
    get = compileGet(scope, {}, []);
    wholeGets.set(scope.entity, get);
  }
  return get;
}

/** The id is the parameter after the others. At most one row has it, which needs no order and no limit. */
function compileGet({ kernel, entity }: Scope, request: FindRequest, params: Params): Get {
  const { query, decode } = compileFind({ schema: kernel.schema, entity, params }, { ...request, archived: "include" });
  const where = { kind: "compare", column: "id", operator: "eq", value: params.length } as const;
  return { query: kernel.queries.intern({ ...query, where, orderBy: [] }), decode };
}

export function findRecord(scope: Scope, request: FindRequest): Promise<object | undefined> {
  refuseUnknown(scope, request, FINDING);
  return first(scope, request);
}

export async function listRecords(scope: Scope, request: FindRequest & { readonly after?: unknown }) {
  refuseUnknown(scope, request, [...FINDING, "limit", "after"]);
  const { after, limit = DEFAULT_LIMIT, ...find } = request;
  const size = checkedLimit(scope.entity, limit, MOST_IN_PAGE);
  const params: Params = [];
  const compiled = compileFind({ schema: scope.kernel.schema, entity: scope.entity, params }, find);
  const described = describe(scope, compiled.query, params);
  const start = after === undefined ? undefined : decodeCursor(described, after);
  if (start && start.length !== compiled.query.orderBy.length)
    throw new CrmError("invalid_cursor", "The cursor is of another order.");
  const query: FindQuery = {
    ...compiled.query,
    ...(start ? { after: afterKeys(start, params) } : {}),
    limit: params.push(size + 1) - 1,
  };
  const unsettled = await isUnsettled(scope);
  const rows = await sendFind(scope, query, params);
  const items = rows.slice(0, size);
  const last = rows.length > size ? items.at(-1) : undefined;
  const keys = last && compiled.keyPositions.map((position) => last[position] as Storable);
  return {
    items: items.map(compiled.decode),
    next: keys && encodeCursor(described, keys),
    ...(unsettled ? { unsettled: true } : {}),
  };
}

/** The cursor of a page of the query that ends with this record. It is made of the record's values, without a read. */
export function cursorAfter(scope: Scope, record: unknown, request: FindRequest): string {
  const { entity, kernel } = scope;
  refuseUnknown(scope, request, ["where", "orderBy", "archived"]);
  if (!isPlainObject(record)) throw invalidQuery(entity.name, "", "needs the record to go on from");
  const params: Params = [];
  const { query } = compileFind({ schema: kernel.schema, entity, params }, request);
  const keys = query.orderBy.map(({ column }) => storedIn(scope, record, column));
  return encodeCursor(describe(scope, query, params), keys);
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

async function first(scope: Scope, request: FindRequest): Promise<object | undefined> {
  const params: Params = [];
  const compiled: CompiledFind = compileFind({ schema: scope.kernel.schema, entity: scope.entity, params }, request);
  const [row] = await sendFind(scope, { ...compiled.query, limit: params.push(1) - 1 }, params);
  return row && compiled.decode(row);
}

/** A text that is no id of this kind is the id of no record. */
function isIdOf({ entity }: Scope, id: string): boolean {
  return entity.fields.get("id")!.codec.accepts.safeParse(id).success;
}

/** What a cursor is bound to: the query and its values, whose they are included. */
function describe({ entity, binding }: Scope, query: FindQuery, params: Params): string {
  const values = JSON.stringify(params, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value));
  return JSON.stringify([entity.name, binding.tenantId, query.where, query.orderBy, values, binding.asOf]);
}

/** Whether what is read from now on may still change, because a unit that is open now may commit what is dated before it. */
async function isUnsettled({ kernel, binding }: Scope): Promise<boolean> {
  return binding.asOf !== undefined && !(await kernel.settled.covers(binding.asOf));
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
