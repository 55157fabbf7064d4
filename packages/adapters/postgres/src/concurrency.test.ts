import { randomUUID } from "node:crypto";
import { CrmError, createCrm } from "@relata/core";
import { defineEntity, integer, text } from "@relata/core/plugin";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { failure, sharedSchema } from "./fixtures/schema.ts";
import { postgres } from "./postgres-adapter.ts";

const place = sharedSchema();
const timeoutMs = 60_000;

const badge = defineEntity("badge", {
  plural: "badges",
  fields: { code: text().unique(), points: integer().default(0) },
});

beforeAll(async () => {
  await (await open()).close();
});

function open(onCommitted: (name: string) => void = () => undefined) {
  return createCrm({
    storage: postgres({ ...place, maxConnections: 20 }),
    entities: [badge],
    waitTimeoutMs: 20_000,
    hooks: {
      badge: { committed: async (_, batch) => batch.forEach(({ after }) => void onCommitted(after?.code ?? "")) },
    },
  });
}

/** CRMs as two processes have them, for a tenant of the fact's own. */
async function openTwo() {
  const committed: string[] = [];
  const heard: string[] = [];
  const tenantId = randomUUID();
  const crms = [await open((code) => committed.push(code)), await open((code) => committed.push(code))] as const;
  onTestFinished(async () => {
    for (const crm of crms) await crm.close();
  });
  for (const crm of crms) crm.on("badge.updated", ({ data }) => void heard.push(data.after.code));
  const [first, second] = crms.map((crm) => crm.as({ tenantId }));
  return { first: first!, second: second!, both: [first!, second!] as const, committed, heard };
}

type Crm = Awaited<ReturnType<typeof openTwo>>["first"];

/** What became of calls that ran at once: "done", or the codes of their failures, in order of the alphabet. */
async function codes(calls: readonly Promise<unknown>[]): Promise<readonly string[]> {
  const outcomes = await Promise.allSettled(calls);
  return outcomes
    .map((outcome) => {
      if (outcome.status === "fulfilled") return "done";
      if (!CrmError.is(outcome.reason)) throw outcome.reason;
      return outcome.reason.code;
    })
    .sort();
}

/** Lets units that have come to it go on together. */
function gate(size: number): () => Promise<void> {
  let waiting = size;
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return async () => {
    waiting--;
    if (waiting === 0) open();
    await opened;
  };
}

const names = (n: number, name: string) => Array.from({ length: n }, (_, i) => `${name}-${i}`);

describe("records that many change at once", () => {
  it("of updates with one version one is done, and the others are refused", async () => {
    const { both } = await openTwo();
    for (let round = 0; round < 10; round++) {
      const { id, version } = await both[0].badges.create({ code: `b${round}` });
      const updates = names(4, "u").map((_, i) => both[i % 2]!.badges.update(id, { points: i + 1 }, { version }));
      expect(await codes(updates)).toEqual(["done", "stale_version", "stale_version", "stale_version"]);
      expect((await both[0].badges.get(id)).version).toBe(version + 1);
    }
  });

  it("updates without a version are all done, one after another, with a version each", async () => {
    const { both } = await openTwo();
    const { id } = await both[0].badges.create({ code: "b" });
    await Promise.all(names(8, "u").map((_, i) => both[i % 2]!.badges.update(id, { points: i + 1 })));
    const versions = (await both[0].badges.history(id)).map(({ version }) => version);
    expect(versions.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it.each(["read committed", "serializable"] as const)(
    "16 writers on 10 records end with exact totals, %s",
    { timeout: timeoutMs },
    async (isolation) => {
      const { both, committed } = await openTwo();
      const badges = await both[0].badges.createMany(names(10, "b").map((code) => ({ code })));
      committed.length = 0;
      const write = async (crm: Crm, writer: number) => {
        for (let n = 0; n < 5; n++) {
          await crm
            .transaction(
              async (tx) => {
                for (const at of [writer + n, writer * 3 + n + 1]) {
                  const { id, points, version } = await tx.badges.get(badges[at % 10]!.id);
                  await tx.badges.update(id, { points: points + 1 }, { version });
                }
              },
              { retries: 100, isolation },
            )
            .catch(async (error: unknown) => {
              // With the caller's own version a stale record is the caller's to read again.
              if (!CrmError.is(error, "stale_version")) throw error;
              n--;
            });
        }
      };
      await Promise.all(names(16, "w").map((_, writer) => write(both[writer % 2]!, writer)));
      const { items } = await both[0].badges.list({ limit: 10 });
      expect(items.reduce((sum, { points }) => sum + points, 0)).toBe(160);
      expect(items.reduce((sum, { version }) => sum + version - 1, 0)).toBe(committed.length);
      expect(committed.length).toBeLessThanOrEqual(160);
      expect(committed.length).toBeGreaterThanOrEqual(80);
    },
  );

  it("of creations with one unique value one is done", async () => {
    const { both } = await openTwo();
    for (let round = 0; round < 10; round++) {
      const creations = names(4, "c").map((_, i) => both[i % 2]!.badges.create({ code: `same ${round}` }));
      expect(await codes(creations)).toEqual(["done", "not_unique", "not_unique", "not_unique"]);
    }
    const error = await failure(both[0].badges.create({ code: "same 0" }));
    expect(error.details).toMatchObject({ entity: "badge", field: "code" });
    expect(await both[0].badges.count()).toBe(10);
  });

  it("a unit with one key that is asked for many times at once is done once, and all have its result", async () => {
    const { both } = await openTwo();
    let runs = 0;
    const results = await Promise.all(
      names(8, "k").map((_, i) =>
        both[i % 2]!.transaction(
          async (tx) => {
            const { id } = await tx.badges.create({ code: `only ${i}` });
            runs++;
            return id;
          },
          { idempotencyKey: "one key", retries: 5 },
        ),
      ),
    );
    expect([new Set(results).size, runs, await both[0].badges.count()]).toEqual([1, 1, 1]);
  });
});

describe("units that meet", () => {
  it("in a ring of locks: one is ended as a deadlock, and runs again where it may", {
    timeout: timeoutMs,
  }, async () => {
    const { both, committed, heard } = await openTwo();
    const [a, b] = await both[0].badges.createMany([{ code: "a" }, { code: "b" }]);
    const attempts: number[] = [];
    let points = 0;
    const round = (retries: number) => {
      const bothHoldOne = gate(2);
      return both.map((crm, i) =>
        crm.transaction(
          async (tx, { attempt }) => {
            attempts.push(attempt);
            const order = i === 0 ? [a!, b!] : [b!, a!];
            await tx.badges.update(order[0]!.id, { points: ++points });
            if (attempt === 1) await bothHoldOne();
            await tx.badges.update(order[1]!.id, { points: ++points });
          },
          { retries },
        ),
      );
    };
    expect(await codes(round(0))).toEqual(["deadlock", "done"]);
    committed.length = 0;
    heard.length = 0;
    attempts.length = 0;
    expect(await codes(round(3))).toEqual(["done", "done"]);
    expect(attempts.toSorted()).toEqual([1, 1, 2]);
    expect(committed.toSorted()).toEqual(["a", "a", "b", "b"]);
    expect(heard.toSorted()).toEqual(["a", "a", "b", "b"]);
    expect((await both[0].badges.get(a!.id)).version).toBe(4);
  });

  it("in what they have read, when serializable: one fails, and runs again where it may", async () => {
    const { both, committed } = await openTwo();
    const [a, b] = await both[0].badges.createMany([
      { code: "a", points: 1 },
      { code: "b", points: 1 },
    ]);
    /** Each takes a point as long as there is one left in the other. */
    const round = (retries: number) => {
      const bothHaveRead = gate(2);
      return both.map((crm, i) =>
        crm.transaction(
          async (tx, { attempt }) => {
            const { items } = await tx.badges.list({ where: { points: { gte: 1 } }, limit: 10 });
            if (attempt === 1) await bothHaveRead();
            if (items.length === 2) await tx.badges.update((i === 0 ? a! : b!).id, { points: 0 });
          },
          { isolation: "serializable", retries },
        ),
      );
    };
    expect(await codes(round(0))).toEqual(["done", "serialization_failed"]);
    await both[0].badges.updateMany([
      { id: a!.id, points: 1 },
      { id: b!.id, points: 1 },
    ]);
    committed.length = 0;
    expect(await codes(round(3))).toEqual(["done", "done"]);
    expect(committed).toHaveLength(1);
    expect(await both[0].badges.count({ where: { points: 1 } })).toBe(1);
  });
});

it("a page is walked while others insert and delete: what stays is seen exactly once", {
  timeout: timeoutMs,
}, async () => {
  const { first, second } = await openTwo();
  const code = (n: number) => String(n).padStart(4, "0");
  const all = await first.badges.createMany(Array.from({ length: 300 }, (_, n) => ({ code: code(2 * n) })));
  const staying = all.filter((_, n) => n % 3 !== 0);
  const leaving = all.filter((_, n) => n % 3 === 0);
  let walking = true;
  const change = async () => {
    for (let n = 0; walking && n < 300; n++) {
      await second.badges.create({ code: code(2 * n + 1) });
      const gone = leaving.pop();
      if (gone) await second.badges.delete(gone.id);
    }
  };
  const changing = change();
  const seen: string[] = [];
  for (let after: string | undefined, done = false; !done; ) {
    const page = await first.badges.list({ orderBy: [{ code: "asc" }], limit: 7, ...(after ? { after } : {}) });
    seen.push(...page.items.map(({ id }) => id));
    after = page.next ?? undefined;
    done = after === undefined;
  }
  walking = false;
  await changing;
  expect(new Set(seen).size).toBe(seen.length);
  const found = new Set(seen);
  expect(staying.filter(({ id }) => !found.has(id))).toEqual([]);
});

describe("rules over several records", () => {
  it("two moves in a tree close no circle", async () => {
    const { both } = await openTwo();
    for (let round = 0; round < 8; round++) {
      const [a, b] = await both[0].accounts.createMany([{ name: "A" }, { name: "B" }]);
      const moves = [
        both[0].accounts.update(a!.id, { parentId: b!.id }),
        both[1].accounts.update(b!.id, { parentId: a!.id }),
      ];
      expect(await codes(moves)).toEqual(["done", "hierarchy_cycle"]);
      const parents = [await both[0].accounts.get(a!.id), await both[0].accounts.get(b!.id)].map((it) => it.parentId);
      expect(parents.filter((id) => id === null)).toHaveLength(1);
    }
  });

  it("two merges of one pair: one is done, and the other finds nothing to merge", async () => {
    const { both } = await openTwo();
    for (let round = 0; round < 8; round++) {
      const [a, b] = await both[0].accounts.createMany([{ name: "A" }, { name: "B" }]);
      await both[0].contacts.createMany([
        { familyName: "Of A", accountId: a!.id },
        { familyName: "Of B", accountId: b!.id },
      ]);
      const merges = [both[0].accounts.merge(a!.id, b!.id), both[1].accounts.merge(b!.id, a!.id)];
      expect(await codes(merges)).toEqual(["done", "not_found"]);
      const { items } = await both[0].accounts.list({ where: { id: { in: [a!.id, b!.id] } } });
      expect(items).toHaveLength(1);
      expect(await both[0].contacts.count({ where: { accountId: items[0]!.id } })).toBe(2);
    }
  });

  it("moves of one opportunity leave one stay open, that of its stage", async () => {
    const { both } = await openTwo();
    for (let round = 0; round < 8; round++) {
      const deal = await both[round % 2]!.opportunities.create({ name: "Deal" });
      await codes([
        both[0].opportunities.moveTo(deal.id, "won"),
        both[1].opportunities.moveTo(deal.id, "lost"),
        both[0].opportunities.moveTo(deal.id, "proposal"),
      ]);
      const moved = await both[0].opportunities.get(deal.id, { include: { stage: true } });
      expect(moved.status).toBe(moved.stage?.outcome);
      const { items } = await both[0].opportunityStageEntries.list({ where: { recordId: deal.id }, limit: 20 });
      const open = items.filter(({ leftAt }) => leftAt === null);
      expect(open.map(({ stageId }) => stageId)).toEqual([moved.stageId]);
      const stays = items.toSorted((x, y) => x.enteredAt.getTime() - y.enteredAt.getTime());
      const gaps = stays.slice(1).filter(({ enteredAt }, i) => enteredAt.getTime() !== stays[i]!.leftAt?.getTime());
      expect(gaps).toEqual([]);
    }
  });

  it("first opportunities of a tenant find one default pipeline", async () => {
    const { both } = await openTwo();
    await Promise.all(names(8, "d").map((name, i) => both[i % 2]!.opportunities.create({ name })));
    const { items } = await both[0].pipelines.list({ where: { entityType: "opportunity" } });
    expect(items.map(({ isDefault }) => isDefault)).toEqual([true]);
    expect(await both[0].opportunities.count({ where: { pipelineId: items[0]!.id } })).toBe(8);
  });

  it("of pipelines that are made the default one at once, one is", async () => {
    const { both } = await openTwo();
    const stages = [
      { key: "new", name: "New", outcome: "open", probability: "10" },
      { key: "won", name: "Won", outcome: "won" },
      { key: "lost", name: "Lost", outcome: "lost" },
    ] as const;
    await Promise.all(
      names(6, "p").map((key, i) =>
        both[i % 2]!.pipelines.define({ key, name: key, entityType: "opportunity", isDefault: true, stages }),
      ),
    );
    expect(await both[0].pipelines.count({ where: { isDefault: true } })).toBe(1);
  });

  it("splits that are set at once add up to the whole", async () => {
    const { both } = await openTwo();
    const deal = await both[0].opportunities.create({ name: "Deal", amount: { amount: "100.00", currency: "EUR" } });
    const users = await both[0].users.createMany(names(6, randomUUID()).map((id) => ({ id, name: id })));
    const set = (crm: Crm, i: number) =>
      crm.opportunities.setSplits(deal.id, "revenue", [
        { userId: users[i]!.id, percent: "33.33" },
        { userId: users[(i + 1) % 6]!.id, percent: "66.67" },
      ]);
    expect(await codes(users.map((_, i) => set(both[i % 2]!, i)))).toEqual(users.map(() => "done"));
    const { items } = await both[0].opportunitySplits.list({ where: { opportunityId: deal.id } });
    expect(items.map(({ percent, amount }) => [percent, amount?.amount]).toSorted()).toEqual([
      ["33.33", "33.33"],
      ["66.67", "66.67"],
    ]);
  });

  it("contacts that are made the primary one at once: one is, and all have their roles", async () => {
    const { both } = await openTwo();
    const deal = await both[0].opportunities.create({ name: "Deal" });
    const contacts = await both[0].contacts.createMany(names(6, "c").map((familyName) => ({ familyName })));
    const adding = contacts.map(({ id: contactId }, i) =>
      both[i % 2]!.opportunities.addContact(deal.id, { contactId, role: "user", primary: true }),
    );
    expect(await codes(adding)).toEqual(contacts.map(() => "done"));
    const roles = await both[0].opportunityContacts.list({ where: { opportunityId: deal.id, role: "user" } });
    expect(roles.items).toHaveLength(6);
    const { contactId } = await both[0].opportunities.get(deal.id);
    expect(contacts.map(({ id }) => id)).toContain(contactId);
  });

  it("addresses that are made the primary one at once: one is, the contact's own", async () => {
    const { both } = await openTwo();
    const contact = await both[0].contacts.create({ familyName: "C", email: "first@example.com" });
    await codes(
      names(6, "m").map((name, i) => both[i % 2]!.contacts.update(contact.id, { email: `${name}@example.com` })),
    );
    const { items } = await both[0].emailAddresses.list({ where: { contactId: contact.id, isPrimary: true } });
    const { email } = await both[0].contacts.get(contact.id);
    expect(items.map(({ address }) => address)).toEqual([email]);
  });
});
