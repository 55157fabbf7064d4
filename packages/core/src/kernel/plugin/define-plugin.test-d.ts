import { expectTypeOf } from "vitest";
import { type ContextOf, createCrm, definePlugin } from "../../crm.ts";
import type { CrmError } from "../../errors.ts";
import type { Core } from "../../plugin.ts";
import { defineEntity } from "../entity/define-entity.ts";
import { boolean, decimal, integer, oneOf, reference, text } from "../entity/fields.ts";
import { sum } from "../repository/aggregate.ts";
import type { StorageAdapter } from "../storage/storage-adapter.ts";
import type { PluginContext } from "./define-plugin.ts";
import type { RecordOf } from "./record-of.ts";

declare const storage: StorageAdapter;

// A plugin with everything: its context knows its own entity, its own columns, and core.
const badge = defineEntity("badge", {
  plural: "badges",
  fields: {
    label: text({ fold: true }),
    uses: integer().default(0).written("operations"),
    accountId: reference("account", { inverse: "badges", onDelete: "cascade" }),
  },
});
const defineAwards = () =>
  definePlugin({
    id: "awards",
    entities: [badge],
    extend: {
      account: { tier: oneOf("gold", "silver").optional() },
      contact: { nickname: text().optional(), muted: boolean().default(false) },
    },
    hooks: {
      account: {
        // A batch holds what is about to be written, and the record as it is; a patch may write what operations write.
        async before(context, batch) {
          expectTypeOf(batch[0]!.input.id).toEqualTypeOf<string>();
          expectTypeOf(batch[0]!.input.tier).toEqualTypeOf<"gold" | "silver" | null | undefined>();
          expectTypeOf(batch[0]!.before?.name).toEqualTypeOf<string | undefined>();
          expectTypeOf(context.actorId).toEqualTypeOf<string | null>();
          expectTypeOf(context.now()).toEqualTypeOf<Date>();
          return batch.map(({ before }) => (before?.tier ? undefined : { tier: "silver" as const }));
        },
      },
      badge: {
        async after(context, batch) {
          const changed = batch.find(({ before, after }) => before?.label !== after?.label);
          expectTypeOf(changed?.after?.uses).toEqualTypeOf<number | undefined>();
          await context.accounts.list({ where: { badges: { some: { label: { contains: "x", fold: true } } } } });
        },
      },
    },
    operations: (context) => ({
      badge: { touch: async (id: string) => context.badges.update(id, { uses: 1 }) },
      account: {
        badgesOf: async (id: string) => (await context.accounts.get(id, { include: { badges: true } })).badges,
      },
    }),
    services: (context) => ({
      async apply(accountId: string, label: string) {
        const applied = await context.badges.create({ accountId, label });
        // A service has its own plugin's operations, and a transaction's handle is a context again.
        await context.transaction(async (tx) => (await tx.badges.touch(applied.id)).uses);
        await context.accounts.update(accountId, { tier: "gold" });
        return applied;
      },
    }),
  });
type Named<T> = T;
interface Awards extends Named<ReturnType<typeof defineAwards>> {}
const awards = (): Awards => defineAwards();

// A plugin that extends another one's entity, and uses its service and its operations.
const quota = defineEntity("quota", {
  plural: "quotas",
  fields: {
    amount: integer(),
    userId: reference("user", { inverse: "quotas" }),
    badgeId: reference("badge").optional(),
  },
});
const forecasting = definePlugin({
  id: "forecasting",
  requires: [awards()],
  entities: [quota],
  extend: {
    badge: { weight: decimal().optional() },
    opportunity: { category: oneOf("commit", "best_case").optional() },
  },
  services: (context) => ({
    async forecast(badgeId: string) {
      const touched = await context.badges.touch(badgeId);
      const applied = await context.awards.apply(touched.accountId, "forecast");
      expectTypeOf(applied.label).toEqualTypeOf<string>();
      const weighed = await context.badges.update(applied.id, { weight: "0.5" });
      expectTypeOf(weighed.weight).toEqualTypeOf<string | null>();
      await context.quotas.list({ where: { badge: { account: { badges: { some: { weight: { gt: "0.1" } } } } } } });
      const [total] = await context.opportunities.aggregate({
        where: { category: "commit", account: { tier: "gold" } },
        groupBy: { category: "category" },
        measures: { amount: sum("amount") },
      });
      return total?.amount ?? [];
    },
  }),
});

// In the application all of it is there, under the plugin's id and beside the repositories' own methods.
const crm = await createCrm({ storage, plugins: [awards(), forecasting] });
expectTypeOf(await crm.badges.create({ label: "vip", accountId: "a", weight: "1" })).toEqualTypeOf<
  RecordOf<typeof crm, "badge">
>();
expectTypeOf((await crm.accounts.badgesOf("a"))[0]!.label).toEqualTypeOf<string>();
expectTypeOf(await crm.forecasting.forecast("t")).items.toHaveProperty("currency");
expectTypeOf(
  (await crm.users.get("u", { include: { quotas: { include: { badge: true } } } })).quotas[0]!.badge,
).toEqualTypeOf<RecordOf<typeof crm, "badge"> | null>();

// Rules in files of their own take the context by name; it is the context that the plugin's functions get.
const entities = [badge] as const;
const extend = { account: { tier: oneOf("gold", "silver").optional() } } as const;
type TaggingContext = PluginContext<Core, [], typeof entities, typeof extend, {}>;
async function promote(context: TaggingContext, accountId: string) {
  return context.transaction(
    async (tx: TaggingContext) => (await tx.accounts.update(accountId, { tier: "gold" })).tier,
  );
}
definePlugin({
  id: "awards",
  entities,
  extend,
  services: (context) => ({ promote: (id: string) => promote(context, id) }),
});

// Parts in a file of their own, and rules that both operations and services use: the services' context can stand for the others'.
const parts = {
  entities: [badge],
  extend,
  optional: [forecasting],
  errors: { badge_limit_reached: "Account {id} has {limit} badges." },
} as const;
type PartsContext = ContextOf<typeof parts>;
const limited = (context: PartsContext, id: string) =>
  context.transaction(async (tx: PartsContext) => {
    if ((await tx.badges.count()) > 50) throw tx.error("badge_limit_reached", { entity: "account", id, limit: 50 });
    // @ts-expect-error a code that is not declared
    tx.error("tag_limit");
    // An optional plugin is possibly undefined: its entities, its columns and its services.
    expectTypeOf(tx.forecasting?.forecast).parameters.toEqualTypeOf<[string]>();
    expectTypeOf(await tx.quotas?.count()).toEqualTypeOf<number | undefined>();
    // @ts-expect-error it may not be there
    await tx.forecasting.forecast("t");
    return tx.as({ actorId: "x" }).error("badge_limit_reached");
  });
definePlugin({
  id: "limits",
  ...parts,
  hooks: { badge: { before: async (context, batch) => void (await limited(context, batch[0]!.input.id)) } },
  operations: (context) => ({ account: { limited: (id: string) => limited(context, id) } }),
  services: (context) => ({
    async limited(id: string) {
      expectTypeOf(await context.transaction((tx) => tx.accounts.limited(id))).toEqualTypeOf<CrmError>();
      return limited(context, id);
    },
  }),
  dispose: async (context) => void (await limited(context, "a")),
});

// Who takes part in a merge sees both records, and returns a patch for the survivor.
definePlugin({
  id: "merging",
  requires: [awards()],
  hooks: {
    badge: {
      async merging(context, batch) {
        expectTypeOf(await context.badges.get(batch[0]!.other.id)).toEqualTypeOf(batch[0]!.survivor);
        return batch.map(({ other, input }) => (input.label === undefined ? { label: other.label } : undefined));
      },
      unmerging: async (_, batch) => void expectTypeOf(batch[0]!.mergeId).toEqualTypeOf<string>(),
    },
    // @ts-expect-error a patch has fields of the entity
    account: {
      merging: async () => [{ nmae: "x" }],
    },
  },
});

// Where the id is the plural of an own entity, the services stand beside the repository's methods.
const members = definePlugin({
  id: "members",
  entities: [defineEntity("member", { plural: "members", fields: { name: text() } })],
  services: (context) => ({ join: async (name: string) => context.members.create({ name }) }),
});
const club = await createCrm({ storage, plugins: [members] });
expectTypeOf(await club.members.join("Ann")).toEqualTypeOf<RecordOf<typeof club, "member">>();
expectTypeOf(await club.members.count()).toEqualTypeOf<number>();

// @ts-expect-error a code of core
definePlugin({ id: "loyalty", errors: { not_found: "no" } });
// @ts-expect-error an error without a message
definePlugin({ id: "loyalty", errors: { points_missing: 5 } });
// @ts-expect-error no error is declared
definePlugin({ id: "loyalty", services: (context) => ({ fail: () => context.error("points_missing") }) });
// @ts-expect-error an extension of an entity that does not exist
definePlugin({ id: "loyalty", extend: { acount: { points: integer().optional() } } });
// @ts-expect-error an extension of an entity whose plugin is not required
definePlugin({ id: "loyalty", extend: { badge: { points: integer().optional() } } });
// @ts-expect-error an extension that existing records could not have
definePlugin({ id: "loyalty", extend: { account: { points: integer() } } });
definePlugin({
  id: "loyalty",
  extend: { account: { points: integer().optional() } },
  indexes: { account: [["points", "name", "createdAt"]] },
});
// @ts-expect-error an index of an entity that does not exist
definePlugin({ id: "loyalty", indexes: { acount: [["name"]] } });
// @ts-expect-error an index of a field that does not exist
definePlugin({ id: "loyalty", indexes: { account: [["nmae"]] } });
// @ts-expect-error a reference to an entity that does not exist
definePlugin({ id: "loyalty", entities: [defineEntity("p", { plural: "ps", fields: { bId: reference("b") } })] });
// @ts-expect-error a hook of an entity that does not exist
definePlugin({ id: "audit", hooks: { acount: { async after() {} } } });
// @ts-expect-error a phase that does not exist
definePlugin({ id: "audit", hooks: { account: { async later() {} } } });
// @ts-expect-error a patch with a field that does not exist
definePlugin({ id: "audit", hooks: { account: { before: async (_, batch) => batch.map(() => ({ nmae: "Acme" })) } } });
// @ts-expect-error a patch with a value that is none of the field's
definePlugin({ id: "audit", hooks: { contact: { before: async () => [{ email: 3 }] } } });
definePlugin({
  id: "audit",
  hooks: {
    contact: {
      async after(_context, batch) {
        // @ts-expect-error a record in a hook is read-only
        batch[0]!.after!.email = null;
      },
    },
  },
});
// @ts-expect-error an entity whose plugin is not required
definePlugin({ id: "audit", services: (context) => ({ all: () => context.badges.list() }) });
// @ts-expect-error a service of a plugin that is not required
definePlugin({ id: "audit", services: (context) => ({ badge: () => context.awards.apply("a", "b") }) });
// @ts-expect-error a part of a plugin that does not exist
definePlugin({ id: "audit", service: () => ({}) });
// @ts-expect-error a plugin requires plugins, not their ids
definePlugin({ id: "audit", requires: ["awards"] });
