/** What units that run side by side take in turn, because no row says it. */

import { CrmError } from "../../errors.ts";
import type { EntitySchema, FieldSchema, IncomingReference } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { LockMode } from "../storage/storage-adapter.ts";

/** Rules about a record and what belongs to it, those of the domain too: `context.lock("opportunity:<id>")`. */
export function lockRecords(scope: Scope, ids: readonly string[]): Promise<void> {
  return lock(
    scope,
    ids.map((id) => `${scope.entity.name}:${id}`),
  );
}

/**
 * Whether a record is there to which a pair of fields refers: no foreign key guards that. Whoever refers to it shares the name, whoever
 * deletes it has it alone.
 */
export function lockTargets(
  scope: Scope,
  targets: readonly { readonly type: string; readonly id: string }[],
  mode: LockMode,
): Promise<void> {
  return lock(
    scope,
    targets.map(({ type, id }) => `pair:${type}:${id}`),
    mode,
  );
}

/** The same, for a record that is about to lose what refers to it by this reference. */
export async function lockReferred(scope: Scope, { type, target }: IncomingReference, ids: readonly string[]) {
  if (!type) return;
  await lockTargets(
    scope,
    ids.map((id) => ({ type: target, id })),
    "exclusive",
  );
}

/** Where records stand in a tree: two moves may close a circle that neither sees. */
export function lockTrees(scope: Scope, fields: readonly FieldSchema[]): Promise<void> {
  return lock(scope, treeNames(scope, fields));
}

/**
 * A tree whose paths are kept: whoever adds a record to it, or takes one out that has none below it, shares the name; whoever moves one has
 * it alone. `late`: nothing is read of it before it is written.
 */
export function lockPaths(
  { kernel, binding, entity }: Scope,
  field: FieldSchema,
  { mode, late }: { readonly mode: LockMode; readonly late: boolean },
): Promise<void> {
  const { frame, tenantId } = binding;
  return kernel.units.lock(frame, { tenantId, names: treeNames({ entity }, [field]), mode, late });
}

function treeNames({ entity }: Pick<Scope, "entity">, fields: readonly FieldSchema[]): readonly string[] {
  return fields.map(({ name }) => `tree:${entity.name}.${name}`);
}

/** Whether there is a record with this key. */
export function lockKeys(scope: Scope, fields: readonly FieldSchema[], keys: readonly string[]): Promise<void> {
  const rule = `upsert:${scope.entity.name}.${fields.map(({ name }) => name).join("+")}`;
  return lock(
    scope,
    keys.map((key) => `${rule}:${key}`),
  );
}

async function lock({ kernel, binding }: Scope, names: readonly string[], mode?: LockMode): Promise<void> {
  const { frame, tenantId } = binding;
  if (names.length > 0) await kernel.units.lock(frame, { tenantId, names, ...(mode === undefined ? {} : { mode }) });
}

/** A record that began to refer to what is deleted, after it was looked for: another attempt finds it. */
export function retriedIfReferred(entities: ReadonlyMap<string, EntitySchema>, error: unknown): unknown {
  if (!CrmError.is(error, "still_referenced") || !entities.has(error.details.entity ?? "")) return error;
  const { code, message, details, cause } = error;
  return new CrmError(code, message, { details, cause, retryable: true });
}
