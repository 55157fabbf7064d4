import { once } from "node:events";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { inspect } from "node:util";
import { createCrm } from "@relata/core";
import { type PostgresServer, startServer } from "@relata/postgres-server";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { checkServer } from "./check-server.ts";
import { failure, query } from "./fixtures/schema.ts";
import { type PostgresOptions, postgres } from "./postgres-adapter.ts";
import type { ErrorContext } from "./postgres-errors.ts";
import type { Lease } from "./postgres-pool.ts";

const SECRET = "swordfish";
let server: PostgresServer;
let root: { readonly connectionString: string };

beforeAll(async () => {
  server = await startServer();
  root = { connectionString: server.url };
  await query(
    root,
    `create role ann login password '${SECRET}';
    set password_encryption = 'md5';
    create role bob login password '${SECRET}';
    create role carol login;
    create role dave login connection limit 0;
    create role eve login;
    alter role eve set default_transaction_read_only = on;
    revoke create on database postgres from public`,
  );
  await query(root, "create database ascii encoding 'SQL_ASCII' template template0");
  await (await createCrm({ storage: postgres({ ...root, schema: "crm" }) })).close();
  await query(root, "grant usage on schema crm to carol");
  const hba = join(server.dataFolder, "pg_hba.conf");
  const before = readFileSync(hba, "utf8");
  writeFileSync(hba, "host all ann all scram-sha-256\nhost all bob all md5\n");
  appendFileSync(hba, before);
  await query(root, "select pg_reload_conf()");
}, 60_000);
afterAll(() => server.stop());

function urlOf(change: (url: URL) => void): string {
  const url = new URL(server.url);
  change(url);
  return url.href;
}

const inDatabase = (pathname: string) =>
  urlOf((url) => {
    url.pathname = pathname;
  });

const as = (user: string, password = "") =>
  urlOf((url) => {
    url.username = user;
    url.password = password;
  });

/** The failure of opening a CRM, before any limit that it has unless said, and without a password in anything that is shown of it. */
async function refusal(options: unknown, more: { readonly migrate?: "off"; readonly waitTimeoutMs?: number } = {}) {
  const start = performance.now();
  const error = await failure(createCrm({ storage: postgres(options as PostgresOptions), ...more }));
  expect(performance.now() - start).toBeLessThan(5_000);
  const shown = `${error.message} ${error.stack} ${JSON.stringify(error)} ${inspect(error.details)} ${error.cause}`;
  expect(shown).not.toContain(SECRET);
  return error;
}

describe("a server that lets nobody in", () => {
  it.each([
    ["scram-sha-256", "ann"],
    ["md5", "bob"],
  ])("for a wrong password, by %s", async (_, user) => {
    const error = await refusal({ connectionString: as(user, `${SECRET}-wrong`) });
    expect([error.code, error.retryable, error.details.sqlState]).toEqual(["storage_unavailable", false, "28P01"]);
    expect(error.message).toMatch(
      /password authentication failed for user "(ann|bob)".*Correct the user and the password/,
    );
    expect(error.details.database).toBe(`${new URL(server.url).host}/postgres`);
  });

  it("for a wrong password of the application's pool", async () => {
    const pool = new pg.Pool({ connectionString: as("ann", `${SECRET}-wrong`) });
    onTestFinished(() => pool.end());
    expect((await refusal({ pool })).message).toContain("Correct the user and the password");
  });

  it("for a password that is missing", async () => {
    const error = await refusal({ connectionString: as("ann") });
    expect([error.code, error.retryable]).toEqual(["storage_unavailable", false]);
    expect(error.message).toContain("asks for a password");
  });

  it("lets in who has the right one", async () => {
    await query(root, "grant create on database postgres to ann");
    const crm = await createCrm({ storage: postgres({ connectionString: as("ann", SECRET), schema: "of_ann" }) });
    await crm.close();
    await query(root, "revoke create on database postgres from ann");
  });

  it("for a user who does not exist", async () => {
    const error = await refusal({ connectionString: as("nobody_known") });
    expect([error.code, error.details.sqlState]).toEqual(["storage_unavailable", "28000"]);
    expect(error.message).toContain('role "nobody_known" does not exist');
  });

  it("for a database that is missing", async () => {
    const error = await refusal({ connectionString: inDatabase("/nowhere") });
    expect([error.code, error.retryable]).toEqual(["storage_unavailable", false]);
    expect(error.message).toContain('database "nowhere" does not exist. Create it');
  });

  it("for want of connections", async () => {
    const error = await refusal({ connectionString: as("dave") });
    expect([error.code, error.retryable, error.details.sqlState]).toEqual(["storage_unavailable", true, "53300"]);
    expect(error.message).toContain("Make the pools of all its clients smaller");
  });
});

describe("a server that is not there", () => {
  it("where nobody listens", async () => {
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const { port } = probe.address() as { readonly port: number };
    probe.close();
    await once(probe, "close");
    const error = await refusal({ connectionString: `postgres://u:${SECRET}@127.0.0.1:${port}/app` });
    expect([error.code, error.retryable]).toEqual(["storage_unavailable", true]);
    expect(error.message).toContain(`"127.0.0.1:${port}/app" cannot be reached`);
    expect(error.message).toContain("Start the server, or correct the host and the port.");
  });

  it.each(["connectTimeoutMs", "waitTimeoutMs", "the application's pool"])(
    "where somebody listens and never answers, within %s",
    async (limit) => {
      const silent = createServer(() => undefined).listen(0, "127.0.0.1");
      await once(silent, "listening");
      const sockets: { destroy(): void }[] = [];
      silent.on("connection", (socket) => sockets.push(socket));
      const { port } = silent.address() as { readonly port: number };
      const connectionString = `postgres://u:${SECRET}@127.0.0.1:${port}/app`;
      const pool = new pg.Pool({ connectionString });
      pool.on("error", () => undefined);
      onTestFinished(() => {
        for (const socket of sockets) socket.destroy();
        silent.close();
      });
      const error =
        limit === "connectTimeoutMs"
          ? await refusal({ connectionString, connectTimeoutMs: 200 })
          : await refusal(limit === "waitTimeoutMs" ? { connectionString } : { pool }, { waitTimeoutMs: 200 });
      expect([error.code, error.retryable]).toEqual(["storage_unavailable", true]);
      expect(error.message).toContain("Check the host, the port and the network.");
    },
  );

  it("on a host that does not exist", async () => {
    const error = await refusal({
      connectionString: `postgres://u:${SECRET}@no-such-host.invalid/app`,
      connectTimeoutMs: 1_500,
    });
    expect(error.code).toBe("storage_unavailable");
    expect(error.message).toContain('"no-such-host.invalid/app" cannot be reached');
  });

  it("behind a socket that speaks something else", async () => {
    const web = createServer((socket) => void socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")).listen(0, "127.0.0.1");
    await once(web, "listening");
    onTestFinished(() => void web.close());
    const { port } = web.address() as { readonly port: number };
    const error = await refusal({ connectionString: `postgres://u:${SECRET}@127.0.0.1:${port}/app` });
    expect(error.code).toBe("storage_unavailable");
  });
});

describe("rights that are lacking", () => {
  it("to create the schema", async () => {
    const error = await refusal({ connectionString: as("carol"), schema: "of_carol" });
    expect([error.code, error.details.schema]).toEqual(["storage_unavailable", "of_carol"]);
    expect(error.message).toContain('CREATE SCHEMA "of_carol" AUTHORIZATION');
    expect(await query(root, "select 1 from pg_namespace where nspname = 'of_carol'")).toEqual([]);
  });

  it("to create tables in a schema that is there", async () => {
    await query(root, "create schema bare; grant usage on schema bare to carol");
    const error = await refusal({ connectionString: as("carol"), schema: "bare" });
    expect([error.code, error.details.sqlState]).toEqual(["storage_unavailable", "42501"]);
    expect(error.message).toContain("permission denied for schema bare");
    expect(error.message).toContain("Grant it");
    expect(await query(root, "select 1 from pg_tables where schemaname = 'bare'")).toEqual([]);
  });

  it("on the tables", async () => {
    const verified = await refusal({ connectionString: as("carol"), schema: "crm" });
    expect([verified.code, verified.details.sqlState]).toEqual(["storage_unavailable", "42501"]);
    const storage = postgres({ connectionString: as("carol"), schema: "crm" });
    const crm = await createCrm({ storage, migrate: "off" });
    onTestFinished(() => crm.close());
    for (const call of [() => crm.accounts.count(), () => crm.accounts.create({ name: "Acme" })]) {
      const error = await failure(call());
      expect([error.code, error.details.sqlState]).toEqual(["storage_unavailable", "42501"]);
      expect(error.message).toMatch(/permission denied for table .*Grant it/);
    }
    expect(await query(root, "select 1 from crm.account")).toEqual([]);
  });
});

describe("a server that will not do", () => {
  it("because it is too old", async () => {
    const row = ["130012", "13.12 (Debian)", "f", "off", "UTF8", "1700000000000"];
    const connection = { send: async () => [{ rows: [row], changed: 1, command: "SELECT" }] };
    const error = await failure(
      checkServer({ connection } as unknown as Lease, { database: "db:5432/app", readOnly: false } as ErrorContext),
    );
    expect([error.code, error.message]).toEqual([
      "storage_unavailable",
      'The server of "db:5432/app" is PostgreSQL 13.12 (Debian). Use 14 or newer.',
    ]);
  });

  it("because its transactions only read", async () => {
    const error = await refusal({ connectionString: as("eve"), schema: "crm" });
    expect([error.code, error.message]).toEqual([
      "storage_unavailable",
      `The database "${new URL(server.url).host}/postgres" only reads here: it is a standby, or the user's transactions are read-only. Connect to the primary server, or open the CRM with readOnly: true.`,
    ]);
  });

  it("because the database has another encoding than UTF8", async () => {
    const error = await refusal({ connectionString: inDatabase("/ascii") });
    expect(error.message).toContain("has the encoding SQL_ASCII. Create one with the encoding UTF8.");
  });

  it("because it is a standby, from the start or after a failover", { timeout: 60_000 }, async () => {
    const other = await startServer();
    onTestFinished(() => other.stop());
    const crm = await createCrm({ storage: postgres({ connectionString: other.url }) });
    onTestFinished(() => crm.close());
    await crm.accounts.create({ name: "Acme" });
    await other.shutDown();
    writeFileSync(join(other.dataFolder, "standby.signal"), "", { mode: 0o644 });
    await other.restart();
    const error = await refusal({ connectionString: other.url });
    expect([error.code, error.message.includes("it is a standby")]).toEqual(["storage_unavailable", true]);
    expect(await crm.accounts.count()).toBe(1);
    const write = await failure(crm.accounts.create({ name: "Globex" }));
    expect([write.code, write.details.sqlState]).toEqual(["storage_unavailable", "25006"]);
    expect(write.message).toContain("Connect to the primary server, and not to a standby.");
  });

  it("because a table of the same name is not the CRM's, which is left as it was", async () => {
    await query(
      root,
      "create schema shared; create table shared.account (id int, owner text); insert into shared.account values (7, 'x')",
    );
    const error = await refusal({ connectionString: server.url, schema: "shared" });
    expect([error.code, error.details.table, error.details.entity]).toEqual([
      "schema_mismatch",
      "shared.account",
      "account",
    ]);
    expect(error.message).toContain("another schema or a prefix, or rename that table");
    expect(await query(root, "select * from shared.account")).toEqual([{ id: 7, owner: "x" }]);
    expect(await query(root, "select tablename from pg_tables where schemaname = 'shared'")).toEqual([
      { tablename: "account" },
    ]);
    const crm = await createCrm({ storage: postgres({ ...root, schema: "shared", prefix: "crm_" }) });
    await crm.close();
    expect(await query(root, "select * from shared.account")).toEqual([{ id: 7, owner: "x" }]);
  });

  it("because it has no tables, and none are to be made", async () => {
    const crm = await createCrm({ storage: postgres({ ...root, schema: "absent" }), migrate: "off" });
    onTestFinished(() => crm.close());
    const error = await failure(crm.accounts.count());
    expect(error.code).toBe("schema_mismatch");
    expect(error.message).toContain('schema "absent"');
  });
});

describe("options that are none", () => {
  const some = { connectionString: "postgres://u:swordfish@127.0.0.1:1/app" };
  it.each([
    [{}, "needs a `pool` or a `connectionString`"],
    [{ connectionString: "" }, "needs a `pool` or a `connectionString`"],
    [{ connectionString: 7 }, "needs a `pool` or a `connectionString`"],
    [{ connectionString: "swordfish" }, "`connectionString` must be of the form"],
    [{ connectionString: "mysql://u:swordfish@h/db" }, "`connectionString` must be of the form"],
    [{ connectionString: "postgres://u:swordfish@h:port/db" }, "`connectionString` must be of the form"],
    [{ pool: undefined }, "`pool` must be a Pool of the package pg"],
    [{ pool: {} }, "`pool` must be a Pool of the package pg"],
    [{ ...some, pool: { connect() {} } }, "a `pool` or a `connectionString`, and not both"],
    [{ ...some, schema: 'crm"; drop' }, "`schema` must be"],
    [{ ...some, schema: "" }, "`schema` must be"],
    [{ ...some, schema: "pg_crm" }, "`schema` must be"],
    [{ ...some, schema: "x".repeat(64) }, "`schema` must be"],
    [{ ...some, schema: null }, "`schema` must be"],
    [{ ...some, prefix: "crm-" }, "`prefix` must be"],
    [{ ...some, prefix: "x".repeat(21) }, "`prefix` must be"],
    [{ ...some, maxConnections: 0 }, "`maxConnections` must be a whole number from 1"],
    [{ ...some, maxConnections: Number.NaN }, "`maxConnections` must be"],
    [{ ...some, maxConnections: "10" }, "`maxConnections` must be"],
    [{ ...some, connectTimeoutMs: -1 }, "`connectTimeoutMs` must be"],
    [{ ...some, statementTimeoutMs: 0 }, "`statementTimeoutMs` must be"],
    [{ ...some, lockTimeoutMs: 1.5 }, "`lockTimeoutMs` must be"],
    [{ ...some, idleTimeoutMs: 2 ** 31 }, "`idleTimeoutMs` must be a whole number from 1 to 2147483647"],
  ])("%j", async (options, words) => {
    const error = await refusal(options);
    expect(error.code).toBe("storage_unavailable");
    expect(error.message).toContain(words);
  });

  it("a pool that was ended", async () => {
    const pool = new pg.Pool({ connectionString: server.url });
    await pool.end();
    const error = await refusal({ pool });
    expect([error.code, error.retryable]).toEqual(["storage_unavailable", false]);
    expect(error.message).toContain("has been ended. Give postgres() an open one.");
  });

  it("a pool that is ended while the CRM is open", async () => {
    const pool = new pg.Pool({ connectionString: server.url });
    const crm = await createCrm({ storage: postgres({ pool, schema: "crm" }), migrate: "off" });
    await pool.end();
    expect((await failure(crm.accounts.create({ name: "Acme" }))).message).toContain("has been ended");
    await crm.close();
  });
});
