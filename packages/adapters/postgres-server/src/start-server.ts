/** A PostgreSQL server for tests, from npm's binaries: a real one, with as many sessions as wanted. */
import { chmodSync, cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answers } from "./answers.ts";
import { findFreePort } from "./free-port.ts";
import { placeBinaries } from "./place-binaries.ts";
import { createRunFolder, removeLeftovers } from "./run-folder.ts";
import { runToEnd, type ServerCommand, startProcess } from "./server-process.ts";
import { createServerHome, findServerUser, giveFolder, type ServerUser } from "./server-user.ts";

export interface StartServerOptions {
  /** Settings of the server, over those below: `{ synchronous_commit: "on" }`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** The binaries are copied where links would do. */
  readonly copyBinaries?: boolean;
}

export interface PostgresServer {
  /** Of the superuser `postgres` in the database `postgres`; no password is asked for. */
  readonly url: string;
  /** With `postgresql.conf` and `pg_hba.conf`; what is changed there counts from the next start, or `pg_reload_conf()`. */
  readonly dataFolder: string;
  /** Rolls back and ends every session, and stops; the folder stays, for `restart`. */
  shutDown(): Promise<void>;
  /**
   * Ends as in a crash: no checkpoint, sessions are cut. Unless `synchronous_commit` is on, what was committed in the last moments may be
   * lost.
   */
  crash(): Promise<void>;
  /** Starts again what was shut down or has crashed, on the same port. Done when it answers. */
  restart(): Promise<void>;
  /** Shuts down and removes the folder. May be called again. */
  stop(): Promise<void>;
}

const host = "127.0.0.1";

/** For speed: what a test has written need not outlive the machine. */
const testSettings = {
  listen_addresses: host,
  unix_socket_directories: "",
  max_connections: 200,
  max_locks_per_transaction: 256,
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
};

/**
 * Starts a new, empty server on 127.0.0.1, on a free port, in a temporary folder `relata-postgres-<pid>-…` that `stop` removes: UTF8, code
 * point order, 200 sessions. Servers that killed processes have left are stopped first. As root, the server runs as the user `nobody`.
 *
 * @throws where npm has no binaries for the platform or they do not run; nothing is left.
 */
export function startServer(options: StartServerOptions = {}): Promise<PostgresServer> {
  return startNew(options, async ({ command, dataFolder }) => {
    const locale = ["--locale=C", "--encoding=UTF8"];
    await runToEnd(command("initdb", ["-D", dataFolder, "-U", "postgres", "-A", "trust", "--no-sync", ...locale]));
  });
}

/**
 * Starts a standby that streams from the server, from a copy of its data: for that the server is shut down and started again. It reads only,
 * a moment behind.
 */
export function startStandby(primary: PostgresServer): Promise<PostgresServer> {
  const { hostname, port } = new URL(primary.url);
  const settings = { primary_conninfo: `host=${hostname} port=${port} user=postgres` };
  return startNew({ settings }, async ({ dataFolder, user }) => {
    await primary.shutDown();
    cpSync(primary.dataFolder, dataFolder, { recursive: true });
    await primary.restart();
    rmSync(join(dataFolder, "postmaster.pid"), { force: true });
    writeFileSync(join(dataFolder, "standby.signal"), "");
    chmodSync(dataFolder, 0o700);
    if (user !== undefined) giveFolder(dataFolder, user);
  });
}

interface NewServer {
  command(name: string, args: readonly string[]): ServerCommand;
  readonly dataFolder: string;
  readonly user: ServerUser | undefined;
}

async function startNew(
  options: StartServerOptions,
  fill: (server: NewServer) => Promise<void>,
): Promise<PostgresServer> {
  await removeLeftovers();
  const folder = createRunFolder();
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    return await startIn(folder, remove, { options, fill });
  } catch (error) {
    remove();
    throw error;
  }
}

async function startIn(
  folder: string,
  remove: () => void,
  { options, fill }: { readonly options: StartServerOptions; readonly fill: (server: NewServer) => Promise<void> },
): Promise<PostgresServer> {
  const bin = placeBinaries(folder, { copy: options.copyBinaries ?? false });
  const user = findServerUser();
  const home = createServerHome(folder, user);
  const dataFolder = join(home, "data");
  const command = (name: string, args: readonly string[]) => ({ command: join(bin, name), args, folder, home, user });
  await fill({ command, dataFolder, user });

  const port = await findFreePort();
  const url = `postgres://postgres@${host}:${port}/postgres`;
  const settings = Object.entries({ ...testSettings, port, ...options.settings });
  const args = ["-D", dataFolder, ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const start = async () => {
    const server = startProcess(command("postgres", args));
    try {
      await server.ready(() => answers(url));
    } catch (error) {
      await server.stop("SIGQUIT");
      throw error;
    }
    return server;
  };
  let server = await start();
  return {
    url,
    dataFolder,
    shutDown: () => server.stop("SIGINT"),
    crash: () => server.stop("SIGQUIT"),
    async restart() {
      server = await start();
    },
    async stop() {
      await server.stop("SIGINT");
      remove();
    },
  };
}
