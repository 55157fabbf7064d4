/** Where everything is put together: the only file that knows every part. */
import { type Core, core } from "./domain/domain.ts";
import { CrmError } from "./errors.ts";
import { afterCommit } from "./kernel/event/after-commit.ts";
import { DELIVERY } from "./kernel/event/delivery.ts";
import { type Drain, drainDeliveries } from "./kernel/event/drain.ts";
import { drainEvery } from "./kernel/event/drain-loop.ts";
import { createEventBus } from "./kernel/event/event-bus.ts";
import type { Binding, Kernel } from "./kernel/kernel.ts";
import { kernelPlugin } from "./kernel/kernel-plugin.ts";
import type { Leftover } from "./kernel/migration/leftovers.ts";
import {
  finishMigration,
  migrateSchema,
  planSchema,
  type SchemaMigration,
  verifySchema,
} from "./kernel/migration/migrate-schema.ts";
import { type MigrationProgress, runBackfill } from "./kernel/migration/run-backfill.ts";
import type { PlannedStep } from "./kernel/migration/schema-work.ts";
import { storageTables } from "./kernel/migration/storage-tables.ts";
import { checkPlugins } from "./kernel/plugin/check-plugins.ts";
import { checkTimings } from "./kernel/plugin/check-timings.ts";
import { createClose } from "./kernel/plugin/close-plugins.ts";
import { createHandleFactory } from "./kernel/plugin/create-handle.ts";
import type { CreateCrm, CrmOptions } from "./kernel/plugin/crm-options.ts";
import {
  type AnyPlugin,
  type ContextOfParts,
  type DefinePlugin,
  definePluginFor,
  type PluginDefinition,
  type PluginParts,
} from "./kernel/plugin/define-plugin.ts";
import { installPlugins } from "./kernel/plugin/install-plugins.ts";
import { createInterner } from "./kernel/repository/intern.ts";
import { createAsyncStore, logError, randomBytes } from "./kernel/runtime.ts";
import type { ShowStatement } from "./kernel/storage/shown-statement.ts";
import type { Storage } from "./kernel/storage/storage-adapter.ts";
import type { StorageSchema } from "./kernel/storage/storage-schema.ts";
import { createUnitOfWork, type Frame } from "./kernel/unit-of-work/frame.ts";
import { createIdGenerator } from "./kernel/value/id.ts";

/**
 * Declares a plugin: data, on one screen.
 *
 * @example
 * ```ts
 * import { defineEntity, definePlugin, oneOf, reference, text } from "@relata/core/plugin";
 *
 * const tag = defineEntity("tag", {
 *   plural: "tags",
 *   fields: { label: text(), accountId: reference("account", { inverse: "tags" }) },
 * });
 *
 * export const tagging = () =>
 *   definePlugin({
 *     id: "tagging",
 *     entities: [tag],
 *     extend: { account: { tier: oneOf("gold", "silver").optional() } },
 *     services: (context) => ({
 *       async apply(accountId: string, label: string) {
 *         return context.tags.create({ accountId, label });
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

const DEFAULT_WAIT_MS = 5_000;
const DEFAULT_HOOK_MS = 10_000;
const OUTBOX_DEFAULTS = { maxAttempts: 10, firstRetryMs: 1_000, longestRetryMs: 3_600_000, deliverTimeoutMs: 30_000 };
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
  const { kernel, storage, handle, migration } = await open(options);
  try {
    const { migrate = "auto" } = options;
    if (migrate === "verify") await verifySchema(migration);
    if (migrate === "auto") await migrateAll(options, { kernel, migration });
  } catch (error) {
    await storage.close();
    throw explained(error);
  }
  return handle(kernel.root);
}

/**
 * What opening the same CRM with `migrate: "auto"` would do: each step with its risk and its statements, and what is left over in the
 * database that nothing declares any more. Everything is done in a transaction that is rolled back, and so waits for the lock and
 * takes its time; only backfills are not tried.
 *
 * @throws what `createCrm` throws.
 * @example
 * ```ts run
 * import { planMigrations } from "@relata/core";
 * import { memory } from "@relata/memory";
 *
 * const { steps, leftovers } = await planMigrations({ storage: memory() });
 * for (const { risk, description } of steps) console.log(risk, description);
 * console.log(steps.flatMap(({ sql }) => sql).join(";\n"), leftovers);
 * ```
 */
export async function planMigrations(options: MigrationOptions): Promise<MigrationPlan> {
  return withOpen(options, async ({ migration }) => {
    const { steps, leftovers } = await planSchema(migration);
    return { steps, leftovers };
  });
}

/** Applies what `planMigrations` lists, runs the backfills to their end, and closes the storage. Returns what was done. */
export async function runMigrations(options: MigrationOptions): Promise<MigrationPlan> {
  return withOpen(options, (opened) => migrateAll(options, opened));
}

/** Steps in order, and what is in the database that nothing declares any more. */
export interface MigrationPlan {
  readonly steps: readonly PlannedStep[];
  readonly leftovers: readonly Leftover[];
}

/** What `createCrm` takes, its types forgotten: for tools, which are given plugins and ask for no types. */
export interface MigrationOptions extends CrmOptions, Pick<PluginDefinition, AppParts> {
  readonly plugins?: readonly AnyPlugin[];
}

type AppParts = "entities" | "extend" | "migrations" | "events" | "subscribers" | "hooks" | "operations";

async function migrateAll(options: MigrationOptions, { kernel, migration }: Pick<Opened, "kernel" | "migration">) {
  const { steps, leftovers, unfinished } = await migrateSchema(migration);
  const ended: PlannedStep[] = [];
  for (const shipped of unfinished) {
    const onProgress = (progress: MigrationProgress) => options.onMigrate?.(progress);
    await runBackfill({ kernel, storage: migration.storage, shipped, onProgress });
    ended.push(...(await finishMigration(migration, shipped)));
  }
  return { steps: [...steps, ...ended], leftovers };
}

async function withOpen<T>(options: MigrationOptions, work: (opened: Opened) => Promise<T>): Promise<T> {
  const opened = await open(options);
  try {
    return await work(opened);
  } catch (error) {
    throw explained(error);
  } finally {
    await opened.storage.close();
  }
}

interface Opened {
  readonly kernel: Kernel;
  readonly storage: Storage;
  readonly migration: SchemaMigration;
  handle(binding: Binding): object;
}

async function open(given: MigrationOptions): Promise<Opened> {
  // Without any options, what is missing is a storage.
  const options = given ?? ({} as MigrationOptions);
  checkTimings(options);
  const { random = randomBytes, waitTimeoutMs = DEFAULT_WAIT_MS } = options;
  const clock = () => Math.floor((options.clock ?? Date.now)());
  const { entities, extend, migrations: appMigrations, events: appEvents } = options;
  const { subscribers, hooks: appHooks, operations } = options;
  const app = definePluginFor<readonly []>()({
    id: "app",
    entities,
    extend,
    migrations: appMigrations,
    events: appEvents,
    subscribers,
    hooks: appHooks,
    operations,
  } as never) as AnyPlugin;
  const plugged: unknown = options.plugins ?? [];
  checkPlugins(plugged);
  const own = kernelPlugin((request) => drainDeliveries(drain, request));
  const { plugins, schema, hooks, events, migrations } = installPlugins([own, ...core, ...plugged, app]);
  const storage = await openStorage(options, storageTables(schema, migrations), waitTimeoutMs);
  const onError = isolated(options.onError ?? logError);
  const kernel: Kernel = {
    schema,
    storage,
    storageName: options.storage.name,
    units: createUnitOfWork({
      storage,
      waitTimeoutMs,
      clock,
      active: createAsyncStore<Frame>(),
      committed: (effects) => afterCommit(kernel, effects),
    }),
    queries: createInterner(),
    clock,
    newId: createIdGenerator(clock, random),
    hooks,
    hookTimeoutMs: options.hookTimeoutMs ?? DEFAULT_HOOK_MS,
    events,
    bus: createEventBus(onError),
    onError,
    root: ROOT,
    contextFor: (binding) => handle(binding),
  };
  const { drainEveryMs, ...outboxOptions } = options.outbox ?? {};
  const drain: Drain = {
    kernel,
    tenants: () => storage.tenants(schema.entities.get(DELIVERY)!.table.name),
    options: { ...OUTBOX_DEFAULTS, ...outboxOptions },
  };
  const stopDraining =
    drainEveryMs === undefined
      ? undefined
      : drainEvery(drainEveryMs, (stopped) => drainDeliveries(drain, {}, stopped), onError);
  const close = createClose({
    plugins,
    contextOf: (plugin) => handle({ ...ROOT, plugin }),
    closeStorage: () => storage.close(),
    timeoutMs: waitTimeoutMs,
  });
  const handle = createHandleFactory(kernel, plugins, async () => {
    await stopDraining?.();
    await close();
  });
  const installed = new Set(plugins.map(({ id }) => id));
  return { kernel, storage, handle, migration: { storage, schema, shipped: migrations, plugins: installed, clock } };
}

/** What is told of an error must not make another one. */
function isolated(onError: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    try {
      onError(error);
    } catch (another) {
      logError(error);
      logError(another);
    }
  };
}

/** Whoever watches must not change what is watched. */
function harmless(show: ShowStatement | undefined): ShowStatement | undefined {
  if (typeof show !== "function") return undefined;
  return (statement) => {
    try {
      Promise.resolve(show(statement)).catch(() => {});
    } catch {
      // Its own failure is its own affair.
    }
  };
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
  return storage.open({ schema, waitTimeoutMs, onQuery: harmless(onQuery) });
}

/** What an adapter says of equal values is meant for a write of one of them; here they are all there already. */
function explained(cause: unknown): unknown {
  if (!CrmError.is(cause, "not_unique")) return cause;
  const { entity, field, fields = [field] } = cause.details;
  const names = (fields as readonly string[]).join(" and ");
  return new CrmError(
    "not_unique",
    `The records that exist break the new rule that no two of ${entity} have the same ${names}: make them differ first. Nothing was changed.`,
    { details: cause.details, cause },
  );
}
