/** Connections from a pool, each with a listener that keeps a lost one from ending the process. */
import { CrmError, type ShowStatement } from "@relata/core/adapter";
import pg from "pg";
import type { ListeningClient, MakeListeningClient } from "./listener.ts";
import type { ExecutorOf, PgClient } from "./pg-executor.ts";
import { createConnection, type PostgresConnection } from "./postgres-connection.ts";
import {
  connectionLost,
  type ErrorContext,
  poolExhausted,
  storageClosed,
  translateConnectError,
} from "./postgres-errors.ts";
import { sessionInTime } from "./session-wait.ts";

/** What is used of the application's `pg.Pool`. */
export interface PostgresPool {
  connect(): Promise<object>;
  /** "error": a connection was lost while nobody had taken it. "acquire": one is about to be given to whoever waits for it. */
  on?(event: "error", listener: (error: Error) => void): unknown;
  on?(event: "acquire", listener: (client: object) => void): unknown;
  off?(event: "error", listener: (error: Error) => void): unknown;
  off?(event: "acquire", listener: (client: object) => void): unknown;
  /** What its clients are made with. One more is made so, which listens for events of other processes. */
  readonly options?: object;
  readonly Client?: new (options: never) => object;
  readonly totalCount?: number;
  readonly idleCount?: number;
  readonly waitingCount?: number;
}

/** A connection that is taken from the pool until it is given back. */
export interface Lease {
  readonly connection: PostgresConnection;
  /** Why the connection cannot be used any more, where it was lost. */
  readonly lost: () => CrmError | undefined;
  /** Idempotent. Without `keep` the connection is closed: its state is not known. */
  release(keep: boolean): void;
}

export interface Leases {
  /** @throws `unit_wait_timeout` when all connections are taken for longer than may be waited. */
  take(): Promise<Lease>;
  /** Takes a connection for a call, and gives it back. */
  with<T>(work: (lease: Lease) => Promise<T>): Promise<T>;
  /** Waits for what is under way. Idempotent. */
  close(): Promise<void>;
}

export interface LeaseOptions {
  readonly pool: PostgresPool;
  /** Whether closing the storage closes the pool. */
  readonly owned: boolean;
  readonly waitTimeoutMs: number;
  readonly context: ErrorContext;
  readonly onQuery: ShowStatement | undefined;
  readonly executorOf: ExecutorOf;
  /** The connections are a pooler's, which has sessions for transactions only. */
  readonly pooled: boolean;
  /** What is done with a connection before it is used. */
  prepare(lease: Lease): Promise<void>;
}

/** A connection that is lost while nobody waits for it is replaced by its pool, and must not end the process. One for all CRMs of a pool. */
const ignoreLoss = () => {};

type PooledClient = PgClient & { release(destroy?: boolean): void };

export function createLeases(options: LeaseOptions): Leases {
  const { pool, owned, waitTimeoutMs, context, onQuery, executorOf, pooled, prepare } = options;
  let taken = 0;
  let closing: Promise<void> | undefined;
  let nothingTaken = () => {};
  // The pool stops to listen before it gives a connection away, and the news of its loss may stand in the very packet that made it free.
  const guard = (client: object) => {
    const guarded = client as PgClient;
    if (!guarded.listeners("error").includes(ignoreLoss)) guarded.on("error", ignoreLoss);
  };
  pool.on?.("error", ignoreLoss);
  pool.on?.("acquire", guard);

  const givenBack = () => {
    taken--;
    if (taken === 0) nothingTaken();
  };

  async function take(): Promise<Lease> {
    if (closing) throw storageClosed(context.database);
    taken++;
    let lease: Lease;
    try {
      lease = leaseOf(await connectInTime());
    } catch (error) {
      givenBack();
      throw translateConnectError(error, context);
    }
    try {
      await prepare(lease);
      return lease;
    } catch (error) {
      lease.release(false);
      throw error;
    }
  }

  /** A connection that comes too late goes back at once. */
  async function connectInTime(): Promise<PooledClient> {
    // One that is there already is given without delay.
    if (hasIdle(pool)) return (await pool.connect()) as PooledClient;
    // Some pools throw where others reject.
    const connected = (async () => (await pool.connect()) as PooledClient)();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), waitTimeoutMs);
    });
    try {
      const client = await Promise.race([connected, timeout]);
      if (client) return client;
    } catch (error) {
      // The pool's own limit, which does not tell connecting from waiting.
      const own = connectTimeoutOf(pool);
      if (own === undefined || !isExhausted(pool) || !isTimeout(error)) throw error;
      throw poolExhausted(context.database, own, poolFacts(pool));
    } finally {
      clearTimeout(timer);
    }
    connected.then(
      (client) => client.release(),
      () => {},
    );
    if (isExhausted(pool)) throw poolExhausted(context.database, waitTimeoutMs, poolFacts(pool));
    throw new CrmError(
      "storage_unavailable",
      `The server of "${context.database}" has not answered within ${waitTimeoutMs} ms. Check the host, the port and the network.`,
      { details: { database: context.database }, retryable: true },
    );
  }

  function leaseOf(client: PooledClient): Lease {
    let loss: CrmError | undefined;
    let released = false;
    const onError = (error: Error) => {
      loss ??= connectionLost(context.database, error.message, error);
    };
    client.on("error", onError);
    const cut = (error: CrmError) => {
      loss ??= error;
      client.connection?.stream?.destroy();
    };
    const direct = executorOf(client);
    const executor = pooled ? sessionInTime(direct, { database: context.database, waitTimeoutMs, cut }) : direct;
    return {
      connection: createConnection(executor, context, onQuery),
      lost: () => loss,
      release(keep) {
        if (released) return;
        released = true;
        client.release(!keep || loss !== undefined);
        // Not before: the pool listens to what it holds.
        client.off("error", onError);
        givenBack();
      },
    };
  }

  return {
    take,
    async with(work) {
      const lease = await take();
      let keep = true;
      try {
        return await work(lease);
      } catch (error) {
        keep = !CrmError.is(error, "storage_unavailable") && !CrmError.is(error, "outcome_unknown");
        throw error;
      } finally {
        lease.release(keep);
      }
    },
    close() {
      closing ??= new Promise<void>((resolve) => {
        nothingTaken = resolve;
        if (taken === 0) resolve();
      }).then(async () => {
        if (owned) await (pool as pg.Pool).end();
        else {
          pool.off?.("error", ignoreLoss);
          pool.off?.("acquire", guard);
        }
      });
      return closing;
    },
  };
}

function hasIdle({ idleCount = 0, waitingCount = 0 }: PostgresPool): boolean {
  return idleCount > waitingCount;
}

function isExhausted({ options, totalCount, idleCount }: PostgresPool): boolean {
  const max = options && "max" in options && typeof options.max === "number" ? options.max : 10;
  return totalCount !== undefined && totalCount >= max && (idleCount ?? 0) === 0;
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /^timeout exceeded/.test(error.message);
}

function connectTimeoutOf({ options }: PostgresPool): number | undefined {
  const given = options && "connectionTimeoutMillis" in options ? options.connectionTimeoutMillis : undefined;
  return typeof given === "number" && given > 0 ? given : undefined;
}

function poolFacts({ totalCount = 0, idleCount = 0, waitingCount = 0 }: PostgresPool) {
  return { inUse: totalCount - idleCount, waiting: waitingCount };
}

/** Makes a client like the pool's own; undefined for a pool that does not say how. */
export function listeningClients({ options, Client = pg.Client }: PostgresPool): MakeListeningClient | undefined {
  return options && (() => new Client(options as never) as ListeningClient);
}

export interface OwnPoolOptions {
  readonly connectionString: string;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  /** Settings that a connection begins with; none through a pooler, which would not carry them. */
  readonly settings: Readonly<Record<string, string | number>>;
}

/** A pool of the SDK's own, whose clients send statements ahead of the answers. */
export function ownPool(options: OwnPoolOptions): pg.Pool {
  const { connectionString, maxConnections, connectTimeoutMs, settings } = options;
  return new pg.Pool({
    connectionString,
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    allowExitOnIdle: true,
    application_name: "relata",
    ...settings,
    ...({ pipeline: true } as object),
  });
}
