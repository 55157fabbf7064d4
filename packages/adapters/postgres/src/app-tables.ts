/** References to tables of the application's own: whether these can be referred to, before a foreign key is made. */
import { type AppReferenceSchema, CrmError, type TableSchema } from "@relata/core/adapter";
import { quoteName } from "./namespace.ts";
import type { Answer, Sent } from "./postgres-connection.ts";
import { columnType } from "./postgres-dialect.ts";

/**
 * The tables are found as the connection finds them, by its `search_path`. @throws `schema_mismatch` for one that is not there, or whose
 * column is no key or of a type that cannot be compared: the server's own words name neither entity nor field.
 */
export async function checkAppTables(
  send: (statements: readonly Sent[]) => Promise<readonly Answer[]>,
  table: Pick<TableSchema, "entity" | "columns">,
  references: readonly AppReferenceSchema[],
): Promise<void> {
  for (const reference of references) {
    const column = table.columns.find(({ name }) => name === reference.column);
    const type = columnType(column!);
    const values = [quoteName(reference.target), reference.targetColumn, type];
    const [answer] = await send([{ text: FIND, values }]);
    const problem = problemOf(reference, type, answer!.rows[0]!);
    if (problem === undefined) continue;
    const { target, targetColumn } = reference;
    const field = column?.field ?? reference.column;
    throw new CrmError(
      "schema_mismatch",
      `${table.entity}.${field} refers to ${target}.${targetColumn}, but ${problem}. Correct it before the CRM is opened.`,
      { details: { entity: table.entity, field, table: target, column: targetColumn } },
    );
  }
}

function problemOf(
  { target, targetColumn }: AppReferenceSchema,
  type: string,
  [isThere, found, isComparable, isKey]: readonly unknown[],
): string | undefined {
  if (isThere !== "true") return `no schema of the search_path has a table "${target}"`;
  if (found === null) return `the table "${target}" has no column "${targetColumn}"`;
  if (isComparable !== "true") return `"${targetColumn}" is of the type ${String(found)}, and the field is ${type}`;
  return isKey === "true" ? undefined : `"${targetColumn}" is neither the key of "${target}" nor unique`;
}

/** Whether the table is there, the type of the column, whether the field's can be compared with it, and whether it is unique by itself. */
const FIND = `
  select (t.oid is not null)::text, format_type(a.atttypid, null),
    (case when $3 = 'text' then a.atttypid in ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype)
      else a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) end)::text,
    exists (
      select 1 from pg_catalog.pg_index x
      where x.indrelid = t.oid and x.indisunique and x.indisvalid and x.indimmediate and x.indpred is null
        and x.indnkeyatts = 1 and x.indkey[0] = a.attnum)::text
  from (select to_regclass($1)::oid as oid) t
    left join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attname = $2 and a.attnum > 0 and not a.attisdropped`;
