/** Sends a read through the handle that it belongs to: for its tenant, in its unit, and as of its instant. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import { oncePer } from "../once-per.ts";
import type { AggregateQuery, FindQuery, Row, TraverseQuery } from "../storage/query.ts";
import type { Params } from "./compilation.ts";
import type { Interner } from "./intern.ts";
import { ID, layoutOf } from "./stored-row.ts";

/** @throws `no_history` for a read of the past that touches an entity which keeps none. */
export function sendFind(scope: Scope, query: FindQuery, params: Params): Promise<readonly Row[]> {
  const { kernel, binding } = scope;
  const outgoing = binding.asOf === undefined ? binding.frame?.outgoing : undefined;
  const whole = outgoing?.tenantId === binding.tenantId ? wholeRows(scope, query) : undefined;
  const asked = whole ?? kernel.queries.intern(asOfHandle(scope, query, params));
  const found = kernel.units.session(binding.frame).find(asked, { tenantId: binding.tenantId, params });
  if (!whole) return found;
  return found.then((rows) => {
    for (const row of rows) outgoing!.rows.set(`${query.table} ${row[ID] as string}`, row);
    return rows;
  });
}

/** The query that reads the columns which are derived, too, so that its rows can be changed; undefined for one that reads less than records. */
function wholeRows({ kernel: { queries }, entity }: Scope, given: FindQuery): FindQuery | undefined {
  const query = queries.intern(given);
  const known = wholeQueries(queries);
  if (!known.has(query)) {
    const { columns } = layoutOf(entity);
    known.set(query, isWhole(entity, query) ? queries.intern({ ...query, columns }) : undefined);
  }
  return known.get(query);
}

const wholeQueries = oncePer((_: Interner) => new WeakMap<FindQuery, FindQuery | undefined>());

/** Whether its rows begin with all that a record is made of: then the columns that are derived may follow. */
function isWhole({ fields, table }: EntitySchema, query: FindQuery): boolean {
  if (query.table !== table.name || query.include.length > 0) return false;
  let at = 0;
  for (const { columns } of fields.values())
    for (const { name } of columns) if (query.columns[at++] !== name) return false;
  return at === query.columns.length;
}

/** @throws `no_history`, as `sendFind`. */
export async function sendAggregate(scope: Scope, query: AggregateQuery, params: Params): Promise<readonly Row[]> {
  const { kernel, binding } = scope;
  const asked = kernel.queries.intern(asOfHandle(scope, query, params));
  return kernel.units.session(binding.frame).aggregate(asked, { tenantId: binding.tenantId, params });
}

/** @throws `no_history`, as `sendFind`. */
export async function sendTraverse(scope: Scope, query: TraverseQuery, params: Params): Promise<readonly Row[]> {
  const { kernel, binding } = scope;
  const asked = kernel.queries.intern(asOfHandle(scope, query, params));
  return kernel.units.session(binding.frame).traverse(asked, { tenantId: binding.tenantId, params });
}

function asOfHandle<Q extends FindQuery | AggregateQuery | TraverseQuery>(
  { kernel, binding }: Scope,
  query: Q,
  params: Params,
): Q {
  if (binding.asOf === undefined) return query;
  for (const table of tablesIn(query)) {
    const entity = kernel.schema.byTable.get(table);
    if (entity && !entity.history) throw noHistory(entity.name);
  }
  return { ...query, asOf: params.push(binding.asOf) - 1 };
}

/** Every table that a query reads: its own, and those of its relations, joins and includes. */
function* tablesIn(part: unknown): Generator<string> {
  if (typeof part !== "object" || part === null) return;
  if ("table" in part && typeof part.table === "string") yield part.table;
  for (const member of Object.values(part)) yield* tablesIn(member);
}

export function noHistory(entity: string): CrmError {
  return new CrmError(
    "no_history",
    `${entity} keeps no history: it is declared with history: false, so its past cannot be read or brought back.`,
    { details: { entity } },
  );
}
