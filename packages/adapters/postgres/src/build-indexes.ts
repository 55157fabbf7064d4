/** Indexes on tables with rows, built while these are in use, which PostgreSQL does outside of a transaction only. */
import type { AppliedStep, MigrationStep } from "@relata/core/adapter";
import { createIndex } from "@relata/sql";
import { type StepCompiler, stepStatements } from "./apply-step.ts";
import { placedName, qualifiedTable, quoteName } from "./namespace.ts";
import type { PostgresConnection } from "./postgres-connection.ts";

const LABEL = { kind: "migrate", tenantId: undefined } as const;

const LIMITS = "select current_setting('statement_timeout'), current_setting('lock_timeout')";
const SET_LIMITS = "select set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false)";

type IndexStep = Extract<MigrationStep, { readonly kind: "create_index" }>;

export interface BuildOptions extends StepCompiler {
  readonly connection: PostgresConnection;
  /** Whether settings of the session are this connection's, and not some other's behind a pooler. */
  readonly hasSession: boolean;
}

/**
 * What an interrupted build has left is of no use, and dropped. Afterwards each of the indexes is whole, or there was an error. A build
 * takes as long as the table is large, and waits for the transactions that are open, while nobody waits for it: it has no limits.
 */
export async function buildIndexes(
  { connection, compiler, namespace, hasSession }: BuildOptions,
  steps: readonly IndexStep[],
): Promise<readonly AppliedStep[]> {
  const run = (text: string) => connection.send(LABEL, [{ text }]);
  const limit = (values: readonly unknown[]) => connection.send(LABEL, [{ text: SET_LIMITS, values }]);
  const done: AppliedStep[] = [];
  const [limits] = hasSession ? await connection.send(LABEL, [{ text: LIMITS, values: [] }]) : [];
  if (limits) await limit(["0", "0"]);
  try {
    for (const step of steps) {
      const name = `${quoteName(namespace.schema)}.${quoteName(placedName(namespace, step.index.name))}`;
      const drop = `drop index concurrently if exists ${name}`;
      const create = createIndex(compiler, step.table, { ...step.index, concurrently: true });
      await run(drop);
      try {
        await run(create);
      } catch (error) {
        await run(drop);
        throw error;
      }
      done.push({ step, statements: [drop, create] });
    }
  } finally {
    // An application's own pool may have set them otherwise than the connection began with.
    if (limits) await limit(limits.rows[0]!);
  }
  return done;
}

/** Adds the columns that the indexes need, of those that are among the steps. All of them or none. */
export async function addColumns(
  { connection, waitTimeoutMs, ...compiler }: StepCompiler & Pick<BuildOptions, "connection"> & WaitLimit,
  steps: readonly MigrationStep[],
  indexes: readonly IndexStep[],
): Promise<readonly AppliedStep[]> {
  const added = steps.flatMap((step): AppliedStep[] => {
    if (step.kind !== "add_column") return [];
    const { table, column } = step;
    const needed = indexes.some((each) => each.table.name === table.name && each.index.columns.includes(column.name));
    return needed ? [{ step, statements: stepStatements(compiler, step, { referring: [], rules: [] }) }] : [];
  });
  if (added.length === 0) return added;
  const run = (text: string) => connection.send(LABEL, [{ text }]);
  await run(`begin; set local lock_timeout = ${waitTimeoutMs}`);
  try {
    await run(added.flatMap(({ statements }) => statements).join(";\n"));
    await run("commit");
    return added;
  } catch (error) {
    await run("rollback");
    throw error;
  }
}

export interface WaitLimit {
  /** How long a statement may wait for a table that is in use. */
  readonly waitTimeoutMs: number;
}

/** Of the steps those that build an index on a table with rows. */
export async function onTablesInUse(
  {
    connection,
    namespace,
  }: Pick<BuildOptions, "namespace"> & { readonly connection: Pick<PostgresConnection, "send"> },
  steps: readonly MigrationStep[],
): Promise<readonly IndexStep[]> {
  const wanted = steps.filter((step): step is IndexStep => step.kind === "create_index");
  const names = [...new Set(wanted.map(({ table }) => qualifiedTable(namespace, table.name)))];
  if (names.length === 0) return [];
  // By what is stored and not by what is seen: with row-level security nobody sees rows of all tenants.
  const text = "select name from unnest($1::text[]) as name where pg_relation_size(name::regclass) > 0";
  const [answer] = await connection.send(LABEL, [{ text, values: [names] }]);
  const filled = new Set(answer!.rows.map(([name]) => name));
  return wanted.filter(({ table }) => filled.has(qualifiedTable(namespace, table.name)));
}
