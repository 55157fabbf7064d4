/** Migrations of a database that others use meanwhile: other migrators, an application that holds locks, and connections that are lost. */
import { setTimeout as sleep } from "node:timers/promises";
import { createCrm } from "@relata/core";
import { defineEntity, definePlugin, oneOf, reference, text } from "@relata/core/plugin";
import { type AdapterPlace, freshPlaces } from "@relata/postgres-server";
import type pg from "pg";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { settings } from "./fixtures/device-versions.ts";
import { codeIndexes, openPlain, upgrade, waiting } from "./fixtures/live-database.ts";
import { column, refusal, session } from "./fixtures/sessions.ts";
import { startUpgrades } from "./fixtures/start-upgrades.ts";

const placeOf = freshPlaces();

const ledgerOf = (client: pg.Client, { schema }: AdapterPlace) =>
  column(client, `select migration from "${schema}".relata__ledger order by 1`);

describe("four processes that migrate at once", () => {
  it("make one schema, which one of them has made", async () => {
    const place = await placeOf(onTestFinished);
    expect((await startUpgrades(place, "indexed", 4)).toSorted()).toEqual([0, 0, 0, 1]);
    const client = await session(place.connectionString);
    expect(await ledgerOf(client, place)).toEqual(["automatic 000001", "ledger 1"]);
    await upgrade({ place, migrate: "verify" }, "indexed");
  });

  it("upgrade one that is in use, and build its index once", async () => {
    const place = await placeOf(onTestFinished);
    const crm = await openPlain({ place }, ["A", "B"]);
    const client = await session(place.connectionString);
    const other = await session(place.connectionString);
    await other.query(`begin; update "${place.schema}".device set name = 'locked' where code = 'A'`);
    const upgrades = startUpgrades(place, "unique", 4);
    await waiting(client, "create unique index concurrently%device__code%");
    // They ask whether it is their turn, and let go of everything in between.
    const others = `select count(*)::int from pg_stat_activity where state = 'idle' and query = 'rollback' and datname = current_database()`;
    for (let n = 0; n < 3; await sleep(20)) [n] = (await column(client, others)) as [number];
    await crm.devices.create({ name: "C", code: "C" });
    await other.query("rollback");
    expect((await upgrades).toSorted()).toEqual([0, 0, 0, 1]);
    expect(await codeIndexes(client, place)).toEqual(["device__code__key"]);
    expect(await ledgerOf(client, place)).toEqual(["automatic 000001", "automatic 000002", "ledger 1"]);
  });
});

describe("a migrator that waits for another one", () => {
  it("gives up after a minute, and says whom it has waited for", async () => {
    const place = await placeOf(onTestFinished);
    await openPlain({ place }, ["A"]);
    const client = await session(place.connectionString);
    const other = await session(place.connectionString);
    await other.query(`begin; update "${place.schema}".device set name = 'locked'`);
    const first = upgrade({ place }, "indexed");
    const builder = await waiting(client, "create index concurrently%device__code%");
    vi.useFakeTimers({ toFake: ["performance"] });
    onTestFinished(() => void vi.useRealTimers());
    let isOver = false;
    const second = refusal(upgrade({ place }, "indexed")).finally(() => {
      isOver = true;
    });
    // Whenever it has begun to wait, a minute passes after that.
    for (; !isOver; await sleep(100)) vi.advanceTimersByTime(61_000);
    expect(await second).toMatchObject({
      code: "lock_timeout",
      retryable: true,
      message: expect.stringMatching(
        /^Another process has been migrating ".+" for longer than 60000 ms\. Try again when it is done\.$/,
      ),
      details: { waitedMs: 60_000 },
    });
    expect(builder).toBeGreaterThan(0);
    await other.query("rollback");
    await first;
  });
});

describe("a table that the application has locked", () => {
  const motto = definePlugin({ id: "mottos", extend: { account: { motto: text().optional() } } });

  async function locked(lock: string) {
    const place = await placeOf(onTestFinished);
    const crm = await openPlain({ place });
    await crm.accounts.create({ name: "Acme" });
    const client = await session(place.connectionString);
    const other = await session(place.connectionString);
    await other.query(`begin; set local search_path = "${place.schema}"; lock table account in ${lock} mode`);
    const migrate = async () =>
      (await createCrm({ ...settings({ place, waitTimeoutMs: 2_000 }), plugins: [motto] })).close();
    const refused = refusal(migrate());
    const checkRefused = async () => {
      expect(await refused).toMatchObject({
        code: "lock_timeout",
        retryable: true,
        message: expect.stringContaining("because another transaction holds it. Try again."),
      });
    };
    const columns = `select column_name from information_schema.columns where table_schema = '${place.schema}' and column_name like 'mottos%' order by table_name`;
    const checkDone = async () => {
      expect(await column(client, columns)).toEqual([]);
      expect(await ledgerOf(client, place)).toEqual(["automatic 000001", "ledger 1"]);
      await other.query("rollback");
      await migrate();
      expect(await column(client, columns)).toEqual(["mottos_motto", "mottos_motto"]);
      expect(await ledgerOf(client, place)).toEqual(["automatic 000001", "automatic 000002", "ledger 1"]);
    };
    return { place, client, checkRefused, checkDone };
  }

  it.each(["row exclusive", "access share"])(
    "is given up in time, nothing is changed, and nobody stands behind it longer: %s",
    async (lock) => {
      const { place, client, checkRefused, checkDone } = await locked(lock);
      await waiting(client, `alter table%${place.schema}%account%`);
      const behind = client.query(`select count(*) from "${place.schema}".account`);
      await checkRefused();
      expect((await behind).rows).toEqual([{ count: "1" }]);
      await checkDone();
    },
  );

  it("is given up in time, and nothing is changed: access exclusive", async () => {
    const { checkRefused, checkDone } = await locked("access exclusive");
    await checkRefused();
    await checkDone();
  });
});

describe("values and names that are hard to write down", () => {
  const hard = ["it's", "back\\slash", 'double"quote', "both\\'", "%s", "(x),{y}", "a, b", "é\u{1f600}"];
  const kinds = (...values: string[]) =>
    definePlugin({
      id: "kinds",
      entities: [
        defineEntity("thing", { plural: "things", fields: { kind: oneOf("plain", ...values).default("plain") } }),
      ],
    });

  it("are the same in the database: a list is made, verified and widened", async () => {
    const place = await placeOf(onTestFinished);
    const open = async (migrate: "auto" | "verify", ...values: string[]) => {
      const crm = await createCrm({ ...settings({ place, migrate }), plugins: [kinds(...values)] });
      onTestFinished(() => crm.close());
      return crm;
    };
    await open("auto", ...hard.slice(0, 4));
    await open("verify", ...hard.slice(0, 4));
    expect(await refusal(open("verify", ...hard))).toMatchObject({ code: "schema_mismatch" });
    await open("auto", ...hard);
    const crm = await open("verify", ...hard);
    const made = await crm.things.createMany(hard.map((kind) => ({ kind })));
    expect(made.map(({ kind }) => kind)).toEqual(hard);
  });

  it("are cut to 63 bytes with a prefix, and found again", async () => {
    const place = { ...(await placeOf(onTestFinished)), prefix: "with_twenty_letters_" };
    const plugin = (code: ReturnType<typeof text>) =>
      definePlugin({
        id: "reviews",
        entities: [
          defineEntity("quarterlyReviewParticipant", {
            plural: "quarterlyReviewParticipants",
            fields: {
              codeOfTheReviewIntheArchive: code,
              firstKindOfTheParticipant: oneOf("a", "b"),
              invitingAccountOfParticipantId: reference("account"),
            },
          }),
        ],
      });
    const open = async (code: ReturnType<typeof text>, migrate: "auto" | "verify" = "auto") => {
      const crm = await createCrm({ ...settings({ place, migrate }), plugins: [plugin(code)] });
      onTestFinished(() => crm.close());
      return crm;
    };
    const crm = await open(text());
    const account = await crm.accounts.create({ name: "Acme" });
    const participant = {
      codeOfTheReviewIntheArchive: "A",
      firstKindOfTheParticipant: "a",
      invitingAccountOfParticipantId: account.id,
    } as const;
    await crm.quarterlyReviewParticipants.create(participant);
    await open(text(), "verify");
    const unique = await open(text().unique());
    await open(text().unique(), "verify");
    expect(await refusal(unique.quarterlyReviewParticipants.create(participant))).toMatchObject({
      code: "not_unique",
      details: { field: "codeOfTheReviewIntheArchive" },
    });
    const client = await session(place.connectionString);
    const long = `select i.relname from pg_class i join pg_namespace n on n.oid = i.relnamespace where nspname = '${place.schema}' and length(i.relname) = 63 and i.relname like '%code%'`;
    expect(await column(client, long)).toEqual([
      expect.stringMatching(/^with_twenty_letters_quarterly_review_participant__code.*_[0-9a-f]{8}$/),
    ]);
  });
});

describe("a column that somebody has dropped by hand", () => {
  it("is added again where records need no value for it, and else named", async () => {
    const place = await placeOf(onTestFinished);
    await openPlain({ place }, ["A"]);
    const client = await session(place.connectionString);
    await client.query(`alter table "${place.schema}".device drop column code`);
    expect(await refusal(upgrade({ place, migrate: "verify" }, "indexed"))).toMatchObject({
      code: "schema_mismatch",
      details: { differences: expect.arrayContaining(["the column code of device is missing"]) },
    });
    await upgrade({ place }, "indexed");
    await upgrade({ place, migrate: "verify" }, "indexed");
    await client.query(`alter table "${place.schema}".device drop column name`);
    expect(await refusal(upgrade({ place }, "indexed"))).toMatchObject({
      code: "schema_mismatch",
      message:
        "device.name is missing from the database, and records that exist would have no value for it: make it optional() or give it a default().",
    });
  });
});
