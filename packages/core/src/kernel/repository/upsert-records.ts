/** upsert and upsertMany. */

import { type FieldSchema, mayWrite } from "../entity/entity-schema.ts";
import { invalidInput } from "../entity/input-issues.ts";
import type { Scope } from "../kernel.ts";
import type { Row } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { wordsOf } from "../thrown.ts";
import { acceptInputs, listOf } from "./accept-input.ts";
import { invalidQuery } from "./compilation.ts";
import { createAll } from "./create-records.ts";
import type { UpsertResult } from "./repository.ts";
import { ID } from "./stored-row.ts";
import { updateAll } from "./update-records.ts";
import { atomically } from "./write-scope.ts";

type Values = Record<string, unknown>;

export async function upsertRecords(
  scope: Scope,
  inputs: unknown,
  by: unknown,
): Promise<readonly UpsertResult<object>[]> {
  const { entity, binding } = scope;
  const field = uniqueField(scope, by);
  const accepted = acceptInputs({ entity, purpose: "newRecord", plugin: binding.plugin }, listOf(scope, inputs));
  const keys = keysOf(scope, field, accepted);
  return atomically(scope, async (inUnit) => {
    const existing = await existingIds(inUnit, field, keys);
    const created = accepted.filter((_, i) => !existing.has(keys[i]!));
    const records = (await createAll(inUnit, created)).values();
    const changes = accepted.flatMap((values, i) => {
      const id = existing.get(keys[i]!);
      return id === undefined ? [] : [{ id, version: undefined, patch: changeable(scope, values) }];
    });
    const updates = (await updateAll(inUnit, changes)).values();
    return keys.map((key): UpsertResult<object> => {
      if (!existing.has(key)) return { status: "created", record: records.next().value! };
      const { record, changed } = updates.next().value!;
      return { status: changed ? "updated" : "unchanged", record };
    });
  });
}

function uniqueField({ entity }: Scope, by: unknown): FieldSchema {
  const field = typeof by === "string" ? entity.fields.get(by) : undefined;
  const indexed = entity.table.indexes.some(
    (index) => index.unique && index.columns.length === 2 && index.columns[1] === field?.columns[0]?.name,
  );
  if (!field || !(field.name === "id" || indexed)) {
    throw invalidQuery(
      entity.name,
      wordsOf(by),
      "cannot tell records apart: upsert by the id, or by a field declared unique()",
    );
  }
  return field;
}

function keysOf({ entity }: Scope, field: FieldSchema, inputs: readonly Values[]): readonly Storable[] {
  const seen = new Set<Storable>();
  return inputs.map((values, index) => {
    const value = values[field.name];
    const problem = (code: string, message: string) =>
      invalidInput(entity.name, [{ field: field.name, code, message, index }]);
    if (value === undefined || value === null) throw problem("missing_field", "is required: the upsert goes by it");
    const key = field.codec.encode(value)[0]!;
    if (seen.has(key)) throw problem("repeated", `"${String(key)}" stands twice in one list`);
    seen.add(key);
    return key;
  });
}

async function existingIds(
  scope: Scope,
  field: FieldSchema,
  keys: readonly Storable[],
): Promise<Map<Storable, string>> {
  const { kernel, binding, entity } = scope;
  const column = field.columns[0]!.name;
  const query = kernel.queries.intern({
    table: entity.table.name,
    columns: ["id", column],
    where: { kind: "in", column, values: 0 } as const,
    orderBy: [{ column: "id", direction: "asc" }] as const,
    include: [],
  });
  const rows: readonly Row[] = await kernel.units
    .session(binding.frame)
    .find(query, { tenantId: binding.tenantId, params: [keys] });
  return new Map(rows.map((row) => [row[1] as Storable, row[ID] as string]));
}

/** What an update may change: fields written once are taken at creation only. */
function changeable({ entity, binding }: Scope, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => mayWrite(entity.fields.get(name)!, binding.plugin, "update")),
  );
}
