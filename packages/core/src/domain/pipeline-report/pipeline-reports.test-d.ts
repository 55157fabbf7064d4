import { expectTypeOf } from "vitest";
import { createCrm } from "../../crm.ts";
import type { StorageAdapter } from "../../kernel/storage/storage-adapter.ts";
import type { Money } from "../../kernel/value/money.ts";

declare const storage: StorageAdapter;
const crm = await createCrm({ storage });
const period = { from: "2026-01-01", to: "2026-12-31" } as const;

// The unit decides what is counted, and the groups what a row is of.
const numbers = await crm.opportunities.winRate({
  ...period,
  base: "closed",
  unit: "number",
  groupBy: { owner: "ownerId" },
});
expectTypeOf(numbers[0]!.numerator).toEqualTypeOf<number>();
expectTypeOf(numbers[0]!.group.owner).toEqualTypeOf<string | null>();
const amounts = await crm.opportunities.winRate({ ...period, base: "created", unit: "amount" });
expectTypeOf(amounts[0]!.denominator).toEqualTypeOf<Money>();
expectTypeOf(amounts[0]!.rate).toEqualTypeOf<string | null>();

// A board and a list of what waits give the records themselves.
const [column] = await crm.opportunities.board({
  where: { account: { industry: "retail" } },
  orderBy: [{ amount: "desc" }],
});
expectTypeOf(column!.records.items[0]!.probability).toEqualTypeOf<string>();
expectTypeOf((await crm.accounts.stale()).items[0]!.record.name).toEqualTypeOf<string>();

// @ts-expect-error a base must be said
await crm.opportunities.winRate({ ...period, unit: "number" });
// @ts-expect-error a unit must be said
await crm.opportunities.winRate({ ...period, base: "closed" });
// @ts-expect-error no such field to group by
await crm.opportunities.winRate({ ...period, base: "closed", unit: "number", groupBy: { owner: "owner" } });
// @ts-expect-error a typo in a condition
await crm.opportunities.stale({ where: { nam: "a" } });
// @ts-expect-error a typo in an order
await crm.opportunities.board({ orderBy: [{ nam: "asc" }] });
// @ts-expect-error a place is true, or not there
await crm.opportunities.place("a", { first: false });
