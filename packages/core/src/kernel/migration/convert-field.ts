/** Gives a field's columns another meaning, and every value of it that exists, current or past, the value that a function says. */
import { CrmError } from "../../errors.ts";
import type { FieldSchema } from "../entity/entity-schema.ts";
import { snake } from "../entity/storage-names.ts";
import { encodeField } from "../repository/stored-row.ts";
import type { FindQuery, GuardedValues, Row } from "../storage/query.ts";
import type { LiveTable } from "../storage/storage-adapter.ts";
import type { Storable, TableSchema } from "../storage/storage-schema.ts";
import { wordsOf } from "../thrown.ts";
import { type ChangedFields, changedFields, columnsOf, type FieldChange, nameBefore } from "./changed-fields.ts";
import { migrationFailed } from "./migration-failed.ts";
import { dropIndexesOver, type SchemaWork, tablesOfEntity } from "./schema-work.ts";

/** Rows that are read and written at a time. */
const PAGE = 500;

/** Nothing happens where the column is not there, or stands for what it is to stand for already. */
export async function convertField(work: SchemaWork, change: FieldChange): Promise<void> {
  const fields = changedFields(work, change);
  for (const [name, live] of tablesOfEntity(await work.live(), change.entity)) {
    const state = stateOf(work, { ...change, ...fields, live });
    if (state === "before") await convertTable(work, { ...change, ...fields, name, live });
  }
}

type TableChange = FieldChange & ChangedFields & { readonly name: string; readonly live: LiveTable };

function stateOf(
  { shipped }: SchemaWork,
  { entity, field, before, after, live }: Omit<TableChange, "name">,
): "absent" | "before" | "after" {
  const column = live.columns.get(before.columns[0]!.name);
  if (!column) return "absent";
  const [was, is] = [before.columns[0]!.meaning, after.columns[0]!.meaning];
  if (column.meaning === undefined || column.meaning === was) return "before";
  if (column.meaning === is) return "after";
  const problem = `converts ${entity}.${field} from ${was}, but in the database it is ${column.meaning}.`;
  throw migrationFailed(shipped!, problem, { details: { entity, field } });
}

async function convertTable(work: SchemaWork, change: TableChange): Promise<void> {
  const { entity, field, before, after, name, live, conversion } = change;
  const isHistory = name !== snake(entity);
  const old = columnsOf(before).filter((column) => live.columns.has(column.name));
  await dropIndexesOver(work, { name, entity, columns: old.map((column) => column.name) });
  for (const column of old)
    await work.apply({
      kind: "rename_column",
      table: { name, entity },
      column: column.name,
      to: { name: nameBefore(column), field },
    });

  const table = tableOfChange(change, isHistory);
  for (const column of columnsOf(after)) {
    const { values, ...rest } = column;
    const added = { ...rest, nullable: true, ...(values && !isHistory ? { values } : {}) };
    await work.apply({ kind: "add_column", table, column: added });
  }
  await convertRows(work, change);
  const meanings = `from ${before.columns[0]!.meaning} to ${after.columns[0]!.meaning}`;
  const description = `convert the values of ${field} in ${name} ${meanings}`;
  work.note({ kind: "convert_values", table: name, entity, description, risk: "risky" });
  if (conversion.to.presence !== "optional") {
    for (const { name: column } of columnsOf(after))
      await work.apply({ kind: "forbid_null", table: { name, entity }, column });
  }
  for (const column of old)
    await work.apply({ kind: "drop_column", table: { name, entity }, column: nameBefore(column) });
}

function tableOfChange({ entity, name, after, conversion }: TableChange, isHistory: boolean): TableSchema {
  const { to } = conversion.to.definition;
  const foreignKeys = to === undefined || isHistory ? [] : [{ column: after.columns[0]!.name, target: snake(to) }];
  const primaryKey = ["tenant_id", "id", ...(isHistory ? ["version"] : [])];
  return { name, entity, primaryKey, columns: columnsOf(after), indexes: [], foreignKeys };
}

/** Rows keep their version: what they say is the same in other words. */
async function convertRows({ transaction }: SchemaWork, change: TableChange): Promise<void> {
  const { name, before, after } = change;
  const columns = [...columnsOf(after).map((column) => column.name), "version"];
  for (const tenantId of await transaction.tenants(name)) {
    let last: readonly Storable[] | undefined;
    do {
      const query = pageQuery(name, before, last !== undefined);
      const rows: readonly Row[] = await transaction.find(query, { tenantId, params: [PAGE, ...(last ?? [])] });
      if (rows.length > 0) {
        const converted = rows.map((row) => convertRow(change, row, columns));
        await transaction.write(tenantId, [{ kind: "update", table: name, columns, rows: converted }]);
      }
      last = rows.length === PAGE ? (rows.at(-1)!.slice(0, 2) as Storable[]) : undefined;
    } while (last);
  }
}

function pageQuery(table: string, { columns }: FieldSchema, goesOn: boolean): FindQuery {
  return {
    table,
    columns: ["id", "version", ...columns.map((column) => nameBefore(column))],
    where: { kind: "and", of: [] },
    orderBy: [
      { column: "id", direction: "asc" },
      { column: "version", direction: "asc" },
    ],
    limit: 0,
    include: [],
    ...(goesOn
      ? {
          after: [
            { value: 1, isNull: false },
            { value: 2, isNull: false },
          ],
        }
      : {}),
  };
}

function convertRow(change: TableChange, row: Row, columns: readonly string[]): GuardedValues {
  const { conversion, before, after } = change;
  const [id, version, ...stored] = row as readonly Storable[];
  const isNull = stored[0] === null;
  const old = isNull ? null : before.codec.decode(stored);
  const value = isNull && conversion.from.presence !== "optional" ? null : converted(change, String(id), old);
  const accepted = value === null ? null : after.codec.accepts.safeParse(value);
  if (accepted === null ? conversion.to.presence !== "optional" : !accepted.success) {
    const why = accepted?.error?.issues[0]?.message ?? "must have a value";
    const { entity, field } = change;
    throw new CrmError(
      "migration_failed",
      `${entity} "${id}" cannot be converted: ${JSON.stringify(old)} became a ${field} that ${why}. Nothing was changed.`,
      { details: { entity, field, id: String(id) } },
    );
  }
  const values = new Map<string, Storable>([["version", version!]]);
  encodeField(after, accepted === null ? null : accepted.data, (column, storable) => values.set(column, storable));
  return { id: String(id), version: Number(version), values: columns.map((column) => values.get(column)!) };
}

/** @throws `migration_failed`, naming the record, for what the function throws. */
function converted({ entity, field, conversion }: TableChange, id: string, old: unknown): unknown {
  try {
    return conversion.value(old as never);
  } catch (cause) {
    const message = `${entity} "${id}" cannot be converted: the function for ${field} has thrown: ${wordsOf(cause)}. Nothing was changed.`;
    throw new CrmError("migration_failed", message, { details: { entity, field, id }, cause });
  }
}
