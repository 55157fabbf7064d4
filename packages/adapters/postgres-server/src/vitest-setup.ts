/** Vitest's global setup for tests on PostgreSQL: the server of `DATABASE_URL`, or one that is started for the run and stopped after it. */
import pg from "pg";
import type { TestProject } from "vitest/node";
import { findPooler } from "./start-pooler.ts";
import { startServer } from "./start-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Of a superuser, for `inject("databaseUrl")`. */
    databaseUrl: string;
  }
}

/** Says which tests are skipped for want of a pooler. @throws in one line that says what to set, so that no run passes without a server. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (findPooler() === undefined) {
    project.vitest.logger.warn(
      "What is tested behind a pooler is skipped: no pgbouncer was found (install pgbouncer).",
    );
  }
  const given = process.env.DATABASE_URL;
  if (given) {
    await checkServer(given);
    project.provide("databaseUrl", given);
    return undefined;
  }
  const server = await startServer().catch((cause: Error) => {
    const what = "No PostgreSQL server could be started for the tests";
    throw new Error(`${what}: set DATABASE_URL to one where they may be superuser. ${cause.message}`, { cause });
  });
  project.provide("databaseUrl", server.url);
  return server.stop;
}

async function checkServer(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ is_superuser: string }>("show is_superuser");
    if (rows[0]?.is_superuser !== "on") throw new Error("its user is not a superuser");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`DATABASE_URL names no PostgreSQL server that the tests can use: ${why}`, { cause });
  } finally {
    await client.end();
  }
}
