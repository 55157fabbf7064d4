/** Reads and writes of deliveries by drains: guarded by version, with no more statements than they need. */
import { CrmError } from "../../errors.ts";
import type { Scope } from "../kernel.ts";
import type { Params } from "../repository/compilation.ts";
import { compileFind, type FindRequest } from "../repository/compile-find.ts";
import { sendFind } from "../repository/read-session.ts";
import { encodeField } from "../repository/stored-row.ts";
import type { FindQuery, WriteStep } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import type { DeliveryRecord } from "./outbox.ts";

/** A delivery as it was read, or claimed. */
export type Version = Pick<DeliveryRecord, "id" | "version">;

export async function findDeliveries<K extends keyof DeliveryRecord>(
  scope: Scope,
  request: FindRequest & { readonly select: readonly K[] },
  lock?: FindQuery["lock"],
): Promise<readonly Pick<DeliveryRecord, K | "id">[]> {
  const { kernel, entity } = scope;
  const params: Params = [];
  const { query, decode } = compileFind({ schema: kernel.schema, entity, params }, request);
  const rows = await sendFind(scope, lock ? { ...query, lock } : query, params);
  return rows.map((row) => decode(row) as DeliveryRecord);
}

/** Sets the same values in each. @throws `guard_failed` where one of them has another version, or is gone. */
export async function setInAll(
  scope: Scope,
  deliveries: readonly Version[],
  values: Partial<DeliveryRecord>,
): Promise<void> {
  const { kernel, binding, entity } = scope;
  const set = new Map<string, Storable>([
    ["updated_at", kernel.clock()],
    ["updated_by", binding.actorId],
  ]);
  for (const [name, value] of Object.entries(values))
    encodeField(entity.fields.get(name)!, value, (column, stored) => void set.set(column, stored));
  const rows = deliveries.map(({ id, version }) => ({ id, version, values: [version + 1, ...set.values()] }));
  await send(scope, { kind: "update", table: entity.table.name, columns: ["version", ...set.keys()], rows });
}

/** The same of those that are still as they were read; the others are somebody else's now, or gone. */
export async function setWhereUnchanged(
  scope: Scope,
  deliveries: readonly Version[],
  values: Partial<DeliveryRecord>,
): Promise<void> {
  if (deliveries.length === 0) return;
  const changed = await changedOf(setInAll(scope, deliveries, values));
  if (changed.size > 0)
    await setWhereUnchanged(
      scope,
      deliveries.filter(({ id }) => !changed.has(id)),
      values,
    );
}

/** Takes it off, unless it is somebody else's now. */
export async function removeWhereUnchanged(scope: Scope, { id, version }: Version): Promise<void> {
  await changedOf(send(scope, { kind: "delete", table: scope.entity.table.name, rows: [{ id, version }] }));
}

/** The ids of the rows for which a write was refused, and so all of it; none where it was done. */
async function changedOf(write: Promise<void>): Promise<ReadonlySet<string>> {
  try {
    await write;
    return new Set();
  } catch (error) {
    const ids = CrmError.is(error, "guard_failed") ? (error.details.ids as readonly string[]) : [];
    if (ids.length === 0) throw error;
    return new Set(ids);
  }
}

function send({ kernel, binding }: Scope, step: WriteStep): Promise<void> {
  return kernel.units.write(binding.frame, { tenantId: binding.tenantId, steps: [step], effects: [] });
}
