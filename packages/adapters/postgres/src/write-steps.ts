/** Sends a list of steps in as few statements as it can. */
import {
  type CrmError,
  guardFailed,
  type Predicate,
  type StorageSchema,
  type TableSchema,
  valueRefused,
  type WriteStep,
} from "@relata/core/adapter";
import { type Compiler, createLru, type Statement } from "@relata/sql";
import { brokenReference, type FailedWrite, isAmbiguous, type UnknownKey, unknownKey } from "./broken-reference.ts";
import { compileWrite, createWriteShapes, writeParams } from "./compile-write.ts";
import { placedName, quoteName } from "./namespace.ts";
import type { Answer, Sent } from "./postgres-connection.ts";
import { type ErrorContext, isBadValue, isForeignKeyFailure } from "./postgres-errors.ts";

/** A list of steps as the statements to send, whose answers say whether all of it was written. */
export interface PreparedWrite {
  /** They belong into one transaction; one alone is one by itself. */
  readonly statements: readonly Sent[];
  /**
   * What became of `statements`, after so many others that were sent before them. @throws the first failure, in the words of these steps: then nothing
   * may be kept of the others.
   */
  check(outcomes: readonly PromiseSettledResult<Answer>[], others?: number): void;
  /** Whether what `unknownKey` asks may decide which failure it was, where the server does not tell keys. */
  readonly isAmbiguous: boolean;
  /** What to ask when the write is undone, where more can be known of its failure. */
  unknownKey(failure: unknown): UnknownKey | undefined;
}

export interface WriteCompiler {
  prepare(tenantId: string, steps: readonly WriteStep[]): PreparedWrite;
}

/** Shapes seen once must not pile up; an application has fewer than these in daily use. */
const SHAPES = 500;

export function createWriteCompiler(
  compiler: Compiler,
  context: ErrorContext,
  nameOf: (statement: Statement) => string | undefined,
): WriteCompiler {
  const compiled = createLru<Statement>(SHAPES);
  const shapeOf = createWriteShapes();
  return {
    prepare(tenantId, steps) {
      const groups = groupSteps(
        steps.filter((step) => !isEmpty(step)).flatMap((step) => erasures(compiler.schema, step)),
      );
      const writes = groups.map((group): Sent => {
        const statement = compiled.getOrMake(shapeOf(group), () => compileWrite(compiler, group));
        const values = { tenantId, params: writeParams(group) as never };
        return {
          text: statement.sql,
          values: statement.slots.map((slot) => slot.read(values)),
          name: nameOf(statement),
        };
      });
      const keys = groups.length > 1 ? foreignKeys(compiler.schema, context, steps) : [];
      const constraints = (when: string): Sent[] =>
        keys.length === 0 ? [] : [{ text: `set constraints ${keys.join(", ")} ${when}` }];
      const before = constraints("deferred");
      return {
        statements: [...before, ...writes, ...constraints("immediate")],
        check(outcomes, others = 0) {
          for (const [i, outcome] of outcomes.entries()) {
            if (outcome.status === "rejected")
              throw explained(outcome.reason as CrmError, { tenantId, steps, context });
            const group = groups[i - others - before.length];
            if (group && outcome.value.rows.length > 0) throw failedGuard(compiler.schema, group, outcome.value.rows);
          }
        },
        get isAmbiguous() {
          return isAmbiguous({ tenantId, steps, context });
        },
        unknownKey: (failure) =>
          isForeignKeyFailure(failure) ? unknownKey(failure as CrmError, { tenantId, steps, context }) : undefined,
      };
    },
  };
}

/** The kept versions go by a statement of their own: one that a unit has made meanwhile is seen then, as the row was waited for. */
function erasures({ tables }: StorageSchema, step: WriteStep): readonly WriteStep[] {
  const history = step.kind === "erase" ? tables.get(step.table)?.history : undefined;
  return history === undefined ? [step] : [step, { ...step, table: history } as WriteStep];
}

function isEmpty(step: WriteStep): boolean {
  if (step.kind === "forbid" || step.kind === "rebase") return false;
  return (step.kind === "erase" ? step.ids : step.rows).length === 0;
}

/**
 * A statement sees the database as it was before it, and does its parts in no order that it tells of. So steps share one as long as none
 * of them looks at a table that another one writes, and those that may find rows not as expected come before those that write.
 */
function groupSteps(steps: readonly WriteStep[]): readonly (readonly WriteStep[])[] {
  const groups: WriteStep[][] = [];
  let written = new Map<string, WriteStep["kind"]>();
  for (const step of steps) {
    const looksAt = step.kind === "forbid" ? tablesIn(step.where, [step.table]) : [step.table];
    const isGuarded = step.kind === "update" || step.kind === "delete" || step.kind === "forbid";
    const apart = looksAt.some((table) => {
      const other = written.get(table);
      return other !== undefined && !(other === "insert" && step.kind === "insert");
    });
    const erases = step.kind === "erase" && written.size > 0;
    if (apart || erases || (isGuarded && written.size > 0) || groups.length === 0) {
      groups.push([]);
      written = new Map();
    }
    groups.at(-1)!.push(step);
    if (step.kind !== "forbid") written.set(step.table, step.kind);
  }
  return groups;
}

function tablesIn(predicate: Predicate, tables: readonly string[]): readonly string[] {
  switch (predicate.kind) {
    case "and":
    case "or":
      return predicate.of.reduce((found, part) => tablesIn(part, found), tables);
    case "not":
      return tablesIn(predicate.of, tables);
    case "relation":
      return tablesIn(predicate.where, [...tables, predicate.table]);
    case "tree":
      return [...tables, predicate.table, ...(predicate.paths ? [predicate.paths.table] : [])];
    default:
      return tables;
  }
}

/** The rules that rows written by one statement may break until another one is done. */
function foreignKeys(
  { tables }: StorageSchema,
  { namespace }: ErrorContext,
  steps: readonly WriteStep[],
): readonly string[] {
  const written = new Set(steps.flatMap((step) => (step.kind === "forbid" ? [] : [step.table])));
  return [...tables.values()].flatMap((table) =>
    table.foreignKeys
      .filter(({ target }) => written.has(target) && written.has(table.name))
      .map(
        ({ column }) => `${quoteName(namespace.schema)}.${quoteName(placedName(namespace, `${table.name}.${column}`))}`,
      ),
  );
}

function failedGuard({ tables }: StorageSchema, group: readonly WriteStep[], rows: readonly unknown[][]): CrmError {
  const place = Math.min(...rows.map(([step]) => Number(step)));
  const step = group[place]!;
  const failed = new Set(rows.filter(([each]) => Number(each) === place).map(([, id]) => id as string));
  const table = tables.get(step.table)!;
  if (step.kind === "forbid") return guardFailed(table, [...failed], step.reason);
  const ids = "rows" in step && step.kind !== "insert" ? step.rows.map(({ id }) => id) : [];
  return guardFailed(
    table,
    ids.filter((id) => failed.has(id)),
  );
}

function explained(error: CrmError, write: FailedWrite): CrmError {
  if (isForeignKeyFailure(error)) return brokenReference(error, write) ?? error;
  if (isBadValue(error)) return badValue(error, write) ?? error;
  return error;
}

/** The first value that is of another type than its column. */
function badValue(cause: CrmError, { steps, context }: FailedWrite): CrmError | undefined {
  for (const step of steps) {
    const table = context.schema.tables.get(step.table);
    if (!table || (step.kind !== "insert" && step.kind !== "update")) continue;
    const rows = step.kind === "insert" ? step.rows : step.rows.map(({ values }) => values);
    for (const row of rows) {
      const at = step.columns.findIndex((name, i) => !fits(table, name, row[i]));
      if (at >= 0) return valueRefused(table, step.columns[at]!, { why: "has a value of the wrong type", cause });
    }
  }
  return undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

function fits(table: TableSchema, name: string, value: unknown): boolean {
  if (value === null) return true;
  switch (table.columns.find((column) => column.name === name)?.kind) {
    case "integer":
    case "instant":
      return Number.isSafeInteger(value);
    case "bigint":
      return typeof value === "bigint" && BigInt.asIntN(64, value) === value;
    case "boolean":
      return typeof value === "boolean";
    case "uuid":
      return typeof value === "string" && UUID.test(value);
    case "date":
      return typeof value === "string" && DATE.test(value);
    default:
      return typeof value === "string" && !value.includes("\0");
  }
}
