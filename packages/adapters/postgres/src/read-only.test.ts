/** A CRM that only reads: on a standby that streams from its primary server, and on the primary itself. */
import { createCrm } from "@relata/core";
import { freshPlaces, type PostgresServer, startServer, startStandby } from "@relata/postgres-server";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { refusal, session } from "./fixtures/sessions.ts";
import { postgres } from "./postgres-adapter.ts";

// Each opens databases of its own.
interface Tables {
  "crm.account": { id: string; name: string };
  account: { id: string; name: string };
}

async function reader(connectionString: string, migrate: "auto" | "verify" | "off" = "verify", schema = "crm") {
  const crm = await createCrm({ storage: postgres<Tables>({ connectionString, schema, readOnly: true }), migrate });
  onTestFinished(() => crm.close());
  return crm;
}

describe("a CRM on a streaming standby", () => {
  let primary: PostgresServer;
  let standby: PostgresServer;
  beforeAll(async () => {
    // What is committed is on its way to the standby then.
    primary = await startServer({ settings: { synchronous_commit: "on" } });
    standby = await startStandby(primary);
  }, 60_000);
  afterAll(async () => {
    await standby?.stop();
    await primary?.stop();
  });

  /** On the primary. */
  async function writer() {
    const crm = await createCrm({ storage: postgres({ connectionString: primary.url }) });
    onTestFinished(() => crm.close());
    return crm;
  }

  /** Until the standby has everything that is committed now. */
  async function caughtUp() {
    const there = await session(primary.url);
    const here = await session(standby.url);
    const { rows } = await there.query("select pg_current_wal_flush_lsn()::text as lsn");
    await expect
      .poll(
        async () => {
          const replayed = await here.query("select pg_last_wal_replay_lsn() >= $1::pg_lsn as done", [rows[0].lsn]);
          return replayed.rows[0].done;
        },
        { timeout: 20_000 },
      )
      .toBe(true);
  }

  it("reads what is committed on the primary: records, figures, trees, and the past", async () => {
    const crm = await writer();
    const parent = await crm.accounts.create({ name: "Acme" });
    const child = await crm.accounts.create({ name: "Acme North", parentId: parent.id });
    const before = await crm.transaction(async (tx) => (await tx.accounts.get(child.id)).updatedAt);
    await crm.accounts.update(child.id, { name: "Acme Norte" });
    await caughtUp();
    const replica = await reader(standby.url);
    expect((await replica.accounts.get(child.id, { include: { parent: true } })).parent?.name).toBe("Acme");
    expect(await replica.accounts.count({ where: { parentId: { atOrUnder: parent.id } } })).toBe(1);
    expect((await replica.asOf(before).accounts.get(child.id)).name).toBe("Acme North");
    expect((await replica.accounts.history(child.id)).length).toBe(2);
    expect(await replica.transaction((tx) => tx.accounts.count())).toBe(2);
    expect(await replica.native().selectFrom("crm.account").select("name").orderBy("name").execute()).toEqual([
      { name: "Acme" },
      { name: "Acme Norte" },
    ]);
    expect(await replica.settled()).toEqual(new Date(0));
  });

  it("refuses every write by name, and goes on reading", async () => {
    const crm = await writer();
    const { id } = await crm.accounts.create({ name: "Globex" });
    await caughtUp();
    const replica = await reader(standby.url, "off");
    const refused = {
      code: "read_only",
      message: `The CRM on "${new URL(standby.url).host}/postgres" was opened with readOnly: true. Write with one that is opened on the primary server without it.`,
    };
    expect(await refusal(replica.accounts.create({ name: "x" }))).toMatchObject(refused);
    expect(await refusal(replica.accounts.update(id, { name: "x" }))).toMatchObject(refused);
    expect(await refusal(replica.accounts.delete(id))).toMatchObject(refused);
    expect(await refusal(replica.transaction((tx) => tx.accounts.create({ name: "x" })))).toMatchObject(refused);
    const native = replica.transaction((tx) => tx.native().deleteFrom("crm.account").execute());
    expect(await refusal(native)).toMatchObject(refused);
    expect((await replica.accounts.get(id)).name).toBe("Globex");
  });

  it("is refused without readOnly", async () => {
    await writer();
    const opened = createCrm({ storage: postgres({ connectionString: standby.url }) });
    expect(await refusal(opened)).toMatchObject({
      code: "storage_unavailable",
      message: expect.stringContaining("Connect to the primary server, or open the CRM with readOnly: true."),
    });
  });
});

describe("readOnly on the primary server", () => {
  const placeOf = freshPlaces();

  it("writes nothing either", async () => {
    const place = await placeOf(onTestFinished);
    const crm = await createCrm({ storage: postgres(place) });
    onTestFinished(() => crm.close());
    const { id } = await crm.accounts.create({ name: "Acme" });
    const reading = await reader(place.connectionString, "verify", place.schema);
    expect(await refusal(reading.accounts.update(id, { name: "x" }))).toMatchObject({ code: "read_only" });
    const native = reading.transaction((tx) => tx.native().withSchema(place.schema).deleteFrom("account").execute());
    expect(await refusal(native)).toMatchObject({ code: "read_only" });
    expect((await reading.accounts.get(id)).name).toBe("Acme");
  });

  it("creates no tables", async () => {
    const place = await placeOf(onTestFinished);
    expect(await refusal(reader(place.connectionString, "auto", place.schema))).toMatchObject({ code: "read_only" });
  });
});
