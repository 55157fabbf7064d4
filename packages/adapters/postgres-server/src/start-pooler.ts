/** PgBouncer in transaction mode before a server: each transaction of a session may run on another backend. */
import { execFileSync } from "node:child_process";
import { accessSync, chownSync, constants, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import pg from "pg";
import { answers } from "./answers.ts";
import { findFreePort } from "./free-port.ts";
import { createRunFolder, removeLeftovers } from "./run-folder.ts";
import { startProcess } from "./server-process.ts";
import { createServerHome, findServerUser } from "./server-user.ts";

export interface Pooler {
  /** Of the server's user and database; sessions of other users take their names. */
  readonly url: string;
  /** Cuts the sessions, and removes the folder. May be called again. */
  stop(): Promise<void>;
}

const backends = 4;

/** The path of `pgbouncer`, from PATH or `/usr/sbin`; undefined when it is not installed. */
export function findPooler(): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"];
  return folders.map((folder) => join(folder, "pgbouncer")).find(isExecutable);
}

/**
 * Starts PgBouncer on 127.0.0.1 with four backends for each user and database, taken in turn, so that of a session's transactions no two in
 * a row have the same one. Nothing of a session is reset between them, and named statements do not follow. Undefined when PgBouncer is not
 * installed.
 *
 * @throws when it does not start, or the server does not answer; nothing is left.
 */
export async function startPooler(server: { readonly url: string }): Promise<Pooler | undefined> {
  const command = findPooler();
  if (command === undefined) return undefined;
  if (!(await answers(server.url))) throw new Error(`No server answers at ${new URL(server.url).host}.`);
  await removeLeftovers();
  const folder = createRunFolder();
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    return await startIn(folder, command, { server: new URL(server.url), remove });
  } catch (error) {
    remove();
    throw error;
  }
}

interface Target {
  readonly server: URL;
  remove(): void;
}

async function startIn(folder: string, command: string, { server, remove }: Target): Promise<Pooler> {
  const user = findServerUser();
  const home = createServerHome(folder, user);
  const url = new URL(server);
  url.hostname = "127.0.0.1";
  url.port = String(await findFreePort());
  const write = (name: string, text: string) => {
    writeFileSync(join(home, name), text, { mode: 0o600 });
    if (user !== undefined) chownSync(join(home, name), user.uid, user.gid);
    return join(home, name);
  };
  const users = write("users.txt", `${[server.username, server.password].map((text) => quote(text)).join(" ")}\n`);
  const config = write(
    "pgbouncer.ini",
    configuration(server, [...settings(url.port, users, server), ...forNewer(command)]),
  );
  const pooler = startProcess({ command, args: [config], folder, home, user });
  try {
    await pooler.ready(() => answers(url.href));
    await fill(url.href);
  } catch (error) {
    await pooler.stop("SIGQUIT");
    throw error;
  }
  return {
    url: url.href,
    async stop() {
      await pooler.stop("SIGQUIT");
      remove();
    },
  };
}

function configuration({ hostname, port }: URL, lines: readonly string[]): string {
  const databases = `* = host=${hostname} port=${port || 5432}`;
  return ["[databases]", databases, "[pgbouncer]", ...lines, ""].join("\n");
}

function settings(port: string, users: string, { username }: URL): string[] {
  return [
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = trust",
    `auth_file = ${users}`,
    `auth_user = ${decodeURIComponent(username)}`,
    "pool_mode = transaction",
    `default_pool_size = ${backends}`,
    "server_round_robin = 1",
    "max_client_conn = 200",
    "ignore_startup_parameters = extra_float_digits",
  ];
}

/** From 1.21 on it can carry named statements, which older ones in use cannot. */
function forNewer(command: string): string[] {
  const [, major, minor] =
    /PgBouncer (\d+)\.(\d+)/.exec(execFileSync(command, ["--version"], { encoding: "utf8" })) ?? [];
  return Number(major) === 1 && Number(minor) < 21 ? [] : ["max_prepared_statements = 0"];
}

/** Opens the backends, by as many transactions at once. */
async function fill(connectionString: string): Promise<void> {
  const clients = Array.from({ length: backends }, () => new pg.Client({ connectionString }));
  try {
    for (const client of clients) {
      await client.connect();
      await client.query("begin");
    }
    for (const client of clients) await client.query("commit");
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}

function quote(encoded: string): string {
  return `"${decodeURIComponent(encoded).replaceAll('"', '""')}"`;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
