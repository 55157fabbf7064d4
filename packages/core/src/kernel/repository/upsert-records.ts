/** upsert and upsertMany. */
import { CrmError } from "../../errors.ts";
import { type FieldSchema, mayWrite } from "../entity/entity-schema.ts";
import { invalidInput } from "../entity/input-issues.ts";
import type { Scope } from "../kernel.ts";
import type { Row } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";
import { wordsOf } from "../thrown.ts";
import { acceptInputs, listOf } from "./accept-input.ts";
import { invalidQuery } from "./compilation.ts";
import { createAll } from "./create-records.ts";
import { lockKeys } from "./lock-records.ts";
import type { UpsertResult } from "./repository.ts";
import { updateAll } from "./update-records.ts";
import { atomically } from "./write-scope.ts";

type Values = Record<string, unknown>;

export async function upsertRecords(
  scope: Scope,
  inputs: unknown,
  by: unknown,
): Promise<readonly UpsertResult<object>[]> {
  const { entity, binding } = scope;
  const fields = uniqueFields(scope, by);
  const accepted = acceptInputs({ entity, purpose: "newRecord", plugin: binding.plugin }, listOf(scope, inputs));
  const keys = keysOf(scope, fields, accepted);
  return atomically(scope, async (inUnit) => {
    const names = keys.map(nameOf);
    await lockKeys(inUnit, fields, names);
    const existing = await existingIds(inUnit, fields, keys);
    const created = accepted.filter((_, i) => !existing.has(names[i]!));
    const records = (await createAll(inUnit, created).catch((error) => throwRaced(fields, error))).values();
    const changes = accepted.flatMap((values, i) => {
      const id = existing.get(names[i]!);
      return id === undefined ? [] : [{ id, version: undefined, patch: changeable(scope, values) }];
    });
    const updates = (await updateAll(inUnit, changes)).values();
    return names.map((name): UpsertResult<object> => {
      if (!existing.has(name)) return { status: "created", record: records.next().value! };
      const { record, changed } = updates.next().value!;
      return { status: changed ? "updated" : "unchanged", record };
    });
  });
}

/** A plain creation with the same key has come in between: another attempt finds its record. */
function throwRaced(fields: readonly FieldSchema[], error: unknown): never {
  if (!CrmError.is(error, "not_unique") || !fields.some(({ name }) => name === error.details.field)) throw error;
  const { code, message, details, cause } = error;
  throw new CrmError(code, message, { details, cause, retryable: true });
}

/** The values that tell one record from all others, as they are stored. */
type Key = readonly Storable[];

function uniqueFields({ entity }: Scope, by: unknown): readonly FieldSchema[] {
  const names: readonly unknown[] = Array.isArray(by) ? by : [by];
  const fields = names.flatMap((name) => (typeof name === "string" ? (entity.fields.get(name) ?? []) : []));
  const columns = new Set(fields.flatMap((field) => field.columns.map(({ name }) => name)));
  const isRule = entity.table.indexes.some(
    ({ unique, columns: [, ...own] }) =>
      unique && own.length === columns.size && own.every((column) => columns.has(column)),
  );
  if (fields.length === names.length && (isRule || (names.length === 1 && names[0] === "id"))) return fields;
  throw invalidQuery(
    entity.name,
    wordsOf(by),
    "cannot tell records apart: upsert by the id, by a field declared unique(), or by the fields of a unique rule",
  );
}

function keysOf({ entity }: Scope, fields: readonly FieldSchema[], inputs: readonly Values[]): readonly Key[] {
  const seen = new Set<string>();
  return inputs.map((values, index) => {
    const problem = (field: string, code: string, message: string) =>
      invalidInput(entity.name, [{ field, code, message, index }]);
    const key = fields.flatMap(({ name, codec }) => {
      const value = values[name];
      if (value === undefined || value === null)
        throw problem(name, "missing_field", "is required: the upsert goes by it");
      return codec.encode(value);
    });
    const name = nameOf(key);
    if (seen.has(name))
      throw problem(fields[0]!.name, "repeated", `"${key.map(String).join(", ")}" stands twice in one list`);
    seen.add(name);
    return key;
  });
}

function nameOf(key: Key): string {
  return key.map(String).join("\0");
}

/** By the name of their key. Of several fields, records that have some value of each are read. */
async function existingIds(
  scope: Scope,
  fields: readonly FieldSchema[],
  keys: readonly Key[],
): Promise<Map<string, string>> {
  const { kernel, binding, entity } = scope;
  const columns = fields.flatMap((field) => field.columns.map(({ name }) => name));
  const query = kernel.queries.intern({
    table: entity.table.name,
    columns: ["id", ...columns],
    where: { kind: "and", of: columns.map((column, i) => ({ kind: "in", column, values: i }) as const) } as const,
    orderBy: [{ column: "id", direction: "asc" }] as const,
    include: [],
  });
  const params = columns.map((_, i) => [...new Set(keys.map((key) => key[i]!))]);
  const rows: readonly Row[] = await kernel.units
    .session(binding.frame)
    .find(query, { tenantId: binding.tenantId, params });
  return new Map(rows.map(([id, ...key]) => [nameOf(key as Key), id as string]));
}

/** What an update may change: fields written once are taken at creation only. */
function changeable({ entity, binding }: Scope, values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).filter(([name]) => mayWrite(entity.fields.get(name)!, binding.plugin, "update")),
  );
}
