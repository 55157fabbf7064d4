/** A small past that facts about as-of reads are told of: what happened at the instants 10, 20, 30, 40 and 50. */
import type { Bench } from "../bench/bench.ts";
import type { Store } from "../bench/store.ts";
import { kept } from "../schema/kept.ts";

export async function openPast(bench: Bench): Promise<Store> {
  const at10 = { updated_at: 10 };
  const store = await bench.open(kept, {
    accounts: [
      { id: "a", name: "Acme", industry: "retail", ...at10 },
      { id: "b", name: "Beta", industry: "energy", ...at10 },
      { id: "c", name: "Core", industry: null, parent_id: "a", ...at10 },
    ],
    deals: [
      { id: "d1", name: "One", account_id: "a", stage: "new", amount: 100n, probability: 10, ...at10 },
      { id: "d2", name: "Two", account_id: "a", stage: "new", amount: 200n, close_date: "2026-01-20", ...at10 },
      { id: "d3", name: "Three", account_id: "b", stage: "won", amount: 300n, close_date: "2026-02-01", ...at10 },
    ],
    notes: [
      { id: "n1", body: "first", deal_id: "d1", position: 1, ...at10 },
      { id: "n2", body: "second", deal_id: "d1", position: 2, ...at10 },
      { id: "n3", body: "third", deal_id: "d3", position: 1, ...at10 },
    ],
  });
  const { steps } = store;
  await store.write([
    steps.update(
      "accounts",
      [{ id: "a", version: 1, name: "Acme Group", industry: "energy", updated_at: 20 }],
      ended(20),
    ),
    steps.update("deals", [{ id: "d1", version: 1, stage: "won", amount: 150n, updated_at: 20 }], ended(20)),
  ]);
  await store.write([
    steps.delete("deals", [{ id: "d2", version: 1 }], ended(30)),
    steps.update("deals", [{ id: "d3", version: 1, account_id: "a", close_date: null, updated_at: 30 }], ended(30)),
    steps.delete("notes", [{ id: "n1", version: 1 }], ended(30)),
  ]);
  await store.write([
    steps.insert("deals", [{ id: "d2", version: 2, name: "Two again", account_id: "b", amount: 5n, updated_at: 40 }]),
    steps.update("accounts", [{ id: "c", version: 1, parent_id: "b", updated_at: 40 }], ended(40)),
  ]);
  await store.write([
    steps.update("deals", [{ id: "d1", version: 2, stage: "lost", updated_at: 50 }], ended(50)),
    steps.update("deals", [{ id: "d1", version: 3, stage: "new", updated_at: 50 }], ended(50)),
  ]);
  return store;
}

function ended(endedAt: number) {
  return { endedAt, endedBy: "ann" };
}
