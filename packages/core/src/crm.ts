/** Where everything is put together: the only file that knows every part. */
import { type Core, core } from "./domain/domain.ts";
import { CrmError } from "./errors.ts";
import { tablesOf } from "./kernel/entity/entity-schema.ts";
import { afterCommit } from "./kernel/event/after-commit.ts";
import { DELIVERY } from "./kernel/event/delivery.ts";
import { type Drain, drainDeliveries } from "./kernel/event/drain.ts";
import { drainEvery } from "./kernel/event/drain-loop.ts";
import { createEventBus } from "./kernel/event/event-bus.ts";
import type { Binding, Kernel } from "./kernel/kernel.ts";
import { kernelPlugin } from "./kernel/kernel-plugin.ts";
import { planMigration, refuseMissing } from "./kernel/migration/plan.ts";
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
import type { Storage } from "./kernel/storage/storage-adapter.ts";
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
 * Opens the storage, creates the tables that are missing, and makes a CRM with everything that is installed.
 *
 * @throws `plugin_conflict`, `plugin_missing`, `plugin_invalid`, `schema_invalid` for plugins that do not fit together; `schema_mismatch` for a
 * database that does not fit them; `storage_unavailable`, `storage_corrupt` for one that cannot be opened.
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
export const createCrm: CreateCrm<Core> = ((options: AnyOptions) => openCrm(options)) as never;

type AppParts = "entities" | "extend" | "events" | "subscribers" | "hooks" | "operations";

interface AnyOptions extends CrmOptions, Pick<PluginDefinition, AppParts> {
  readonly plugins?: readonly AnyPlugin[];
}

const DEFAULT_TENANT = "default";
const DEFAULT_WAIT_MS = 5_000;
const DEFAULT_HOOK_MS = 10_000;
const OUTBOX_DEFAULTS = { maxAttempts: 10, firstRetryMs: 1_000, longestRetryMs: 3_600_000, deliverTimeoutMs: 30_000 };

async function openCrm(options: AnyOptions): Promise<object> {
  checkTimings(options);
  const { random = randomBytes, waitTimeoutMs = DEFAULT_WAIT_MS } = options;
  const clock = () => Math.floor((options.clock ?? Date.now)());
  const { entities, extend, events: appEvents, subscribers, hooks: appHooks, operations } = options;
  const app = definePluginFor<readonly []>()({
    id: "app",
    entities,
    extend,
    events: appEvents,
    subscribers,
    hooks: appHooks,
    operations,
  } as never) as AnyPlugin;
  const given: unknown = options.plugins ?? [];
  checkPlugins(given);
  const own = kernelPlugin((request) => drainDeliveries(drain, request));
  const { plugins, schema, hooks, events } = installPlugins([own, ...core, ...given, app]);
  const storage = await openStorage(options, schema, waitTimeoutMs);
  try {
    await migrate(options.migrate ?? "auto", storage, schema);
  } catch (error) {
    await storage.close();
    throw error;
  }
  const onError = isolated(options.onError ?? logError);
  const root: Binding = {
    tenantId: DEFAULT_TENANT,
    actorId: null,
    at: undefined,
    asOf: undefined,
    frame: undefined,
    plugin: undefined,
    chain: [],
  };
  const kernel: Kernel = {
    schema,
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
    root,
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
    contextOf: (plugin) => handle({ ...root, plugin }),
    closeStorage: () => storage.close(),
    timeoutMs: waitTimeoutMs,
  });
  const handle = createHandleFactory(kernel, plugins, async () => {
    await stopDraining?.();
    await close();
  });
  return handle(root);
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

function openStorage({ storage }: AnyOptions, schema: Kernel["schema"], waitTimeoutMs: number): Promise<Storage> {
  if (typeof storage?.open !== "function") {
    throw new CrmError(
      "storage_unavailable",
      'createCrm needs a storage, such as memory() or sqlite({ filename: "crm.db" }).',
    );
  }
  const tables = tablesOf(schema).map((table) => [table.name, table] as const);
  return storage.open({ schema: { tables: new Map(tables) }, waitTimeoutMs });
}

async function migrate(mode: "auto" | "verify", storage: Storage, schema: Kernel["schema"]): Promise<void> {
  const { migrator } = storage;
  try {
    await migrator.migrate((live) => {
      const steps = planMigration(schema, live, migrator.columnType);
      if (mode === "verify") refuseMissing(steps);
      return steps;
    });
  } catch (error) {
    throw CrmError.is(error, "not_unique") ? ruleBroken(error) : error;
  }
}

/** What an adapter says of equal values is meant for a write of one of them; here they are all there already. */
function ruleBroken(cause: CrmError): CrmError {
  const { entity, field, fields = [field] } = cause.details;
  const names = (fields as readonly string[]).join(" and ");
  return new CrmError(
    "not_unique",
    `The records that exist break the new rule that no two of ${entity} have the same ${names}: make them differ first. Nothing was changed.`,
    { details: cause.details, cause },
  );
}
