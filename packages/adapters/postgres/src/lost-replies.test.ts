import { randomUUID } from "node:crypto";
import { createCrm } from "@relata/core";
import { defineEntity, text } from "@relata/core/plugin";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { failure, sharedSchema } from "./fixtures/schema.ts";
import { startProxy } from "./fixtures/tcp-proxy.ts";
import { postgres } from "./postgres-adapter.ts";

const place = sharedSchema();
/** As the driver sends the statement that commits. */
const COMMIT = "commit\0";

/** Nothing hooks into its records: each write is one statement. */
const badge = defineEntity("badge", { plural: "badges", fields: { name: text() } });

beforeAll(async () => {
  await (await createCrm({ storage: postgres(place), entities: [badge] })).close();
});

/** A CRM behind a proxy, and one that sees the truth. */
async function open() {
  const proxy = await startProxy(place.connectionString);
  const told: string[] = [];
  const crm = await createCrm({
    storage: postgres({ connectionString: proxy.connectionString, schema: place.schema, maxConnections: 2 }),
    entities: [badge],
    migrate: "off",
  });
  crm.on("account.created", ({ data }) => void told.push(data.after.name));
  crm.on("badge.created", ({ data }) => void told.push(data.after.name));
  const truth = await createCrm({ storage: postgres(place), entities: [badge], migrate: "off" });
  onTestFinished(async () => {
    await crm.close();
    await truth.close();
  });
  const name = randomUUID();
  const count = async () =>
    (await truth.accounts.count({ where: { name } })) + (await truth.badges.count({ where: { name } }));
  return { proxy, crm, told, name, count };
}

describe("the reply to the commit of a unit is lost", () => {
  it("without a key: its outcome is unknown, and it is not run again", async () => {
    const { proxy, crm, told, name, count } = await open();
    const lost = proxy.lose("reply", COMMIT);
    let attempts = 0;
    const error = await failure(
      crm.transaction(
        async (tx) => {
          attempts++;
          await tx.accounts.create({ name });
          await tx.contacts.create({ familyName: name });
        },
        { retries: 3 },
      ),
    );
    await lost;
    expect([error.code, error.retryable, attempts]).toEqual(["outcome_unknown", false, 1]);
    expect(error.message).toContain("it may or may not be in the database");
    expect(error.message).toContain("idempotencyKey");
    expect([await count(), told]).toEqual([1, []]);
    expect(await crm.accounts.count({ where: { name } })).toBe(1);
  });

  it("with a key and retries: it is resolved, and done once", async () => {
    const { proxy, crm, name, count } = await open();
    const lost = proxy.lose("reply", COMMIT);
    let attempts = 0;
    const result = await crm.transaction(
      async (tx, { attempt }) => {
        attempts++;
        await tx.accounts.create({ name });
        return { attempt };
      },
      { retries: 3, idempotencyKey: name },
    );
    await lost;
    expect([result, attempts, await count()]).toEqual([{ attempt: 1 }, 1, 1]);
  });

  it("with a key alone: the caller may ask again with the same key", async () => {
    const { proxy, crm, name, count } = await open();
    const lost = proxy.lose("reply", COMMIT);
    const unit = () =>
      crm.transaction(async (tx) => (await tx.accounts.create({ name })).name, { idempotencyKey: name });
    const error = await failure(unit());
    await lost;
    expect([error.code, error.retryable, error.details.idempotencyKey]).toEqual(["outcome_unknown", true, name]);
    expect([await unit(), await count()]).toEqual([name, 1]);
  });

  it("twenty times: each is done once", async () => {
    const { proxy, crm, name, count } = await open();
    for (let n = 0; n < 20; n++) {
      const lost = proxy.lose(n % 2 === 0 ? "reply" : "request", COMMIT);
      await crm.transaction(async (tx) => void (await tx.accounts.create({ name })), {
        retries: 2,
        idempotencyKey: `${name} ${n}`,
      });
      await lost;
    }
    expect(await count()).toBe(20);
  });
});

describe("a commit is lost before it reaches the server", () => {
  it("without a key: its outcome is unknown, and nothing is written", async () => {
    const { proxy, crm, name, count } = await open();
    const lost = proxy.lose("request", COMMIT);
    const error = await failure(
      crm.transaction(
        async (tx) => {
          await tx.accounts.create({ name });
          await tx.contacts.create({ familyName: name });
        },
        { retries: 3 },
      ),
    );
    await lost;
    expect([error.code, await count()]).toEqual(["outcome_unknown", 0]);
  });

  it("with a key and retries: it is done once", async () => {
    const { proxy, crm, name, count } = await open();
    const lost = proxy.lose("request", COMMIT);
    let attempts = 0;
    const unit = async () => {
      attempts++;
      return attempts;
    };
    const result = await crm.transaction(
      async (tx) => {
        await tx.accounts.create({ name });
        return unit();
      },
      { retries: 3, idempotencyKey: name },
    );
    await lost;
    expect([result, attempts, await count()]).toEqual([2, 2, 1]);
  });
});

describe("a connection is lost during a write alone", () => {
  it.each([
    ["reply", 1],
    ["request", 0],
  ] as const)(
    "with its %s: the outcome is unknown, it is not run again, and so many are written: %i",
    async (what, n) => {
      const { proxy, crm, told, name, count } = await open();
      const lost = proxy.lose(what, name);
      const error = await failure(crm.badges.create({ name }));
      await lost;
      expect([error.code, error.retryable]).toEqual(["outcome_unknown", false]);
      expect([await count(), told]).toEqual([n, []]);
      await crm.badges.create({ name });
      expect([await count(), told]).toEqual([n + 1, [name]]);
    },
  );

  it.each(["reply", "request"] as const)("with its %s: many records are all there, or none is", async (what) => {
    const { proxy, crm, name, count } = await open();
    const lost = proxy.lose(what, name);
    const error = await failure(crm.badges.createMany(Array.from({ length: 50 }, () => ({ name }))));
    await lost;
    expect([error.code, await count()]).toEqual(["outcome_unknown", what === "reply" ? 50 : 0]);
  });
});

describe("a connection is lost where nothing can be in doubt", () => {
  it.each(["reply", "request"] as const)("with the %s of a read: it may be asked again", async (what) => {
    const { proxy, crm, name } = await open();
    const lost = proxy.lose(what, name);
    const error = await failure(crm.accounts.count({ where: { name } }));
    await lost;
    expect([error.code, error.retryable]).toEqual(["storage_unavailable", true]);
    expect(await crm.accounts.count({ where: { name } })).toBe(0);
  });

  it.each(["reply", "request"] as const)("with the %s of a statement of a unit: nothing is written", async (what) => {
    const { proxy, crm, name, count } = await open();
    const lost = proxy.lose(what, name);
    const error = await failure(
      crm.transaction(async (tx) => {
        await tx.contacts.create({ familyName: "First" });
        await tx.accounts.create({ name });
      }),
    );
    await lost;
    expect([error.code, error.retryable, await count()]).toEqual(["storage_unavailable", true, 0]);
  });

  it("in a write of several statements: it is run again by itself", async () => {
    const { proxy, crm, name, count } = await open();
    const { id } = await crm.accounts.create({ name: "Acme" });
    const lost = proxy.lose("reply", name);
    const { version } = await crm.accounts.update(id, { name });
    await lost;
    expect([version, await count()]).toEqual([2, 1]);
  });

  it("in a unit with retries: it is run again, and only the last attempt is told of", async () => {
    const { proxy, crm, told, name, count } = await open();
    const lost = proxy.lose("reply", name);
    const attempts: number[] = [];
    await crm.transaction(
      async (tx, { attempt }) => {
        attempts.push(attempt);
        await tx.contacts.create({ familyName: "First" });
        await tx.accounts.create({ name });
      },
      { retries: 1 },
    );
    await lost;
    expect([attempts, told, await count()]).toEqual([[1, 2], [name], 1]);
  });
});
