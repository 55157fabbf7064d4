/** Which reference a write would have broken: the server tells the rule, and the key only to a user who may see the row. */
import {
  type ColumnSchema,
  type CrmError,
  type ForeignKeySchema,
  referenceNotFound,
  stillReferenced,
  type TableSchema,
  type WriteStep,
} from "@relata/core/adapter";
import { placedName, qualifiedTable } from "./namespace.ts";
import type { Sent } from "./postgres-connection.ts";
import { columnType } from "./postgres-dialect.ts";
import { brokenRule, columnOf, type ErrorContext } from "./postgres-errors.ts";

export interface FailedWrite {
  readonly tenantId: string;
  readonly steps: readonly WriteStep[];
  readonly context: ErrorContext;
}

/** What to ask for the key that the server has not told, when the write is undone. */
export interface UnknownKey {
  readonly question: Sent;
  explained(rows: readonly (readonly unknown[])[]): CrmError;
}

interface Broken {
  readonly table: TableSchema;
  readonly column: ColumnSchema;
  /** Absent for a reference to a table of the application's. */
  readonly own: ForeignKeySchema | undefined;
  readonly id: string | undefined;
}

/**
 * It is broken from the target's side where this write has deleted the row of that key, and else from that of the row that refers to it. Where
 * the key is not told, it is known all the same when the write names only one.
 */
export function brokenReference(cause: CrmError, write: FailedWrite): CrmError | undefined {
  const broken = brokenColumn(cause, write);
  if (!broken) return undefined;
  const { table, column, own, id } = broken;
  if (deletesTarget(write, own, id)) return stillReferenced(table, column.name, cause);
  const wanted = wantedIds(broken, write);
  const known = id ?? (wanted.length === 1 ? wanted[0] : undefined);
  return referenceNotFound(table, column.name, { ...(known === undefined ? {} : { id: known }), cause });
}

/**
 * Whether a failure of these steps would not tell by itself which side has broken a reference, where the server does not tell the key: they take rows away
 * from a table, and make others refer to it.
 */
export function isAmbiguous({ steps, context: { schema } }: FailedWrite): boolean {
  return steps.some((step) => {
    if ((step.kind !== "insert" && step.kind !== "update") || step.rows.length === 0) return false;
    const targets = schema.tables.get(step.table)?.foreignKeys.filter(({ column }) => step.columns.includes(column));
    return targets?.some(({ target }) => steps.some((other) => takesFrom(other, target))) === true;
  });
}

/** Undefined where nothing more is to be known. */
export function unknownKey(cause: CrmError, write: FailedWrite): UnknownKey | undefined {
  const broken = brokenColumn(cause, write);
  if (!broken?.own || broken.id !== undefined) return undefined;
  const { table, column, own } = broken;
  const wanted = wantedIds(broken, write);
  if (wanted.length === 0) return undefined;
  const target = qualifiedTable(write.context.namespace, own.target);
  return {
    question: {
      text: `select w.id::text from unnest($1::${columnType(column)}[]) with ordinality w (id, place)
        where not exists (select 1 from ${target} t where t.tenant_id = $2 and t.id = w.id) order by w.place limit 1`,
      values: [wanted, write.tenantId],
    },
    explained(rows) {
      const id = rows[0]?.[0];
      if (id !== undefined) return referenceNotFound(table, column.name, { id: String(id), cause });
      return brokenReference(cause, write)!;
    },
  };
}

function brokenColumn(cause: CrmError, { tenantId, context }: FailedWrite): Broken | undefined {
  const { schema, namespace } = context;
  const told = brokenRule(cause, context);
  const table = [...schema.tables.values()].find(({ name }) => placedName(namespace, name) === told?.table);
  const name = table && columnOf(table, told?.constraint, namespace);
  const column = table?.columns.find((each) => each.name === name);
  if (!table || !column) return undefined;
  const own = table.foreignKeys.find((key) => key.column === name);
  return { table, column, own, id: keyIn(told?.detail, own ? `${tenantId}, ` : "") };
}

function deletesTarget({ steps }: FailedWrite, own: ForeignKeySchema | undefined, id: string | undefined): boolean {
  return steps.some((step) => {
    if (!own || !takesFrom(step, own.target)) return false;
    if (id === undefined) return true;
    return step.kind === "erase" ? step.ids.includes(id) : step.rows.some((row) => row.id === id);
  });
}

function takesFrom(step: WriteStep, table: string): step is Extract<WriteStep, { readonly kind: "delete" | "erase" }> {
  if (step.table !== table) return false;
  if (step.kind === "erase") return step.ids.length > 0;
  return step.kind === "delete" && step.rows.length > 0;
}

/** What the write would have had the column refer to, but for what it has made itself. */
function wantedIds({ table, column, own }: Broken, { steps }: FailedWrite): readonly string[] {
  const wanted = new Set<string>();
  for (const step of steps) {
    if (step.table !== table.name || (step.kind !== "insert" && step.kind !== "update")) continue;
    const at = step.columns.indexOf(column.name);
    if (at < 0) continue;
    const rows = step.kind === "insert" ? step.rows : step.rows.map(({ values }) => values);
    for (const row of rows) if (row[at] !== null) wanted.add(String(row[at]));
  }
  for (const step of steps) {
    if (step.kind !== "insert" || step.table !== own?.target) continue;
    const at = step.columns.indexOf("id");
    for (const row of step.rows) wanted.delete(String(row[at]));
  }
  return [...wanted];
}

/** `Key (tenant_id, account_id)=(t, a)`, in whatever language; absent where the user may not see the row. */
function keyIn(detail: string | undefined, before: string): string | undefined {
  const values = /\([^()]*\)=\((.*)\)/s.exec(detail ?? "")?.[1];
  return values?.startsWith(before) ? values.slice(before.length) : undefined;
}
