/** A server of the suite's own, and databases on it that begin with the same rows. */
import { type PostgresServer, startServer } from "@relata/postgres-server";
import pg from "pg";

export interface Databases {
  /** Of the database that the others begin as. No connection to it may be open when a copy is made. */
  readonly originalUrl: string;
  /** Empty, in the place of any before. */
  createOriginal(): Promise<void>;
  copy(name: string): Promise<string>;
  /** Of a user with no right but to rows, on the same database. */
  rowsOnlyUser(url: string): Promise<string>;
  drop(name: string): Promise<void>;
  version(): Promise<string>;
  stop(): Promise<void>;
}

export const SERVER_SETTINGS = { synchronous_commit: "off", shared_buffers: "512MB", max_wal_size: "8GB" } as const;

const ORIGINAL = "original";
const ROWS_ONLY = "rows_only";

export async function startDatabases(): Promise<Databases> {
  const server: PostgresServer = await startServer({ settings: SERVER_SETTINGS });
  const urlOf = (name: string) => String(Object.assign(new URL(server.url), { pathname: `/${name}` }));
  const run = (url: string, ...texts: readonly string[]) => onClient(url, (client) => inOrder(client, texts));
  const drop = (name: string) => run(server.url, `drop database if exists ${name} with (force)`);
  return {
    originalUrl: urlOf(ORIGINAL),
    async createOriginal() {
      await drop(ORIGINAL);
      await run(server.url, `create database ${ORIGINAL}`);
    },
    async copy(name) {
      await run(server.url, `create database ${name} template ${ORIGINAL} strategy file_copy`);
      return urlOf(name);
    },
    async rowsOnlyUser(url) {
      await run(
        url,
        `drop role if exists ${ROWS_ONLY}`,
        `create role ${ROWS_ONLY} login`,
        `grant usage on schema crm to ${ROWS_ONLY}`,
        `grant select, insert, update, delete on all tables in schema crm to ${ROWS_ONLY}`,
      );
      return String(Object.assign(new URL(url), { username: ROWS_ONLY }));
    },
    drop,
    version: () =>
      onClient(server.url, async (client) =>
        String((await client.query("show server_version")).rows[0].server_version),
      ),
    stop: () => server.stop(),
  };
}

export async function onClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** With the planner's statistics, and nothing left for the background to clean up. */
export function settle(url: string): Promise<void> {
  return onClient(url, (client) => inOrder(client, ["vacuum (analyze)", "checkpoint"]));
}

/** All rows of all tables but the adapter's own, by their primary keys. */
export function rowsOf(url: string): Promise<unknown> {
  return onClient(url, async (client) => {
    const { rows: tables } = await client.query<{ readonly name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'crm' and table_name not like 'relata%' order by 1",
    );
    const all: unknown[] = [];
    for (const { name } of tables) {
      all.push([name, (await client.query(`select * from crm."${name}" order by 1, 2, 3`)).rows]);
    }
    return all;
  });
}

async function inOrder(client: pg.Client, texts: readonly string[]): Promise<void> {
  for (const text of texts) await client.query(text);
}
