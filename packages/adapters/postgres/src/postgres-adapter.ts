/** The PostgreSQL adapter: connections from a pool, each call on one of them. */
import type { Storage, StorageAdapter, StorageOptions } from "@relata/core/adapter";
import { createNative, createSqlEngine, type WalkForm } from "@relata/sql";
import type { Kysely } from "kysely";
import { createAppTransactions } from "./app-transactions.ts";
import { batchGets } from "./batched-gets.ts";
import { beginUnit, inOneText, type Limits, limitSettings } from "./begin-unit.ts";
import { checkedNamespace, checkOptions } from "./check-options.ts";
import { checkRowLevelSecurity } from "./check-row-level-security.ts";
import { checkServer } from "./check-server.ts";
import { compileReach, readReach } from "./compile-reach.ts";
import { compileWalk } from "./compile-walk.ts";
import { createNotifications } from "./notifications.ts";
import { outsideCalls } from "./outside-calls.ts";
import { readPartitionNames } from "./partition-names.ts";
import { createExecutors } from "./pg-executor.ts";
import { postgresDialect } from "./postgres-dialect.ts";
import type { ErrorContext } from "./postgres-errors.ts";
import { createMigrator } from "./postgres-migrator.ts";
import { createLeases, type Leases, listeningClients, ownPool, type PostgresPool } from "./postgres-pool.ts";
import {
  aggregateReading,
  type Compiled,
  createStatementNames,
  findReading,
  traverseReading,
} from "./postgres-session.ts";
import { createTransaction } from "./postgres-transaction.ts";
import { readWalk } from "./read-walk.ts";
import { createServerClock } from "./server-clock.ts";
import { createSharedSettled } from "./shared-settled.ts";
import { createWriteCompiler } from "./write-steps.ts";

/** What `native()` gives: Kysely. It has a name of its own so that an application's declarations need not name Kysely. */
export interface PostgresNative<Tables> extends Kysely<Tables> {}

/** The application's own pool, or a server to make one for. */
export type PostgresOptions = PostgresPlace & PostgresSource;

export type PostgresSource =
  | {
      /**
       * The application's own `pg.Pool`. Closing the CRM leaves it open. Where its clients were made with `pipeline: true` (pg 8.22 and
       * newer), statements that belong together are sent in one go; otherwise each takes a round trip.
       */
      readonly pool: PostgresPool;
    }
  | {
      /** "postgres://user:password@host:5432/database": the CRM has a pool of its own. */
      readonly connectionString: string;
      /** How many connections the pool has at most. 10 unless said. */
      readonly maxConnections?: number;
      /** How long connecting may take. 5,000 unless said. */
      readonly connectTimeoutMs?: number;
    };

export interface PostgresPlace {
  /** The schema that the CRM's tables stand in, which is created when it is not there. "crm" unless said; "public" with a prefix. */
  readonly schema?: string;
  /** Before the name of every table, for a schema that the CRM shares. */
  readonly prefix?: string;
  /** How long a statement may take; without an end unless said. A unit may say otherwise. */
  readonly statementTimeoutMs?: number;
  /** How long a statement may wait for one lock. What `createCrm` takes as `waitTimeoutMs` unless said. */
  readonly lockTimeoutMs?: number;
  /** How long a unit may do nothing between two statements; then the server ends it and the connection. 60,000 unless said. */
  readonly idleTimeoutMs?: number;
  /**
   * The database itself shows and takes the rows of the tenant only that a handle is bound to, also for statements of the application's own
   * (`native()`): migrations give each table the policies for it, and every statement travels with its tenant. For a user who is neither
   * superuser nor has BYPASSRLS. `false` drops the policies again. Unless said, a database that has them is refused.
   */
  readonly rowLevelSecurity?: boolean;
  /** Where migrations run, and nothing else: for a user who may create tables, where the CRM's own may not. */
  readonly migrateWith?: PostgresSource;
  /** Only reads, so that a standby will do: whatever would write fails with `read_only`. Open with `migrate: "verify"` or `"off"`. */
  readonly readOnly?: boolean;
  /**
   * The connections go through a pooler that gives each transaction a session of the server's, as PgBouncer does with
   * `pool_mode = transaction`. Then no statement is prepared under a name, each single call is a transaction that begins with the limits
   * above, and the events of other processes are found by `drainEveryMs` alone.
   */
  readonly pooler?: "transaction";
}

/**
 * Stores everything in a PostgreSQL database, version 14 or newer, in a schema of its own. Any number of processes may use it at once.
 * `Tables` are the application's own, as Kysely describes tables: they type `native()`.
 *
 * @example
 * ```ts
 * import { createCrm } from "@relata/core";
 * import { postgres } from "@relata/postgres";
 * import pg from "pg";
 *
 * const pool = new pg.Pool({ connectionString: "postgres://localhost/app" });
 * const crm = await createCrm({ storage: postgres({ pool }) });
 * ```
 */
export function postgres<Tables = unknown>(options: PostgresOptions): StorageAdapter<PostgresNative<Tables>> {
  return { name: "postgres", open: (storageOptions) => openStorage<Tables>(options, storageOptions) };
}

/** All known nodes are copied for each level of a walk: of a few it costs nothing, of thousands more than their round trips. */
const MOST_LEVELS = 32;

const MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 60_000;

async function openStorage<Tables>(
  options: PostgresOptions,
  { schema, waitTimeoutMs, onQuery }: StorageOptions,
): Promise<Storage<PostgresNative<Tables>>> {
  checkOptions(options);
  const namespace = checkedNamespace(options);
  const { rowLevelSecurity, readOnly = false, migrateWith } = options;
  if (migrateWith) checkOptions(migrateWith);
  const context: ErrorContext = {
    database: databaseOf(options),
    schema,
    namespace,
    readOnly,
    partitionNames: new Map(),
  };
  const limits = limitsOf(options, waitTimeoutMs);
  const isPooled = options.pooler === "transaction";
  const settings = isPooled ? {} : limitSettings(limits);
  const { pool, owned } = sourceOf(options, settings);
  /** Its connections begin with the limits. */
  const isOwn = owned && !isPooled;
  const clock = createServerClock({ pooled: isPooled });
  const prepare = clock.refresh;
  const executorOf = createExecutors();
  const forLeases = { waitTimeoutMs, context, onQuery, executorOf, pooled: isPooled, prepare };
  const leases = createLeases({ ...forLeases, pool, owned });
  const dialect = postgresDialect(namespace);
  const walk: WalkForm = {
    mostLevels: MOST_LEVELS,
    compile: (compiler, query) => (query.edges === false ? compileReach : compileWalk)(compiler, query),
    read: (query, rows) => (query.edges === false ? readReach : readWalk)(rows),
  };
  const engine = createSqlEngine({ schema, dialect, walk });
  const nameOf = isPooled ? () => undefined : createStatementNames();
  const compiled: Compiled = {
    engine,
    writes: createWriteCompiler(engine.compiler, context, nameOf),
    context,
    rowLevelSecurity: rowLevelSecurity === true,
    nameOf,
  };
  await opened(leases, async (lease) => {
    // Behind a pooler only a transaction waits for a session within the limit, and one that has begun has it.
    if (isPooled) await lease.connection.send({ kind: "begin", tenantId: undefined }, [{ text: "begin" }]);
    await checkRowLevelSecurity(lease, rowLevelSecurity, context);
    context.partitionNames = await readPartitionNames(lease, namespace.schema);
    clock.set(await checkServer(lease, context));
    if (isPooled) await lease.connection.send({ kind: "commit", tenantId: undefined }, [{ text: "commit" }]);
  });
  const migrating = migrateWith
    ? createLeases({
        ...forLeases,
        ...sourceOf(migrateWith, settings),
        context: { ...context, database: databaseOf(migrateWith) },
      })
    : leases;
  const outside = outsideCalls(compiled, leases, {
    limits: isPooled ? limits : undefined,
    lockLimits: isOwn ? {} : limits,
  });
  const settled = createSharedSettled({ ask: outside.ask, namespace, waitTimeoutMs });
  const makeClient = isPooled ? undefined : listeningClients(pool);
  const notifications = createNotifications({ ask: outside.ask, namespace, makeClient });
  const apps = createAppTransactions(compiled, executorOf, onQuery);
  return {
    capabilities: {
      native: true,
      rowLevelSecurity: compiled.rowLevelSecurity,
      join: true,
      unitsInTurn: false,
      appReferences: true,
    },
    native: (execute) => createNative<Tables>(dialect, execute),
    find: batchGets((query, bindings) => outside.read(findReading(compiled, query, bindings))),
    aggregate: (query, bindings) => outside.read(aggregateReading(compiled, query, bindings)),
    traverse: (query, bindings) => outside.read(traverseReading(compiled, query, bindings)),
    write: outside.write,
    execute: outside.execute,
    tenants: (table) => outside.tenants(table),
    now: clock.now,
    // Nobody on a standby knows what the transactions on the primary server can still change.
    settledAt: async () => (readOnly ? 0 : settled()),
    hint: notifications.hint,
    onHint: notifications.onHint,
    async begin(transactionOptions = {}) {
      const lease = await leases.take();
      const begin = beginUnit(transactionOptions, isOwn ? {} : limits, { readOnly });
      // Goes with the first statement, in one go.
      if (lease.connection.sendTogether) return createTransaction(compiled, lease.connection, { ...lease, begin });
      try {
        await lease.connection.send({ kind: "begin", tenantId: undefined }, [inOneText(begin)]);
      } catch (error) {
        lease.release(false);
        throw error;
      }
      return createTransaction(compiled, lease.connection, lease);
    },
    join: (transaction) => apps.join(transaction),
    migrator: createMigrator({ compiled, leases: migrating, waitTimeoutMs, hasSession: !isPooled }),
    async close() {
      await notifications.close();
      await leases.close();
      await migrating.close();
    },
  };
}

async function opened<T>(
  leases: Leases,
  check: (lease: Awaited<ReturnType<Leases["take"]>>) => Promise<T>,
): Promise<T> {
  try {
    return await leases.with(check);
  } catch (error) {
    // Not waited for: what still tries to connect gives up by its own limit.
    void leases.close();
    throw error;
  }
}

function limitsOf(
  { statementTimeoutMs, lockTimeoutMs, idleTimeoutMs = IDLE_TIMEOUT_MS }: PostgresPlace,
  waitTimeoutMs: number,
): Limits {
  return {
    ...(statementTimeoutMs === undefined ? {} : { statementTimeoutMs }),
    lockTimeoutMs: lockTimeoutMs ?? waitTimeoutMs,
    idleTimeoutMs,
  };
}

/** @param settings that connections of a pool of the CRM's own begin with */
function sourceOf(
  options: PostgresSource,
  settings: Readonly<Record<string, number>>,
): { readonly pool: PostgresPool; readonly owned: boolean } {
  if ("pool" in options) return { pool: options.pool, owned: false };
  const { connectionString, maxConnections = MAX_CONNECTIONS, connectTimeoutMs = CONNECT_TIMEOUT_MS } = options;
  const pool = ownPool({ connectionString, maxConnections, connectTimeoutMs, settings });
  return { pool, owned: true };
}

/** Host, port and name; never the user's password. */
function databaseOf(options: PostgresSource): string {
  if ("pool" in options) {
    const { host, port, database, connectionString } = (options.pool?.options ?? {}) as Record<string, unknown>;
    if (typeof connectionString === "string") return placeIn(connectionString);
    return [host ?? "localhost", port ? `:${port}` : "", database ? `/${database}` : ""].join("");
  }
  return placeIn(String(options.connectionString));
}

function placeIn(connectionString: string): string {
  if (!URL.canParse(connectionString)) return "the server";
  const { host, pathname } = new URL(connectionString);
  return `${host}${pathname}`;
}
