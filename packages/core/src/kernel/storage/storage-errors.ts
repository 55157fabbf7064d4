/** The failures that a storage adapter reports, with the logical names of what they are about. */
import { CrmError } from "../../errors.ts";
import type { TableSchema } from "./storage-schema.ts";

/** A unique rule of `table` would be broken; `columns` are those of the rule. */
export function notUnique(table: TableSchema, columns: readonly string[], cause?: unknown): CrmError {
  const fields = fieldsOf(table, columns);
  return new CrmError(
    "not_unique",
    `${table.entity}: another ${table.entity} has the same ${fields.join(" and ") || "id"}. Choose another value, or update that record.`,
    { details: { entity: table.entity, field: fields[0] ?? "id", fields }, cause },
  );
}

/** A reference names a record that does not exist. `id` is the missing one, where it is known. */
export function referenceNotFound(
  table: TableSchema,
  column: string,
  { id, cause }: { readonly id?: string; readonly cause?: unknown } = {},
): CrmError {
  const field = fieldsOf(table, [column])[0] ?? column;
  return new CrmError(
    "reference_not_found",
    `${table.entity}.${field} refers to ${id === undefined ? "a record" : `"${id}"`}, which does not exist.`,
    { details: { entity: table.entity, field, ...(id === undefined ? {} : { reference: id }) }, cause },
  );
}

/** Rows to be deleted are still referred to through `column` of `table`. */
export function stillReferenced(table: TableSchema, column: string, cause?: unknown): CrmError {
  const field = fieldsOf(table, [column])[0] ?? column;
  return new CrmError(
    "still_referenced",
    `The record cannot be deleted: ${table.entity}.${field} still refers to it.`,
    { details: { entity: table.entity, field }, cause },
  );
}

/** Rows to be deleted are still referred to from a table of the database that the schema does not have. */
export function stillReferencedByTable(table: string, cause?: unknown): CrmError {
  return new CrmError(
    "still_referenced",
    `The record cannot be deleted: rows of the table "${table}" still refer to it, and nothing that is installed has that table. If it is a plugin's, install that again, or drop the table by a migration; if it is the application's own, delete those rows first.`,
    { details: { table }, cause },
  );
}

/**
 * Rows of a guarded step are absent or have another version. Core reads again to say which. With a `reason`, rows that a `forbid`
 * step must not find are there.
 */
export function guardFailed(table: TableSchema, ids: readonly string[], reason?: string): CrmError {
  const message =
    reason === undefined
      ? `${table.entity}: ${ids.length} of the rows to change are not as expected.`
      : `${table.entity}: ${ids.length} rows are in the way (${reason}).`;
  return new CrmError("guard_failed", message, {
    details: { entity: table.entity, ids, ...(reason === undefined ? {} : { reason }) },
    retryable: true,
  });
}

/** A rule of the column itself is broken: null where there must be a value, a value outside the list, a wrong type. */
export function valueRefused(
  table: TableSchema,
  column: string,
  { why, cause }: { readonly why: string; readonly cause?: unknown },
): CrmError {
  const field = fieldsOf(table, [column])[0] ?? column;
  return new CrmError("value_refused", `${table.entity}.${field} ${why}.`, {
    details: { entity: table.entity, field },
    cause,
  });
}

/** The storage has no query builder of its own to give. */
export function nativeUnavailable(storage: string): CrmError {
  return new CrmError(
    "native_unavailable",
    `The storage "${storage}" runs no statements of the application's own. Use one on a database, such as sqlite({ filename: "crm.db" }).`,
    { details: { storage } },
  );
}

/** The storage cannot take part in the transaction; `why` says why, and what to do. */
export function usingUnavailable(why: string): CrmError {
  return new CrmError("using_unavailable", `crm.using cannot join this transaction: ${why}`);
}

/** `waitedMs` have passed without a turn on the connection. */
export function waitTimeout(waitedMs: number): CrmError {
  return new CrmError(
    "unit_wait_timeout",
    `Nothing could be done for ${waitedMs} ms because a transaction is still open. If this call is made inside of that transaction, use its handle (tx) instead of the outer one.`,
    { details: { waitedMs }, retryable: true },
  );
}

function fieldsOf(table: TableSchema, columns: readonly string[]): string[] {
  const wanted = columns.filter((name) => name !== "tenant_id");
  return wanted.map((name) => table.columns.find((column) => column.name === name)?.field ?? name);
}
