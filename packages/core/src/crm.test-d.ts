import { expectTypeOf } from "vitest";
import { createCrm, definePlugin } from "./crm.ts";
import type { Core } from "./domain/domain.ts";
import { defineEntity } from "./kernel/entity/define-entity.ts";
import { appReference, date, instant, integer, reference, text } from "./kernel/entity/fields.ts";
import type { CrmOptions } from "./kernel/plugin/crm-options.ts";
import type { Crm } from "./kernel/plugin/handle.ts";
import type { NewRecordOf, PatchOf, RecordOf } from "./kernel/plugin/record-of.ts";
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
const asked = { isolation: "serializable", retries: 3, idempotencyKey: "k", statementTimeoutMs: 1 } as const;
expectTypeOf(await crm.transaction(async (_tx, { attempt }) => attempt, asked)).toEqualTypeOf<number>();
// @ts-expect-error There is no such isolation.
void crm.transaction(async () => 1, { isolation: "snapshot" });
// @ts-expect-error There is no such option.
void crm.transaction(async () => 1, { retry: 1 });
expectTypeOf(await crm.idempotencyKeys.forget({ before: new Date() })).toEqualTypeOf<number>();
expectTypeOf(crm.as({ tenantId: "north", actorId: "u" })).toEqualTypeOf<typeof crm>();
expectTypeOf(crm.at(new Date(0)).as({ actorId: "u" })).toEqualTypeOf<typeof crm>();

// What an application writes for itself takes any of them.
async function visitsOf(handle: typeof crm, accountId: string) {
  return (await handle.visits.list({ where: { accountId } })).items;
}
await crm.transaction(async (tx) => visitsOf(tx, "a"));
await visitsOf(crm.as({ tenantId: "north" }), "a");

// Records and inputs of plugins, of the application's own entities and columns, also by a name of the application's own.
const open = () =>
  createCrm({
    storage,
    plugins: [scoring],
    entities: [visit],
    extend: { account: { region: text().optional(), seenAt: instant().optional() } },
  });
interface AppCrm extends Awaited<ReturnType<typeof open>> {}
declare const app: AppCrm;
expectTypeOf(await app.accounts.get("a")).toEqualTypeOf<RecordOf<AppCrm, "account">>();
expectTypeOf<RecordOf<AppCrm, "account">["score"]>().toEqualTypeOf<number | null>();
expectTypeOf<RecordOf<AppCrm, "account">["region"]>().toEqualTypeOf<string | null>();
expectTypeOf<RecordOf<AppCrm, "visit">["day"]>().toEqualTypeOf<string>();
expectTypeOf<RecordOf<AppCrm, "opportunity">["status"]>().toEqualTypeOf<"open" | "won" | "lost">();
expectTypeOf<RecordOf<AppCrm, "vist">>().toEqualTypeOf<`no entity "vist"`>();
await app.transaction(async (tx) => {
  expectTypeOf(await tx.visits.get("v")).toEqualTypeOf<RecordOf<typeof tx, "visit">>();
  expectTypeOf<RecordOf<typeof tx, "account">>().toEqualTypeOf<RecordOf<AppCrm, "account">>();
});
const newVisit: NewRecordOf<AppCrm, "visit"> = { day: "2026-10-01", accountId: "a" };
const patch: PatchOf<AppCrm, "account"> = { region: "north", score: 7 };
await app.visits.create(newVisit);
await app.accounts.update("a", patch);
expectTypeOf<NewRecordOf<typeof crm, "vist">>().toEqualTypeOf<`no entity "vist"`>();
expectTypeOf<PatchOf<typeof crm, "vist">>().toEqualTypeOf<`no entity "vist"`>();
// @ts-expect-error a field that is required
({ day: "2026-10-01" }) satisfies NewRecordOf<AppCrm, "visit">;
// @ts-expect-error a field that does not exist
({ regoin: "north" }) satisfies PatchOf<AppCrm, "account">;
// @ts-expect-error a field that only operations write
({ status: "won" }) satisfies PatchOf<AppCrm, "opportunity">;

// JSON becomes records and inputs again.
declare const body: unknown;
expectTypeOf(app.accounts.fromJson(body)).toEqualTypeOf<RecordOf<AppCrm, "account">>();
expectTypeOf(app.accounts.fromJson(body).seenAt).toEqualTypeOf<Date | null>();
await app.visits.create(app.visits.fromJson(body, "create"));
await app.accounts.update("a", app.accounts.fromJson(body, "update"));
// @ts-expect-error a purpose that does not exist
app.accounts.fromJson(body, "upsert");

// The query builder is the storage's own, in units and in the application's transactions too.
declare const typed: StorageAdapter<{ readonly rows: "ours" }>;
const own = await createCrm({ storage: typed });
expectTypeOf(own.native().rows).toEqualTypeOf<"ours">();
await own.transaction(async (tx) => expectTypeOf(tx.native().rows).toEqualTypeOf<"ours">());
expectTypeOf(own.as({ actorId: "u" }).native().rows).toEqualTypeOf<"ours">();
expectTypeOf(plainNative(own)).toEqualTypeOf<unknown>();
const joined = own.using({});
expectTypeOf(await joined.accounts.count()).toEqualTypeOf<number>();
expectTypeOf(joined.native().rows).toEqualTypeOf<"ours">();
expectTypeOf(await joined.committed()).toEqualTypeOf<void>();
expectTypeOf<RecordOf<typeof own, "account">["name"]>().toEqualTypeOf<string>();
expectTypeOf<RecordOf<typeof joined, "account">["name"]>().toEqualTypeOf<string>();
// @ts-expect-error only `using` makes a unit whose end the application tells
own.committed();
// A CRM on a certain storage serves where any storage does.
function plainNative(handle: Crm<Core>) {
  return handle.native();
}

// A reference to a table of the application is of the kind of its key.
const invoiced = appReference({ table: "invoice", column: "id", kind: "integer" });
expectTypeOf(invoiced.$value).toEqualTypeOf<number>();
expectTypeOf(appReference({ table: "site", column: "code", kind: "text" }).optional().$value).toEqualTypeOf<
  string | null
>();
// @ts-expect-error a kind that no key has
appReference({ table: "site", column: "code", kind: "date" });

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

// A hit tells its entity, and so what its record is.
const hits = await crm.search("acme", { entities: ["account", "visit"], limit: 5, archived: "include" });
expectTypeOf(hits[0]!.entity).toEqualTypeOf<"account" | "visit">();
for (const hit of hits) {
  if (hit.entity === "visit") expectTypeOf(hit.record).toEqualTypeOf<RecordOf<typeof crm, "visit">>();
  else expectTypeOf(hit.record.score).toEqualTypeOf<number | null>();
}
const [first] = await crm.as({ tenantId: "north" }).search("acme");
if (first?.entity === "opportunity") expectTypeOf(first.record.channel).toEqualTypeOf<string>();
expectTypeOf(first!.rank).toEqualTypeOf<"equal" | "begins" | "word" | "part">();
// @ts-expect-error an entity that does not exist
await crm.search("acme", { entities: ["acount"] });
// @ts-expect-error a field that is not of this entity
defineEntity("a", { plural: "as", fields: { userId: reference("user") }, searchFor: ["usreId"] });

// The application's own hooks and operations know its own entities and columns, and those of the plugins.
const withOwn = await createCrm({
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
expectTypeOf(await withOwn.transaction((tx) => tx.accounts.visitOn("a", "2026-01-01"))).toEqualTypeOf<
  RecordOf<typeof withOwn, "visit">
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
