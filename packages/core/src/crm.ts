/** Where everything is put together: the only file that knows every part. */
import { type Core, core } from "./domain/domain.ts";
import { CrmError } from "./errors.ts";
import { afterCommit } from "./kernel/event/after-commit.ts";
import { atMostEvery } from "./kernel/event/at-most-every.ts";
import type { Drain } from "./kernel/event/deliver.ts";
import { DELIVERY } from "./kernel/event/delivery.ts";
import { drainEvery } from "./kernel/event/drain-loop.ts";
import { createEventBus } from "./kernel/event/event-bus.ts";
import type { Binding, Kernel } from "./kernel/kernel.ts";
import { kernelPlugin } from "./kernel/kernel-plugin.ts";
import { loadedFunction } from "./kernel/loaded.ts";
import { migrateAll } from "./kernel/migration/migrate-all.ts";
import { type SchemaMigration, verifySchema } from "./kernel/migration/migrate-schema.ts";
import { storageTables } from "./kernel/migration/storage-tables.ts";
import { checkOptions } from "./kernel/plugin/check-options.ts";
import { checkPlugins } from "./kernel/plugin/check-plugins.ts";
import { createClose } from "./kernel/plugin/close-plugins.ts";
import { createHandleFactory } from "./kernel/plugin/create-handle.ts";
import type { CreateCrm, CrmOptions } from "./kernel/plugin/crm-options.ts";
import {
  type ContextOfParts,
  type DefinePlugin,
  definePluginFor,
  type PluginParts,
} from "./kernel/plugin/define-plugin.ts";
import { installPlugins } from "./kernel/plugin/install-plugins.ts";
import type { AnyPlugin, PluginDefinition } from "./kernel/plugin/plugin.ts";
import { createInterner } from "./kernel/repository/intern.ts";
import { createKnownLists } from "./kernel/repository/known-lists.ts";
import { createRetry } from "./kernel/retry.ts";
import { createAsyncStore, randomBytes } from "./kernel/runtime.ts";
import type { Storage } from "./kernel/storage/storage-adapter.ts";
import type { StorageSchema } from "./kernel/storage/storage-schema.ts";
import { createTimeLimit } from "./kernel/time-limit.ts";
import type { Frame } from "./kernel/unit-of-work/frame.ts";
import { createSettled } from "./kernel/unit-of-work/settled.ts";
import { createUnitOfWork } from "./kernel/unit-of-work/unit-of-work.ts";
import { createIdGenerator } from "./kernel/value/id.ts";
import { safeOnError, safeOnQuery } from "./kernel/watchers.ts";

/**
 * Declares a plugin: data, on one screen.
 *
 * @example
 * ```ts
 * import { defineEntity, definePlugin, oneOf, reference, text } from "@relata/core/plugin";
 *
 * const badge = defineEntity("badge", {
 *   plural: "badges",
 *   fields: { label: text(), accountId: reference("account", { inverse: "badges" }) },
 * });
 *
 * export const awards = () =>
 *   definePlugin({
 *     id: "awards",
 *     entities: [badge],
 *     extend: { account: { tier: oneOf("gold", "silver").optional() } },
 *     services: (context) => ({
 *       async apply(accountId: string, label: string) {
 *         return context.badges.create({ accountId, label });
 *       },
 *     }),
 *   });
 * ```
 */
export const definePlugin: DefinePlugin<Core> = definePluginFor<Core>();

/**
 * The context of a plugin whose parts stand in a file of their own, for the rules that take it.
 *
 * @example
 * ```ts
 * import { type ContextOf, definePlugin, integer } from "@relata/core/plugin";
 *
 * const parts = {
 *   extend: { account: { score: integer().optional() } },
 *   errors: { score_too_high: "Account {id} has {score} points: 100 is the most." },
 * } as const;
 *
 * async function rate(context: ContextOf<typeof parts>, id: string, score: number) {
 *   if (score > 100) throw context.error("score_too_high", { entity: "account", id, score });
 *   return context.accounts.update(id, { score });
 * }
 *
 * export const scoring = () =>
 *   definePlugin({
 *     id: "scoring",
 *     ...parts,
 *     services: (context) => ({ rate: (id: string, score: number) => rate(context, id, score) }),
 *   });
 * ```
 */
export type ContextOf<P extends PluginParts> = ContextOfParts<Core, P>;

/**
 * Opens the storage, applies migrations and creates what is missing, and makes a CRM with everything that is installed.
 *
 * @throws `plugin_conflict`, `plugin_missing`, `plugin_invalid`, `schema_invalid` for plugins that do not fit together; `schema_mismatch` for a
 * database that does not fit them; `schema_newer`, `migration_edited`, `migration_out_of_order`, `migration_failed` for migrations;
 * `storage_unavailable`, `storage_corrupt` for a database that cannot be opened.
 * @example
 * ```ts run
 * import { createCrm } from "@relata/core";
 * import { memory } from "@relata/memory";
 *
 * const crm = await createCrm({ storage: memory() });
 * const acme = await crm.accounts.create({ name: "Acme" });
 * const deal = await crm.opportunities.create({
 *   name: "Acme rollout",
 *   accountId: acme.id,
 *   amount: { amount: "12500.00", currency: "EUR" },
 * });
 * await crm.opportunities.moveTo(deal.id, "proposal");
 * ```
 */
export const createCrm: CreateCrm<Core> = ((options: MigrationOptions) => openCrm(options)) as never;

const drainDeliveries = loadedFunction(async () => (await import("./kernel/later.ts")).drainDeliveries);
const drainPart = loadedFunction(async () => (await import("./kernel/later.ts")).drainPart);

const DEFAULT_WAIT_MS = 5_000;
const DEFAULT_HOOK_MS = 10_000;
const OUTBOX_DEFAULTS = { maxAttempts: 10, firstRetryMs: 1_000, longestRetryMs: 3_600_000, deliverTimeoutMs: 30_000 };
/** Of events that wait to be delivered, other processes are told at most once in so long. */
const HINT_EVERY_MS = 50;
/** Where the handle stands that `createCrm` gives. */
const ROOT: Binding = {
  tenantId: "default",
  actorId: null,
  at: undefined,
  asOf: undefined,
  frame: undefined,
  plugin: undefined,
  chain: [],
};

async function openCrm(options: MigrationOptions): Promise<object> {
  const { kernel, storage, handle, migration, startDraining } = await open(options);
  try {
    const { migrate = "auto" } = options;
    if (migrate === "verify") await verifySchema(migration);
    if (migrate === "auto") await migrateAll({ kernel, migration, onProgress: options.onMigrate });
  } catch (error) {
    await storage.close();
    throw error;
  }
  startDraining();
  return handle(kernel.root);
}

/** What `createCrm` takes, its types forgotten: for tools, which are given plugins and ask for no types. */
export interface MigrationOptions extends CrmOptions, Pick<PluginDefinition, AppParts> {
  readonly plugins?: readonly AnyPlugin[];
}

type AppParts =
  | "entities"
  | "extend"
  | "indexes"
  | "migrations"
  | "events"
  | "subscribers"
  | "hooks"
  | "timeline"
  | "operations";

/** What `createCrm` is made of, before anything in the database has changed. */
export interface OpenedCrm {
  readonly kernel: Kernel;
  readonly storage: Storage;
  readonly migration: SchemaMigration;
  handle(binding: Binding): object;
  /** Has the outbox drained in the background from now on, where that is asked for, until the CRM is closed. */
  startDraining(): void;
}

export async function open(given: MigrationOptions): Promise<OpenedCrm> {
  // Without any options, what is missing is a storage.
  const options = given ?? ({} as MigrationOptions);
  checkOptions(options);
  const { random = randomBytes, waitTimeoutMs = DEFAULT_WAIT_MS, hookTimeoutMs = DEFAULT_HOOK_MS } = options;
  const plugged: unknown = options.plugins ?? [];
  checkPlugins(plugged);
  const own = kernelPlugin((context, request) => drainDeliveries(drain, { ...tenantOf(context), request }));
  const installation = installPlugins([own, ...core, ...plugged, appPlugin(options)]);
  const { plugins, schema, hooks, events, migrations, providers } = installation;
  const storage = await openStorage(options, storageTables(schema, migrations), waitTimeoutMs);
  const clock = () => Math.floor(options.clock ? options.clock() : storage.now());
  const newest = () => (options.clock ? clock() : Math.max(clock(), Date.now()));
  const onError = safeOnError(options.onError);
  const units = createUnitOfWork({
    storage,
    waitTimeoutMs,
    clock,
    active: createAsyncStore<Frame | undefined>(),
    committed: (effects) => afterCommit(kernel, effects),
  });
  const kernel: Kernel = {
    schema,
    storage,
    storageName: options.storage.name,
    units,
    settled: createSettled({
      ownSettledAt: units.settledAt,
      // The instants of a clock of the caller's own are not the storage's.
      sharedSettledAt: async () => (options.clock ? undefined : storage.settledAt()),
    }),
    retry: createRetry(random),
    queries: createInterner(),
    known: createKnownLists(),
    clock,
    newest,
    newId: createIdGenerator(clock, random),
    hooks,
    providers,
    hookTimeoutMs,
    hooksInTime: createTimeLimit(hookTimeoutMs),
    events,
    bus: createEventBus(onError),
    hint: atMostEvery(HINT_EVERY_MS, () => storage.hint()),
    onError,
    root: ROOT,
    contextFor: (binding) => handle(binding),
  };
  const { drainEveryMs, ...outboxOptions } = options.outbox ?? {};
  const drainOptions = { ...OUTBOX_DEFAULTS, ...outboxOptions };
  const drain: Drain = {
    kernel,
    tenants: () => storage.tenants(schema.entities.get(DELIVERY)!.table.name),
    options: drainOptions,
    inTime: createTimeLimit(drainOptions.deliverTimeoutMs),
  };
  let stopDraining: (() => Promise<void>) | undefined;
  const close = createClose({
    plugins,
    contextOf: (plugin) => handle({ ...ROOT, plugin }),
    closeStorage: () => storage.close(),
    timeoutMs: waitTimeoutMs,
  });
  const { handle, bindingOf } = createHandleFactory(kernel, plugins, async () => {
    await stopDraining?.();
    await close();
  });
  const tenantOf = (context: object) => {
    const { tenantBound, tenantId } = bindingOf(context);
    return tenantBound || tenantId !== ROOT.tenantId ? { tenantId } : {};
  };
  const installed = new Set(plugins.map(({ id }) => id));
  return {
    kernel,
    storage,
    handle,
    migration: { storage, schema, shipped: migrations, plugins: installed, clock },
    startDraining() {
      if (drainEveryMs === undefined) return;
      stopDraining = drainEvery({
        everyMs: drainEveryMs,
        drain: (stopped) => units.outside(() => drainPart(drain, stopped)),
        onHint: (listener) => storage.onHint(listener),
        onError,
      });
    },
  };
}

/** What the application declares of its own is a plugin like any other, the last. */
function appPlugin(options: MigrationOptions): AnyPlugin {
  const { entities, extend, indexes, migrations, events, subscribers, hooks, timeline, operations } = options;
  const parts = { entities, extend, indexes, migrations, events, subscribers, hooks, timeline, operations };
  return definePluginFor<readonly []>()({ id: "app", ...parts } as never) as AnyPlugin;
}

function openStorage(
  { storage, onQuery }: MigrationOptions,
  schema: StorageSchema,
  waitTimeoutMs: number,
): Promise<Storage> {
  if (typeof storage?.open !== "function") {
    throw new CrmError(
      "storage_unavailable",
      'createCrm needs a storage, such as memory() or sqlite({ filename: "crm.db" }).',
    );
  }
  return storage.open({ schema, waitTimeoutMs, onQuery: safeOnQuery(onQuery) });
}
