import { randomUUID } from "node:crypto";
import { CrmError, createCrm } from "@relata/core";
import { expect, it, onTestFinished } from "vitest";
import { sharedSchema } from "./fixtures/schema.ts";
import { postgres } from "./postgres-adapter.ts";

const place = sharedSchema();

/** A minute of 32 by hand: `MOVERS=32 MOVING_MS=60000 vitest run moving-trees`. */
const MOVERS = Number(process.env.MOVERS ?? 8);
const MOVING_MS = Number(process.env.MOVING_MS ?? 2_000);
const ACCOUNTS = 60;

/** What movers may be told: a circle, a record that somebody else has just deleted or changed, and what a retry of theirs would clear. */
const REFUSALS: ReadonlySet<string> = new Set([
  "hierarchy_cycle",
  "not_found",
  "stale_version",
  "reference_not_found",
  "still_referenced",
  "deadlock",
  "serialization_failed",
]);

async function open() {
  const crm = await createCrm({
    storage: postgres({ ...place, maxConnections: Math.ceil(MOVERS / 2) }),
    waitTimeoutMs: 60_000,
  });
  onTestFinished(() => crm.close());
  return crm;
}

it(
  `${MOVERS} that move, add and remove accounts at once leave no circle and no wrong path`,
  async () => {
    const tenantId = randomUUID();
    const crms = [await open(), await open()].map((crm) => crm.as({ tenantId }));
    const [first] = crms;
    const accounts = await first!.accounts.createMany(
      Array.from({ length: ACCOUNTS }, (_, i) => ({ name: `Account ${i}` })),
    );
    const ids = accounts.map(({ id }) => id);
    const counts = { moved: 0, refused: 0 };
    const until = Date.now() + MOVING_MS;

    async function mover(number: number): Promise<void> {
      const crm = crms[number % crms.length]!;
      let state = number + 1;
      const random = (below: number) => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
        return (state >>> 8) % below;
      };
      const some = () => ids[random(ids.length)]!;
      while (Date.now() < until) {
        try {
          await act(crm, random(10), some);
          counts.moved++;
        } catch (error) {
          if (!CrmError.is(error) || !REFUSALS.has(error.code)) throw error;
          counts.refused++;
        }
      }
    }
    await Promise.all(Array.from({ length: MOVERS }, (_, number) => mover(number)));

    // Follows all references: a circle would be refused here.
    expect(await first!.checkTrees()).toEqual([]);
    const { items } = await first!.accounts.list({ limit: 500 });
    const parents = new Map(items.map((account) => [account.id, account.parentId]));
    for (const { id } of items.slice(0, 20)) {
      const under = await first!.accounts.list({ where: { id: { under: id } }, limit: 500 });
      expect(under.items.map((account) => account.id).sort()).toEqual(
        [...parents.keys()].filter((each) => isBelow(parents, each, id)).sort(),
      );
    }
    expect(counts.moved).toBeGreaterThan(MOVERS);
  },
  MOVING_MS + 60_000,
);

type Crm = Awaited<ReturnType<typeof open>>;

async function act(crm: Pick<Crm, "accounts" | "transaction">, choice: number, some: () => string): Promise<void> {
  if (choice < 6) {
    await crm.accounts.update(some(), { parentId: some() });
  } else if (choice === 6) {
    await crm.accounts.update(some(), { parentId: null });
  } else if (choice === 7) {
    const made = await crm.accounts.create({ name: "New", parentId: some() });
    await crm.accounts.delete(made.id);
  } else if (choice === 8) {
    await crm.accounts.updateMany([...new Set([some(), some()])].map((id) => ({ id, parentId: some() })));
  } else {
    await crm.transaction(async (tx) => {
      await tx.accounts.update(some(), { parentId: some() });
      await tx.accounts.update(some(), { parentId: some() });
    });
  }
}

function isBelow(parents: ReadonlyMap<string, string | null>, id: string, top: string): boolean {
  const seen = new Set<string>();
  for (let at = parents.get(id) ?? null; at !== null && !seen.has(at); at = parents.get(at) ?? null) {
    if (at === top) return true;
    seen.add(at);
  }
  return false;
}
