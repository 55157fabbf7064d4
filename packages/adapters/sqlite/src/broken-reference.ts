/** Which reference a write broke: SQLite knows, and does not say. */
import {
  always,
  type CrmError,
  type FindQuery,
  type ForeignKeySchema,
  type Predicate,
  referenceNotFound,
  stillReferenced,
  type TableSchema,
  type WriteStep,
} from "@relata/core/adapter";
import { findBrokenAppReference } from "./app-tables.ts";
import type { SqliteSession } from "./sqlite-session.ts";
import { findUnknownReferring } from "./unknown-tables.ts";

export interface FailedWrite {
  readonly tenantId: string;
  readonly steps: readonly WriteStep[];
  readonly cause: unknown;
}

/**
 * Looks where a reference can have been broken, when all steps have been sent: to the rows deleted, and from the rows written. In this
 * order, because a row that is written again with the reference it had breaks nothing by itself.
 */
export function findBrokenReference(session: SqliteSession, write: FailedWrite): CrmError | undefined {
  const { tables } = session.engine.compiler.schema;
  for (const step of write.steps) {
    if (step.kind !== "delete" && step.kind !== "erase") continue;
    const ids = step.kind === "erase" ? step.ids : step.rows.map((row) => row.id);
    for (const referring of tables.values()) {
      for (const key of referring.foreignKeys.filter(({ target }) => target === step.table)) {
        const missing = missingTarget(session, write.tenantId, { table: referring, key, column: key.column, ids });
        if (missing !== undefined) return stillReferenced(referring, key.column, write.cause);
      }
    }
    const lost = { known: [...tables.keys()], target: step.table, ids, cause: write.cause };
    const broken = findUnknownReferring(session.connection, lost);
    if (broken) return broken;
  }
  for (const step of write.steps) {
    const table = tables.get(step.table);
    if (!table || (step.kind !== "insert" && step.kind !== "update")) continue;
    for (const key of table.foreignKeys.filter(({ column }) => step.columns.includes(column))) {
      const missing = missingTarget(session, write.tenantId, { table, key, column: "id", ids: idsOf(step) });
      if (missing !== undefined) return referenceNotFound(table, key.column, { id: missing, cause: write.cause });
    }
    const broken = findBrokenAppReference(session.connection, {
      tenantId: write.tenantId,
      table,
      ids: idsOf(step),
      cause: write.cause,
    });
    if (broken) return broken;
  }
  return undefined;
}

/** Rows of `table` whose `column` is among `ids`, and which may refer to nothing through `key`. */
interface Suspects {
  readonly table: TableSchema;
  readonly key: ForeignKeySchema;
  readonly column: string;
  readonly ids: readonly string[];
}

/** What one of the suspects refers to, and is not there. */
function missingTarget(
  { connection, engine }: SqliteSession,
  tenantId: string,
  suspects: Suspects,
): string | undefined {
  const { table, key, column, ids } = suspects;
  const where: Predicate = {
    kind: "and",
    of: [
      { kind: "in", column, values: 0 },
      { kind: "not", of: { kind: "null", column: key.column } },
      { kind: "relation", quantifier: "none", table: key.target, local: key.column, foreign: "id", where: always },
    ],
  };
  const query: FindQuery = { table: table.name, columns: [key.column], where, orderBy: [], limit: 1, include: [] };
  const [row] = connection.answer(engine.find(query, { tenantId, params: [ids, 1] }));
  return row?.[0] as string | undefined;
}

function idsOf(step: Extract<WriteStep, { readonly kind: "insert" | "update" }>): readonly string[] {
  if (step.kind === "update") return step.rows.map((row) => row.id);
  const position = step.columns.indexOf("id");
  return step.rows.map((row) => row[position] as string);
}
