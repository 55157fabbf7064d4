/** Where everything is put together: the only file that knows every part. */
import { type Core, core } from "./domain/domain.ts";
import { CrmError } from "./errors.ts";
import type { Entity } from "./kernel/entity/define-entity.ts";
import type { Fields } from "./kernel/entity/field.ts";
import type { Kernel } from "./kernel/kernel.ts";
import { planMigration, refuseMissing } from "./kernel/migration/plan.ts";
import { createHandleFactory } from "./kernel/plugin/create-handle.ts";
import type { CreateCrm, CrmOptions } from "./kernel/plugin/crm-options.ts";
import { type AnyPlugin, type DefinePlugin, definePluginFor } from "./kernel/plugin/define-plugin.ts";
import { installPlugins } from "./kernel/plugin/install-plugins.ts";
import { createInterner } from "./kernel/repository/intern.ts";
import { createAsyncStore, logError, randomBytes } from "./kernel/runtime.ts";
import type { ShowStatement } from "./kernel/storage/shown-statement.ts";
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
 * Opens the storage, creates the tables that are missing, and makes a CRM with everything that is installed.
 *
 * @throws `plugin_conflict`, `plugin_missing`, `schema_invalid` for plugins that do not fit together; `schema_mismatch` for a
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

interface AnyOptions extends CrmOptions {
  readonly plugins?: readonly AnyPlugin[];
  readonly entities?: readonly Entity[];
  readonly extend?: { readonly [entity: string]: Fields };
}

const DEFAULT_TENANT = "default";
const DEFAULT_WAIT_MS = 5_000;

async function openCrm(options: AnyOptions): Promise<object> {
  const { random = randomBytes, waitTimeoutMs = DEFAULT_WAIT_MS } = options;
  const clock = () => Math.floor((options.clock ?? Date.now)());
  const app = definePluginFor<readonly []>()({
    id: "app",
    entities: options.entities,
    extend: options.extend,
  } as never) as AnyPlugin;
  const { plugins, schema, hooks } = installPlugins([...core, ...(options.plugins ?? []), app]);
  const storage = await openStorage(options, schema, waitTimeoutMs);
  try {
    await migrate(options.migrate ?? "auto", storage, schema);
  } catch (error) {
    await storage.close();
    throw error;
  }
  const kernel: Kernel = {
    schema,
    storage,
    storageName: options.storage.name,
    onError: isolated(options.onError ?? logError),
    units: createUnitOfWork({ storage, waitTimeoutMs, clock, active: createAsyncStore<Frame>() }),
    queries: createInterner(),
    clock,
    newId: createIdGenerator(clock, random),
    hooks,
    contextFor: (binding) => handle(binding),
  };
  const handle = createHandleFactory(kernel, plugins, () => storage.close());
  return handle({ tenantId: DEFAULT_TENANT, actorId: null, at: undefined, frame: undefined, plugin: undefined });
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
  { storage, onQuery }: AnyOptions,
  schema: Kernel["schema"],
  waitTimeoutMs: number,
): Promise<Storage> {
  if (typeof storage?.open !== "function") {
    throw new CrmError(
      "storage_unavailable",
      'createCrm needs a storage, such as memory() or sqlite({ filename: "crm.db" }).',
    );
  }
  const tables = new Map([...schema.entities.values()].map(({ table }) => [table.name, table]));
  return storage.open({ schema: { tables }, waitTimeoutMs, onQuery: harmless(onQuery) });
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
