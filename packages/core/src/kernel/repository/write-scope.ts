/** Opens what a write needs: nothing for a single statement, a unit where hooks or several statements belong together. */
import { CrmError } from "../../errors.ts";
import type { Scope } from "../kernel.ts";
import { ownUnit } from "../retry.ts";
import type { Bindings, Row } from "../storage/query.ts";
import { ID, layoutOf } from "./stored-row.ts";

/** Runs `work` whole: inside of a unit as one operation of it, else as a unit of its own, again where it has lost a race. */
export function atomically<T>(scope: Scope, work: (scope: Scope) => Promise<T>): Promise<T> {
  const { kernel, binding } = scope;
  const inFrame = (frame: typeof binding.frame) => work({ ...scope, binding: { ...binding, frame } });
  if (binding.frame) return kernel.units.operation(binding.frame, inFrame);
  return kernel.retry(
    (attempt) => (attempt === 1 ? kernel.units.own(binding.tenantId, inFrame) : kernel.units.run(undefined, inFrame)),
    ownUnit,
  );
}

/** Runs what writes once, with one statement. */
export function atOnce<T>(scope: Scope, work: (scope: Scope) => Promise<T>): Promise<T> {
  return scope.binding.frame ? work(scope) : scope.kernel.retry(() => work(scope), ownUnit);
}

/**
 * The current rows of these ids, whole, by id. Those that a unit is going to change are locked from then on, so that nobody changes them
 * between.
 */
export async function currentRows(
  { kernel, binding, entity }: Scope,
  ids: readonly string[],
  { toChange = false }: { readonly toChange?: boolean } = {},
): Promise<Map<string, Row>> {
  const outgoing = binding.frame?.outgoing;
  const known = outgoing?.tenantId === binding.tenantId ? outgoing.rows : undefined;
  const { name: table } = entity.table;
  const found = new Map<string, Row>();
  for (const id of known ? ids : []) {
    const row = known!.get(`${table} ${id}`);
    if (row) found.set(id, row);
  }
  if (found.size === ids.length) return found;
  const query = kernel.queries.intern({
    table,
    columns: layoutOf(entity).columns,
    where: { kind: "in", column: "id", values: 0 } as const,
    orderBy: [{ column: "id", direction: "asc" }] as const,
    include: [],
    ...(toChange && binding.frame ? { lock: "wait" as const } : {}),
  });
  const bindings: Bindings = { tenantId: binding.tenantId, params: [ids] };
  const rows = await kernel.units.session(binding.frame).find(query, bindings);
  for (const row of rows) {
    known?.set(`${table} ${row[ID] as string}`, row);
    found.set(row[ID] as string, row);
  }
  return found;
}

interface VersionConflict {
  readonly expected: number;
  readonly actual: number;
  /** Where the caller has named no version: what is to be written can be decided anew. */
  readonly retryable?: boolean;
}

export function staleVersion(
  entity: string,
  id: string,
  { expected, actual, retryable = false }: VersionConflict,
): CrmError {
  return new CrmError(
    "stale_version",
    `${entity} "${id}" has changed since it was read: it has version ${actual}, not ${expected}. Read it again and decide anew.`,
    { details: { entity, id, expected, actual }, retryable },
  );
}
