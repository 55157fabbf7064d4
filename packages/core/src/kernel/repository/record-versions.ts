/** versions: what has changed in many records of one entity, the latest first, in pages. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import type { OrderKey, Row } from "../storage/query.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { invalidQuery, type Params } from "./compilation.ts";
import { checkedLimit } from "./compile-find.ts";
import { MOST_IN_PAGE, refuseUnknown } from "./read-records.ts";
import { noHistory } from "./read-session.ts";
import { changesOf, kindOf } from "./record-history.ts";
import type { ChangedVersion, VersionsQuery } from "./repository.ts";
import { ID, layoutOf, versionOf } from "./stored-row.ts";
import { type EndedRow, endedRows } from "./version-rows.ts";

const LATEST_FIRST: readonly OrderKey[] = [
  { column: "updated_at", direction: "desc" },
  { column: "id", direction: "desc" },
  { column: "version", direction: "desc" },
];

/** Three queries, however many records. @throws `no_history` */
export async function recordVersions(scope: Scope, given: unknown): Promise<readonly ChangedVersion[]> {
  const { entity } = scope;
  if (!entity.history) throw noHistory(entity.name);
  const query = checked(scope, given);
  if (query.ids.length === 0) return [];
  const rows = await rowsOf(scope, query);
  const earlier = await predecessors(scope, rows);
  return rows.map((row) => described(scope, row, earlier.get(keyOf(row[ID], versionOf(row) - 1))));
}

type Query = VersionsQuery & { readonly limit: number };

const instant = (value: unknown) => value instanceof Date && !Number.isNaN(value.getTime());

/** Ids that can be none of this entity's are left out: there is nothing of them. */
function checked(scope: Scope, given: unknown): Query {
  const { entity } = scope;
  refuseUnknown(scope, given, ["ids", "from", "before", "limit"]);
  const { ids, from, before, limit = 50 } = given as Record<string, unknown>;
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === "string"))
    throw invalidQuery(entity.name, "ids", "must be a list of ids");
  if (from !== undefined && !instant(from)) throw invalidQuery(entity.name, "from", "must be a Date");
  if (before !== undefined && !(isPlainObject(before) && instant(before.at)))
    throw invalidQuery(entity.name, "before", "must be an object with an instant `at`");
  const { accepts } = entity.fields.get("id")!.codec;
  return {
    ids: ids.filter((id) => accepts.safeParse(id).success),
    ...(from === undefined ? {} : { from: from as Date }),
    ...(before === undefined ? {} : { before: positionIn(scope, before) }),
    limit: checkedLimit(entity, limit, MOST_IN_PAGE),
  };
}

/** @throws `invalid_query` for an id or a version that is none. */
function positionIn({ entity }: Scope, { at, id, version }: Record<string, unknown>): NonNullable<Query["before"]> {
  if (id === undefined) return { at: at as Date };
  if (!entity.fields.get("id")!.codec.accepts.safeParse(id).success)
    throw invalidQuery(entity.name, "before.id", "must be the id of a record");
  if (version !== undefined && !Number.isSafeInteger(version))
    throw invalidQuery(entity.name, "before.version", "must be the number of a version");
  return { at: at as Date, id: id as string, ...(version === undefined ? {} : { version: version as number }) };
}

/** The current versions first: one that is superseded between the two reads is found twice, not never. */
async function rowsOf(scope: Scope, query: Query): Promise<readonly Row[]> {
  const { entity } = scope;
  const tables = [entity.table.name, entity.history!.name];
  const found = new Map<string, Row>();
  for (const table of tables) {
    for (const row of await latestIn(scope, table, query)) found.set(keyOf(row[ID], versionOf(row)), row);
  }
  const keys = LATEST_FIRST.map(({ column }) => layoutOf(entity).positions.get(column)!);
  return [...found.values()].sort((one, other) => latestFirst(one, other, keys)).slice(0, query.limit);
}

function latestFirst(one: Row, other: Row, keys: readonly number[]): number {
  for (const key of keys) {
    const [a, b] = [one[key] as string | number, other[key] as string | number];
    if (a !== b) return a > b ? -1 : 1;
  }
  return 0;
}

async function latestIn({ kernel, binding, entity }: Scope, table: string, query: Query) {
  const params: Params = [];
  const find = kernel.queries.intern({
    table,
    columns: layoutOf(entity).columns,
    where: { kind: "and", of: conditionsOf(query, binding.asOf, params) } as const,
    orderBy: LATEST_FIRST,
    limit: params.push(query.limit) - 1,
    include: [],
  });
  return kernel.units.session(binding.frame).find(find, { tenantId: binding.tenantId, params });
}

function conditionsOf({ ids, from, before }: Query, asOf: number | undefined, params: Params): Predicate[] {
  const compare = (column: string, operator: "eq" | "lt" | "lte" | "gte", value: number | string): Predicate => {
    return { kind: "compare", column, operator, value: params.push(value) - 1 };
  };
  const of: Predicate[] = [{ kind: "in", column: "id", values: params.push([...ids]) - 1 }];
  if (asOf !== undefined) of.push(compare("updated_at", "lte", asOf));
  if (from) of.push(compare("updated_at", "gte", from.getTime()));
  if (!before) return of;
  const at = before.at.getTime();
  if (before.id === undefined) return [...of, compare("updated_at", "lt", at)];
  const ofTheRecord: Predicate[] =
    before.version === undefined
      ? []
      : [{ kind: "and", of: [compare("id", "eq", before.id), compare("version", "lt", before.version)] }];
  const ofTheInstant: Predicate = { kind: "or", of: [compare("id", "lt", before.id), ...ofTheRecord] };
  return [
    ...of,
    compare("updated_at", "lte", at),
    {
      kind: "or",
      of: [compare("updated_at", "lt", at), { kind: "and", of: [compare("updated_at", "eq", at), ofTheInstant] }],
    },
  ];
}

/** By record and version: what each of these versions superseded. */
async function predecessors(scope: Scope, rows: readonly Row[]): Promise<ReadonlyMap<string, EndedRow>> {
  const superseding = rows.filter((row) => versionOf(row) > 1);
  if (superseding.length === 0) return new Map();
  const ids = [...new Set(superseding.map((row) => row[ID] as string))];
  const versions = [...new Set(superseding.map((row) => versionOf(row) - 1))];
  const where: Predicate = {
    kind: "and",
    of: [
      { kind: "in", column: "id", values: 0 },
      { kind: "in", column: "version", values: 1 },
    ],
  };
  const ended = await endedRows(scope, scope.entity, { where, params: [ids, versions] });
  return new Map(ended.map((each) => [keyOf(each.row[ID], versionOf(each.row)), each]));
}

function described(scope: Scope, row: Row, earlier: EndedRow | undefined): ChangedVersion {
  const [at, by, archived] = columnsOf(scope.entity);
  const gone = earlier !== undefined && earlier.endedAt < (row[at] as number);
  return {
    id: row[ID] as string,
    version: versionOf(row),
    kind: kindOf(earlier?.row, row, { gone, archived }),
    at: new Date(row[at] as number),
    by: row[by] as string | null,
    changes: changesOf(scope, earlier?.row, row),
  };
}

function columnsOf(entity: EntitySchema): readonly [number, number, number] {
  const { positions } = layoutOf(entity);
  return [positions.get("updated_at")!, positions.get("updated_by")!, positions.get("archived_at")!];
}

function keyOf(id: unknown, version: number): string {
  return `${version} ${id as string}`;
}
