/** Opens what a write needs: nothing for a single statement, a unit where hooks or several statements belong together. */
import { CrmError } from "../../errors.ts";
import type { Scope } from "../kernel.ts";
import type { Bindings, Row } from "../storage/query.ts";
import { ID, layoutOf } from "./stored-row.ts";

/** Runs `work` whole: inside of a unit as one operation of it, else as a unit of its own. */
export function atomically<T>(scope: Scope, work: (scope: Scope) => Promise<T>): Promise<T> {
  const { kernel, binding } = scope;
  const inFrame = (frame: typeof binding.frame) => work({ ...scope, binding: { ...binding, frame } });
  return binding.frame ? kernel.units.operation(binding.frame, inFrame) : kernel.units.run(undefined, inFrame);
}

/** The current rows of these ids, whole, by id. */
export async function currentRows(
  { kernel, binding, entity }: Scope,
  ids: readonly string[],
): Promise<Map<string, Row>> {
  const query = kernel.queries.intern({
    table: entity.table.name,
    columns: layoutOf(entity).columns,
    where: { kind: "in", column: "id", values: 0 } as const,
    orderBy: [{ column: "id", direction: "asc" }] as const,
    include: [],
  });
  const bindings: Bindings = { tenantId: binding.tenantId, params: [ids] };
  const rows = await kernel.units.session(binding.frame).find(query, bindings);
  return new Map(rows.map((row) => [row[ID] as string, row]));
}

export function staleVersion(
  entity: string,
  id: string,
  { expected, actual }: { readonly expected: number; readonly actual: number },
): CrmError {
  return new CrmError(
    "stale_version",
    `${entity} "${id}" has changed since it was read: it has version ${actual}, not ${expected}. Read it again and decide anew.`,
    { details: { entity, id, expected, actual } },
  );
}
