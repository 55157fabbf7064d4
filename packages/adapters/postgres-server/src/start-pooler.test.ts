import pg from "pg";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { findPooler, startPooler } from "./start-pooler.ts";

/** A session through a pooler of the test's own. */
async function connect(change: (url: URL) => void = () => undefined): Promise<pg.Client> {
  const pooler = await startPooler({ url: inject("databaseUrl") });
  if (pooler === undefined) throw new Error("PgBouncer was found, and not started.");
  onTestFinished(pooler.stop);
  const url = new URL(pooler.url);
  change(url);
  const client = new pg.Client(url.href);
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

describe.runIf(findPooler() !== undefined)("a pooler", () => {
  it("runs the transactions of one session on four backends in turn, and each on one", async () => {
    const client = await connect();
    const pid = async () => (await client.query("select pg_backend_pid() as pid")).rows[0].pid;
    const pids: number[] = [];
    for (let turn = 0; turn < 8; turn++) pids.push(await pid());
    expect(new Set(pids.slice(0, 4)).size).toBe(4);
    expect(pids.slice(4)).toEqual(pids.slice(0, 4));
    await client.query("begin");
    expect(await pid()).toBe(await pid());
    await client.query("commit");
    await client.end();
  });

  it("does not carry named statements", async () => {
    const client = await connect();
    const named = () => client.query({ name: "one", text: "select 1 as one" });
    expect((await named()).rows).toEqual([{ one: 1 }]);
    await expect(named()).rejects.toMatchObject({ code: "26000" });
    await client.end();
  });

  it("lets users in that tests create", async () => {
    const server = new pg.Client(inject("databaseUrl"));
    await server.connect();
    const role = `pooled_${process.pid}`;
    await server.query(`create role ${role} login`);
    onTestFinished(async () => {
      await server.query(`drop role ${role}`);
      await server.end();
    });
    const client = await connect((url) => {
      url.username = role;
    });
    expect((await client.query("select current_user::text as me")).rows).toEqual([{ me: role }]);
    await client.end();
  });

  it("is refused before a server that does not answer", async () => {
    await expect(startPooler({ url: "postgres://postgres@127.0.0.1:1/postgres" })).rejects.toThrow(
      "No server answers at 127.0.0.1:1.",
    );
  });
});
