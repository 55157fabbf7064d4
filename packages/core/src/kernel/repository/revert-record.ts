/** revert: the values of an earlier version, written as the newest one. */
import { CrmError } from "../../errors.ts";
import { mayWrite } from "../entity/entity-schema.ts";
import { invalidInput } from "../entity/input-issues.ts";
import type { Scope } from "../kernel.ts";
import { acceptInput } from "./accept-input.ts";
import { notFound } from "./read-records.ts";
import { layoutOf, versionOf } from "./stored-row.ts";
import { addressed, updateAll } from "./update-records.ts";
import { endedRows } from "./version-rows.ts";
import { atomically, currentRows } from "./write-scope.ts";

export async function revertRecord(
  scope: Scope,
  given: unknown,
  { to, version }: { readonly to: unknown; readonly version: unknown },
): Promise<object> {
  const { entity, binding } = scope;
  const { id, version: expected } = addressed(scope, given, version);
  if (!Number.isSafeInteger(to))
    throw invalidInput(entity.name, [{ field: "version", code: "invalid_type", message: "must be a whole number" }]);
  return atomically(scope, async (inUnit) => {
    const row = (await currentRows(inUnit, [id])).get(id);
    if (!row) throw notFound(entity.name, id);
    const { positions, decode } = layoutOf(entity);
    if (to === versionOf(row)) return decode(row);
    const where = { kind: "compare", column: "id", operator: "eq", value: 0 } as const;
    const earlier = (await endedRows(inUnit, entity, { where, params: [id] })).find(
      (ended) => versionOf(ended.row) === to,
    )?.row;
    if (!earlier) throw noVersion(entity.name, id, { version: to as number, current: versionOf(row) });
    const then = decode(earlier) as Record<string, unknown>;
    const differing = [...entity.fields.values()].filter(
      (field) =>
        field.plugin !== undefined &&
        // It follows from the others again.
        field.definition.written !== "derived" &&
        field.columns.some(({ name }) => row[positions.get(name)!] !== earlier[positions.get(name)!]),
    );
    const kept = differing.filter((field) => !mayWrite(field, binding.plugin, "update"));
    if (kept.length > 0) {
      const message = `differs in version ${to as number}, and is written by the operations of ${entity.name} only: undo it with these`;
      throw invalidInput(
        entity.name,
        kept.map((field) => ({ field: field.name, code: "read_only_field", message })),
      );
    }
    const patch = Object.fromEntries(differing.map((field) => [field.name, then[field.name]]));
    const accepted = acceptInput({ entity, purpose: "change", plugin: binding.plugin }, patch);
    const [updated] = await updateAll(inUnit, [{ id, version: expected, patch: accepted }]);
    return updated!.record;
  });
}

function noVersion(
  entity: string,
  id: string,
  { version, current }: { readonly version: number; readonly current: number },
): CrmError {
  return new CrmError(
    "not_found",
    `${entity} "${id}" has no version ${version}: it has the versions 1 to ${current}, as far as they were not erased.`,
    { details: { entity, id, version } },
  );
}
