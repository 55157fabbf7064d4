import { expectTypeOf } from "vitest";
import { createCrm, definePlugin } from "./crm.ts";
import { defineEntity } from "./kernel/entity/define-entity.ts";
import { date, integer, reference, text } from "./kernel/entity/fields.ts";
import type { CrmOptions } from "./kernel/plugin/crm-options.ts";
import type { RecordOf } from "./kernel/plugin/record-of.ts";
import type { StorageAdapter } from "./kernel/storage/storage-adapter.ts";

declare const storage: StorageAdapter;

const scoring = definePlugin({
  id: "scoring",
  extend: { account: { score: integer().optional() } },
  services: (context) => ({
    async rate(accountId: string, score: number) {
      return context.accounts.update(accountId, { score });
    },
  }),
});
const ranking = definePlugin({
  id: "ranking",
  requires: [scoring],
  services: () => ({ top: async () => ["a"] }),
});

// The application's own part: entities and columns on those of core and of plugins.
const visit = defineEntity("visit", {
  plural: "visits",
  fields: { day: date(), accountId: reference("account", { inverse: "visits" }) },
});
const crm = await createCrm({
  storage,
  plugins: [scoring, ranking],
  entities: [visit],
  extend: { account: { region: text().optional() }, opportunity: { channel: text().default("direct") } },
});

// The type of `crm` shows what is installed.
const deal = await crm.opportunities.create({ name: "Rollout", channel: "partner" });
expectTypeOf(deal.channel).toEqualTypeOf<string>();
expectTypeOf(
  (await crm.accounts.list({ where: { visits: { some: { day: "2026-10-01" } } } })).items[0]!.region,
).toEqualTypeOf<string | null>();
expectTypeOf((await crm.opportunities.moveTo(deal.id, "won")).status).toEqualTypeOf<"open" | "won" | "lost">();
expectTypeOf(await crm.ranking.top()).toEqualTypeOf<string[]>();
expectTypeOf(await crm.close()).toEqualTypeOf<void>();

// A record of this very CRM, with everybody's columns.
type Account = RecordOf<typeof crm, "account">;
expectTypeOf<Account["score"]>().toEqualTypeOf<number | null>();
expectTypeOf<Account["region"]>().toEqualTypeOf<string | null>();
expectTypeOf<Account["name"]>().toEqualTypeOf<string>();
expectTypeOf(await crm.accounts.get("a")).toEqualTypeOf<Account>();
expectTypeOf(await crm.scoring.rate("a", 7))
  .toHaveProperty("score")
  .toEqualTypeOf<number | null>();
expectTypeOf<RecordOf<typeof crm, "acount">>().toEqualTypeOf<`no entity "acount"`>();

// Every handle is of the type of `crm`, and gives others of the same type.
await crm.transaction(async (tx) => {
  expectTypeOf(tx).toEqualTypeOf<typeof crm>();
  await tx.transaction(async (savepoint) => expectTypeOf(savepoint).toEqualTypeOf<typeof crm>());
});
expectTypeOf(await crm.transaction(async (tx) => (await tx.visits.list()).items.length)).toEqualTypeOf<number>();
expectTypeOf(crm.as({ tenantId: "north", actorId: "u" })).toEqualTypeOf<typeof crm>();
expectTypeOf(crm.at(new Date(0)).as({ actorId: "u" })).toEqualTypeOf<typeof crm>();

// What an application writes for itself takes any of them.
async function visitsOf(handle: typeof crm, accountId: string) {
  return (await handle.visits.list({ where: { accountId } })).items;
}
await crm.transaction(async (tx) => visitsOf(tx, "a"));
await visitsOf(crm.as({ tenantId: "north" }), "a");

// A CRM without plugins, and one whose options are made elsewhere.
const options: CrmOptions = { storage, migrate: "verify", clock: () => 0, waitTimeoutMs: 100 };
const plain = await createCrm(options);
expectTypeOf(await plain.accounts.count()).toEqualTypeOf<number>();
expectTypeOf<RecordOf<typeof plain, "account">>().not.toHaveProperty("score");
// @ts-expect-error a service of a plugin that is not installed
plain.scoring;
// @ts-expect-error a field of a plugin that is not installed
await plain.accounts.create({ name: "Acme", score: 7 });
// @ts-expect-error a CRM with fewer plugins is another type
await visitsOf(plain, "a");

// @ts-expect-error a plugin that does not exist
crm.forecasting;
// @ts-expect-error an operation that does not exist
await crm.opportunities.mvoeTo(deal.id, "won");
// @ts-expect-error a plugin without the one that it requires
await createCrm({ storage, plugins: [ranking] });
// @ts-expect-error no storage
await createCrm({ plugins: [scoring] });
// @ts-expect-error an option that does not exist
await createCrm({ storage, plugin: [scoring] });
// @ts-expect-error a way to migrate that does not exist
await createCrm({ storage, migrate: "always" });
// @ts-expect-error an extension of an entity that does not exist
await createCrm({ storage, extend: { acount: { region: text().optional() } } });
// @ts-expect-error an extension that existing records could not have
await createCrm({ storage, extend: { account: { region: text() } } });
// @ts-expect-error an entity that refers to nothing
await createCrm({ storage, entities: [defineEntity("a", { plural: "as", fields: { bId: reference("b") } })] });
// @ts-expect-error a handle is bound by `tenantId`
crm.as({ tenant: "north" });
// @ts-expect-error an instant is a `Date`
crm.at("2026-10-01");

// The application's own hooks and operations know its own entities and columns, and those of the plugins.
const own = await createCrm({
  storage,
  plugins: [scoring],
  entities: [visit],
  extend: { account: { region: text().optional() } },
  hooks: {
    visit: {
      async before(context, batch) {
        await context.scoring.rate(batch[0]!.input.accountId!, 1);
        return batch.map(() => ({ day: "2026-01-01" }));
      },
    },
    account: { before: async (_, batch) => batch.map(() => ({ region: "north" })) },
  },
  operations: (context) => ({
    account: { visitOn: async (accountId: string, day: string) => context.visits.create({ accountId, day }) },
  }),
});
expectTypeOf(await own.transaction((tx) => tx.accounts.visitOn("a", "2026-01-01"))).toEqualTypeOf<
  RecordOf<typeof own, "visit">
>();
const onlyOperations = await createCrm({ storage, operations: () => ({ account: { ping: () => "pong" } }) });
expectTypeOf(onlyOperations.accounts.ping()).toEqualTypeOf<"pong">();
createCrm({
  storage,
  hooks: {
    // @ts-expect-error an entity that does not exist
    acount: { before: async () => undefined },
  },
});
