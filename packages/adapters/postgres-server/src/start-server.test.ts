import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { removeLeftovers } from "./run-folder.ts";
import { type StartServerOptions, startServer } from "./start-server.ts";

const timeoutMs = 60_000;

async function start(options?: StartServerOptions) {
  const server = await startServer(options);
  onTestFinished(server.stop);
  return server;
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<readonly Row[]> {
  const client = new pg.Client(url);
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

it("gives each session a backend of its own", { timeout: timeoutMs }, async () => {
  const { url } = await start();
  const clients = Array.from({ length: 8 }, () => new pg.Client(url));
  await Promise.all(clients.map((client) => client.connect()));
  const pids = await Promise.all(
    clients.map(async (client) => (await client.query("select pg_backend_pid() as pid")).rows[0].pid),
  );
  await Promise.all(clients.map((client) => client.end()));
  expect(new Set(pids).size).toBe(8);
});

it("stores UTF8, orders by code points, and takes 200 sessions", { timeout: timeoutMs }, async () => {
  const { url } = await start();
  const sql = `
    select pg_encoding_to_char(encoding) as encoding, datcollate as collate, current_setting('max_connections') as sessions
    from pg_database where datname = current_database()`;
  expect(await query(url, sql)).toEqual([{ encoding: "UTF8", collate: "C", sessions: "200" }]);
  expect(await query(url, "select string_agg(x, '' order by x) as x from unnest(array['a', 'ä', 'B']) x")).toEqual([
    { x: "Baä" },
  ]);
});

it("takes settings of the test's own over its defaults", { timeout: timeoutMs }, async () => {
  const { url } = await start({ settings: { synchronous_commit: "on" } });
  expect(await query(url, "show synchronous_commit")).toEqual([{ synchronous_commit: "on" }]);
});

it.runIf(process.getuid?.() === 0)("runs as nobody when root starts it", { timeout: timeoutMs }, async () => {
  const { dataFolder } = await start();
  expect(statSync(dataFolder).uid).toBe(statSync(`${dataFolder}/base`).uid);
  expect(statSync(dataFolder).uid).not.toBe(0);
});

it("runs from copies where links cannot be made, whatever the umask", { timeout: timeoutMs }, async () => {
  const umask = process.umask(0o077);
  onTestFinished(() => void process.umask(umask));
  const { url, dataFolder } = await start({ copyBinaries: true });
  expect(statSync(`${dirname(dirname(dataFolder))}/native/bin/postgres`).nlink).toBe(1);
  expect(await query(url, "select 1 as one")).toEqual([{ one: 1 }]);
});

it("keeps what is committed through a crash, and its port", { timeout: timeoutMs }, async () => {
  const server = await start({ settings: { synchronous_commit: "on" } });
  await query(server.url, "create table kept as select 7 as n");
  await server.crash();
  await expect(query(server.url, "select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await server.restart();
  expect(await query(server.url, "select n from kept")).toEqual([{ n: 7 }]);
});

it("stops with sessions open, leaves no folder, and may be stopped again", { timeout: timeoutMs }, async () => {
  const server = await start();
  const client = new pg.Client(server.url);
  client.on("error", () => undefined);
  await client.connect();
  await server.stop();
  expect(existsSync(dirname(dirname(server.dataFolder)))).toBe(false);
  await server.stop();
});

it("says why a server does not start, and leaves nothing", { timeout: timeoutMs }, async () => {
  await expect(startServer({ settings: { max_connections: "many" } })).rejects.toThrow(
    /postgres ended with 1\n.*invalid value for parameter "max_connections": "many"/s,
  );
});

it("stops a server that a killed process has left, and removes its folder", { timeout: timeoutMs }, async () => {
  const child = fork(new URL("./fixtures/serving-process.ts", import.meta.url), {
    execArgv: ["--conditions=@relata/source"],
  });
  const [{ url, dataFolder }] = await once(child, "message");
  child.kill("SIGKILL");
  await once(child, "close");
  await removeLeftovers();
  expect(existsSync(dirname(dirname(dataFolder)))).toBe(false);
  await expect(query(url, "select 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});
