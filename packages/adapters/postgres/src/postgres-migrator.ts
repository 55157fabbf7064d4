/** Transactions that change tables, one migrator at a time. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  CrmError,
  type LiveSchema,
  type MigrationStep,
  type Migrator,
  migrateAtOnce,
  type SchemaTransaction,
  stopwatchMs,
  type TableSchema,
} from "@relata/core/adapter";
import { checkAppTables } from "./app-tables.ts";
import {
  createTableStatements,
  type LiveRule,
  nullFound,
  referenceStatement,
  type StepCompiler,
  type Surroundings,
  stepStatements,
} from "./apply-step.ts";
import { beginUnit, inOneText } from "./begin-unit.ts";
import { addColumns, buildIndexes, onTablesInUse } from "./build-indexes.ts";
import { readLiveSchema } from "./live-schema.ts";
import { lockKey, qualifiedTable, quoteName, quoteText } from "./namespace.ts";
import { answerTo, type Sent } from "./postgres-connection.ts";
import { writeRefused } from "./postgres-errors.ts";
import type { Leases } from "./postgres-pool.ts";
import type { Compiled } from "./postgres-session.ts";
import { createTransaction, type PostgresTransaction } from "./postgres-transaction.ts";
import { setEveryTenant, TENANT_SETTING } from "./tenancy.ts";

export interface MigratorOptions {
  readonly compiled: Compiled;
  readonly leases: Leases;
  /** How long a step may wait for a table that is in use. */
  readonly waitTimeoutMs: number;
  /** Whether settings of a session stay with the connection, which they do not behind a pooler. */
  readonly hasSession: boolean;
}

/** How long one migrator waits for another at least, and how often it asks. */
const MIGRATION_WAIT_MS = 60_000;
const ASK_EVERY_MS = 50;

/** The server keeps what the last query has seen until another statement comes: one that sees nothing. */
const LET_GO: Sent = { text: "set local statement_timeout = 0" };

const LABEL = { kind: "migrate", tenantId: undefined } as const;

export function createMigrator({ compiled, leases, waitTimeoutMs, hasSession }: MigratorOptions): Migrator {
  const { engine, context } = compiled;
  const { schema, namespace } = context;

  /**
   * A transaction that no other migrator has meanwhile. It may take long, and do nothing while values are converted elsewhere. Until it is
   * its turn it asks again and again, in a transaction for each time: whoever builds an index waits for the end of those that were asking
   * when it looked.
   */
  const beginAlone = async (): Promise<PostgresTransaction> => {
    const key = lockKey(namespace.schema, namespace.prefix, "migrate");
    const ask = { text: "select pg_try_advisory_xact_lock($1)::text", values: [key] };
    const waitMs = Math.max(MIGRATION_WAIT_MS, waitTimeoutMs);
    for (const start = stopwatchMs(); ; await sleep(ASK_EVERY_MS)) {
      const transaction = await beginOnce();
      try {
        const [answer] = await transaction.send(LABEL, [ask]);
        if (answer!.rows[0]![0] === "true") return transaction;
      } catch (error) {
        await transaction.rollback();
        throw error;
      }
      await transaction.rollback();
      if (stopwatchMs() - start < waitMs) continue;
      throw new CrmError(
        "lock_timeout",
        `Another process has been migrating "${context.database}" for longer than ${waitMs} ms. Try again when it is done.`,
        { details: { database: context.database, waitedMs: waitMs }, retryable: true },
      );
    }
  };

  const beginOnce = async (): Promise<PostgresTransaction> => {
    const lease = await leases.take();
    // Policies may be there, whether or not they are wanted: without them a tenant that is set does nothing.
    const transaction = createTransaction({ ...compiled, rowLevelSecurity: true }, lease.connection, lease);
    try {
      const limits = { statementTimeoutMs: 0, idleTimeoutMs: 0, lockTimeoutMs: waitTimeoutMs };
      await transaction.send(LABEL, [inOneText(beginUnit({}, limits, { readOnly: context.readOnly }))]);
      return transaction;
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
  };

  const begin = async (options: { readonly rehearsal?: boolean } = {}): Promise<SchemaTransaction> => {
    const transaction = await beginAlone();
    try {
      await createNamespace(transaction);
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
    return schemaTransaction(transaction, options);
  };

  /**
   * The transaction that holds the lock does nothing meanwhile, and keeps no state of the database alive: the builds wait for everybody
   * who does.
   */
  const ahead: Migrator["ahead"] = async (plan) => {
    const transaction = await beginAlone();
    try {
      const live = await readLiveSchema((statements) => transaction.send(LABEL, statements), namespace, {
        schema,
        rowLevelSecurity: false,
      });
      const steps = plan(live);
      const indexes = await onTablesInUse({ connection: transaction, namespace }, steps);
      if (indexes.length === 0) return [];
      if (context.readOnly) throw writeRefused(context);
      await transaction.send(LABEL, [LET_GO]);
      return await leases.with(async ({ connection }) => {
        const context = { connection, namespace, compiler: engine.compiler, rowLevelSecurity: false };
        const columns = await addColumns({ ...context, waitTimeoutMs }, steps, indexes);
        return [...columns, ...(await buildIndexes({ ...context, hasSession }, indexes))];
      });
    } finally {
      await transaction.rollback();
    }
  };

  /** Asked before, because creating what is there asks for the right to create. */
  async function createNamespace(transaction: PostgresTransaction): Promise<void> {
    const find = { text: "select 1 from pg_catalog.pg_namespace where nspname = $1", values: [namespace.schema] };
    const [found] = await transaction.send(LABEL, [find]);
    if (found!.rows.length > 0) return;
    try {
      await transaction.send(LABEL, [{ text: `create schema ${quoteName(namespace.schema)}` }]);
    } catch (cause) {
      if (!CrmError.is(cause, "storage_unavailable")) throw cause;
      throw new CrmError(
        "storage_unavailable",
        `The user of "${context.database}" may not create the schema "${namespace.schema}". Have its owner run: CREATE SCHEMA ${quoteName(namespace.schema)} AUTHORIZATION <user>`,
        { details: { database: context.database, schema: namespace.schema }, cause },
      );
    }
  }

  function schemaTransaction(
    inner: PostgresTransaction,
    { rehearsal = false }: { readonly rehearsal?: boolean },
  ): SchemaTransaction {
    const { send, ...transaction } = inner;
    const { rowLevelSecurity } = compiled;
    const steps: StepCompiler = { compiler: engine.compiler, namespace, rowLevelSecurity };
    /** References of tables that were created before the tables they refer to. */
    const pending = new Set<{ readonly table: TableSchema; readonly column: string; readonly target: string }>();
    const read = (): Promise<LiveSchema> =>
      readLiveSchema((statements) => send(LABEL, statements), namespace, { schema, rowLevelSecurity });
    const run = async (statements: readonly string[]) => {
      await send(LABEL, [{ text: statements.join(";\n") }]);
      return statements;
    };

    /** Those of the names that are tables by now. Asked for one by one: all that the database has are many more. */
    async function tablesOf(tables: ReadonlySet<string>): Promise<Set<string>> {
      if (tables.size === 0) return new Set();
      const text =
        "select c.name from unnest($1::text[], $2::text[]) c (name, place) where to_regclass(c.place) is not null";
      const places = [...tables].map((name) => qualifiedTable(namespace, name));
      const [answer] = await send(LABEL, [{ text, values: [[...tables], places] }]);
      return new Set(answer!.rows.map(([name]) => String(name)));
    }

    async function createTable(table: TableSchema): Promise<readonly string[]> {
      const statements = [...createTableStatements(steps, table)];
      for (const { column, target } of table.foreignKeys) pending.add({ table, column, target });
      const there = await tablesOf(new Set([...pending].map(({ target }) => target)));
      there.add(table.name);
      for (const reference of pending) {
        if (!there.has(reference.target)) continue;
        pending.delete(reference);
        statements.push(referenceStatement(steps, reference.table, reference.column));
      }
      return run(statements);
    }

    async function apply(step: MigrationStep): Promise<readonly string[]> {
      await checkReferences(step);
      if (step.kind === "create_table") return createTable(step.table);
      if (step.kind === "insert_row") return insertRow(step);
      await refuseNull(step);
      if (rehearsal && step.kind === "create_index" && (await isInUse(step)))
        return stepStatements(steps, step, { referring: [], rules: [] });
      return run(stepStatements(steps, step, await surroundings(step)));
    }

    async function checkReferences(step: MigrationStep): Promise<void> {
      if (step.kind !== "create_table" && step.kind !== "add_column") return;
      const { table } = step;
      const made = (table.appReferences ?? []).filter(
        ({ column }) => step.kind === "create_table" || column === step.column.name,
      );
      await checkAppTables((statements) => send(LABEL, statements), table, made);
    }

    /** What is printed sets the tenant too: the policies bind whoever runs it. */
    async function insertRow(
      step: Extract<MigrationStep, { readonly kind: "insert_row" }>,
    ): Promise<readonly string[]> {
      const tenantId = String(step.values[0]);
      const statements = stepStatements(steps, step, { referring: [], rules: [] });
      await send({ ...LABEL, tenantId }, [{ text: statements.join(";\n") }]);
      return rowLevelSecurity ? [`set local ${TENANT_SETTING} = ${quoteText(tenantId)}`, ...statements] : statements;
    }

    const isInUse = async (step: MigrationStep) =>
      (await onTablesInUse({ connection: { send }, namespace }, [step])).length > 0;

    async function surroundings(
      step: Exclude<MigrationStep, { readonly kind: "create_table" }>,
    ): Promise<Surroundings> {
      const nothing = { referring: [], rules: [] };
      if (!["rename_table", "rename_column", "drop_table"].includes(step.kind)) return nothing;
      const { tables } = await read();
      const own = tables.get(step.table.name);
      const rules: LiveRule[] = [
        ...(own?.foreignKeys ?? []).map(({ column }) => ({ table: step.table.name, column })),
        ...[...(own?.columns ?? [])].flatMap(([column, { values }]) =>
          values ? [{ table: step.table.name, column }] : [],
        ),
      ];
      const referring = [...tables].flatMap(([table, { foreignKeys }]) =>
        table === step.table.name
          ? []
          : foreignKeys.filter(({ target }) => target === step.table.name).map(({ column }) => ({ table, column })),
      );
      return { referring, rules };
    }

    async function refuseNull(step: MigrationStep): Promise<void> {
      if (step.kind !== "forbid_null") return;
      const { table, column } = step;
      const text = `select id::text from ${qualifiedTable(namespace, table.name)} where ${quoteName(column)} is null limit 1`;
      const [answer] = await send(LABEL, everyTenant([{ text, values: [] }]));
      const id = answer!.rows[0]?.[0];
      if (id !== undefined) throw nullFound(table, column, String(id));
    }

    const everyTenant = (statements: readonly Sent[]): readonly Sent[] => [setEveryTenant, ...statements];

    return {
      ...transaction,
      liveSchema: async () => withPending(await read(), pending),
      async tenants(table) {
        return answerTo(engine.tenants(table), async ({ sql }, values) => {
          return (await send(LABEL, everyTenant([{ text: sql, values }]))).at(-1)!.rows;
        });
      },
      apply,
    };
  }

  return {
    columnType: (column) => engine.compiler.dialect.columnType(column),
    ahead,
    begin,
    migrate: migrateAtOnce(begin),
  };
}

/** With the references that are declared, and made when their targets are. */
function withPending(
  live: LiveSchema,
  pending: ReadonlySet<{ readonly table: TableSchema; readonly column: string; readonly target: string }>,
): LiveSchema {
  if (pending.size === 0) return live;
  const tables = new Map(live.tables);
  for (const { table, column, target } of pending) {
    const found = tables.get(table.name);
    if (found) tables.set(table.name, { ...found, foreignKeys: [...found.foreignKeys, { column, target }] });
  }
  return { tables };
}
