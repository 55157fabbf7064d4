/** Whether a write would be accepted: carries it out, and undoes it. */
import { CrmError } from "../../errors.ts";
import type { Scope } from "../kernel.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { invalidQuery } from "./compilation.ts";
import { createRecord, createRecords } from "./create-records.ts";
import { deleteRecord } from "./delete-records.ts";
import type { Verdict } from "./repository.ts";
import { updateRecord } from "./update-records.ts";
import { upsertRecords } from "./upsert-records.ts";

type Write = (scope: Scope, write: Record<string, unknown>) => Promise<unknown>;

const WRITES: ReadonlyMap<string, Write> = new Map<string, Write>([
  ["create", (scope, write) => createRecord(scope, write.create)],
  ["createMany", (scope, write) => createRecords(scope, write.createMany as readonly unknown[])],
  ["update", (scope, write) => updateProposed(scope, write.update)],
  ["upsert", (scope, write) => upsertRecords(scope, [write.upsert], write.by)],
  ["delete", (scope, write) => deleteRecord(scope, write.delete, undefined)],
]);

/** As `update` does it, so that it gives the same errors. */
async function updateProposed(scope: Scope, proposed: unknown): Promise<object> {
  if (!isPlainObject(proposed))
    throw invalidQuery(scope.entity.name, "validate.update", "must be an object with the id of a record");
  const { id, version, ...patch } = proposed;
  return updateRecord(scope, id, { patch, version });
}

/** Does the write in a unit, or a savepoint, that is always undone. */
export async function validateWrite(scope: Scope, write: unknown): Promise<Verdict> {
  const proposed = isPlainObject(write) ? write : {};
  const kinds = Object.keys(proposed).filter((key) => key !== "by");
  const carryOut = WRITES.get(kinds[0] ?? "");
  if (!carryOut || kinds.length > 1)
    throw invalidQuery(scope.entity.name, "validate", `needs one of ${[...WRITES.keys()].join(", ")}`);
  const undone = new Error("undone");
  const { kernel, binding } = scope;
  try {
    await kernel.units.run(binding.frame, async (frame) => {
      await carryOut({ ...scope, binding: { ...binding, frame } }, proposed);
      throw undone;
    });
  } catch (error) {
    if (error === undone) return { ok: true };
    if (CrmError.is(error)) return { ok: false, error };
    throw error;
  }
  return { ok: true };
}
