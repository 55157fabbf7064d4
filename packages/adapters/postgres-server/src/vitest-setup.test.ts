import pg from "pg";
import { expect, inject, it, onTestFinished, vi } from "vitest";
import type { TestProject } from "vitest/node";
import { setup } from "./vitest-setup.ts";

/** What the setup provides, and what it gives back, with this `DATABASE_URL`. */
async function setUp(databaseUrl: string) {
  vi.stubEnv("DATABASE_URL", databaseUrl);
  onTestFinished(() => void vi.unstubAllEnvs());
  const provided: Record<string, unknown> = {};
  const provide = (key: string, value: unknown) => {
    provided[key] = value;
  };
  const project = { provide, vitest: { logger: { warn: () => undefined } } };
  const teardown = await setup(project as unknown as TestProject);
  return { provided, teardown };
}

it("uses the server of DATABASE_URL, and leaves it running", async () => {
  const databaseUrl = inject("databaseUrl");
  expect(await setUp(databaseUrl)).toEqual({ provided: { databaseUrl }, teardown: undefined });
});

it("starts a server where DATABASE_URL is empty, and stops it", { timeout: 60_000 }, async () => {
  const { provided, teardown } = await setUp("");
  const connectionString = String(provided.databaseUrl);
  expect(connectionString).not.toBe(inject("databaseUrl"));
  await teardown?.();
  await expect(new pg.Client({ connectionString }).connect()).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

it("refuses a DATABASE_URL that nothing answers at", async () => {
  await expect(setUp("postgres://postgres@127.0.0.1:1/postgres")).rejects.toThrow(
    "DATABASE_URL names no PostgreSQL server that the tests can use: connect ECONNREFUSED 127.0.0.1:1",
  );
});

it("refuses a DATABASE_URL whose user is not a superuser", async () => {
  const server = new pg.Client(inject("databaseUrl"));
  await server.connect();
  const role = `plain_${process.pid}`;
  await server.query(`create role ${role} login password 'secret'`);
  onTestFinished(async () => {
    await server.query(`drop role ${role}`);
    await server.end();
  });
  const url = new URL(inject("databaseUrl"));
  url.username = role;
  url.password = "secret";
  await expect(setUp(url.href)).rejects.toThrow(
    "DATABASE_URL names no PostgreSQL server that the tests can use: its user is not a superuser",
  );
});
