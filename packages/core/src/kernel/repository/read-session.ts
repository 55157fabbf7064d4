/** Sends a read through the handle that it belongs to: for its tenant, in its unit, and as of its instant. */
import { CrmError } from "../../errors.ts";
import type { Scope } from "../kernel.ts";
import type { AggregateQuery, FindQuery, Row, TraverseQuery } from "../storage/query.ts";
import type { Params } from "./compilation.ts";

/** @throws `no_history` for a read of the past that touches an entity which keeps none. */
export function sendFind(scope: Scope, query: FindQuery, params: Params): Promise<readonly Row[]> {
  const { kernel, binding } = scope;
  const asked = kernel.queries.intern(asOfHandle(scope, query, params));
  return kernel.units.session(binding.frame).find(asked, { tenantId: binding.tenantId, params });
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
