/** What `createCrm` takes, and the type of what it makes. */
import type { Entity } from "../entity/define-entity.ts";
import type { EntityShapes, ExtensionOf, Indexes, PluralsOf } from "../entity/model.ts";
import type { CheckEvents, EventDataOf } from "../event/event.ts";
import type { OutboxOptions } from "../event/outbox.ts";
import type { Migration } from "../migration/define-migration.ts";
import type { MigrationProgress } from "../migration/run-backfill.ts";
import type { ShowStatement } from "../storage/shown-statement.ts";
import type { StorageAdapter } from "../storage/storage-adapter.ts";
import type { CheckExtend, CheckRequires, CheckTargets } from "./check-definition.ts";
import type { PluginContext, Subscribers } from "./define-plugin.ts";
import type { Context, Crm, Model, ModelOf } from "./handle.ts";
import type { Hooks } from "./hook.ts";
import type { AnyPlugin, Plugin } from "./plugin.ts";
import type { TimelinePart } from "./timeline-part.ts";

export interface CrmOptions<Native = unknown> {
  /** Where the records are kept: `memory()`, `sqlite({ … })`, `postgres({ … })`, … */
  readonly storage: StorageAdapter<Native>;
  /**
   * `auto`: apply written migrations, and create what is missing. `verify`: change nothing, and refuse a database that is not as
   * declared. `off`: do not look. `auto` unless said.
   */
  readonly migrate?: "auto" | "verify" | "off";
  /** Is told how far a backfill is, after each of its batches. */
  readonly onMigrate?: (progress: MigrationProgress) => void;
  /**
   * Milliseconds since 1970. Unless said, the storage's: of a database server the server's, which all processes share, and else the
   * system's.
   */
  readonly clock?: () => number;
  /** Fills ids, and says how long who has lost a race pauses: so many random bytes. The runtime's cryptographic source unless said. */
  readonly random?: (length: number) => Uint8Array;
  /**
   * How long a call waits for an open transaction to end, before it fails with `unit_wait_timeout`, and `close()` for a plugin that
   * is disposed of. 5,000 unless said.
   */
  readonly waitTimeoutMs?: number;
  /** How long one call of a hook may take, before it fails with `hook_timeout`. 10,000 unless said. */
  readonly hookTimeoutMs?: number;
  /** How durable events are delivered. */
  readonly outbox?: OutboxOptions;
  /**
   * Shown every statement that is sent to the database: its text without values, the time it took, its rows and tenant. It is called
   * at once, so it should be quick. What it throws changes nothing.
   */
  readonly onQuery?: ShowStatement;
  /**
   * Told of what no caller can be told of: failures after the commit (`hook_failed`, `hook_timeout`, `listener_failed`), drains in
   * the background, and units that `using` made and nobody ended. `console.error` unless said.
   */
  readonly onError?: (error: unknown) => void;
}

/** The plugins of a CRM; the application's own part, where it has one, is the last. */
export type AppPlugins<
  Core extends readonly AnyPlugin[],
  Ps extends readonly AnyPlugin[],
  Es extends readonly Entity[],
  X,
  V = {},
  O = {},
> = [Es, keyof X, keyof V, keyof O] extends [readonly [], never, never, never]
  ? readonly [...Core, ...Ps]
  : readonly [
      ...Core,
      ...Ps,
      Plugin<"app", EntityShapes<Es>, ExtensionOf<X>, O, {}, [], PluralsOf<Es>, EventDataOf<V>>,
    ];

/** `createCrm` for a given core. */
export interface CreateCrm<Core extends readonly AnyPlugin[]> {
  <
    const Ps extends readonly AnyPlugin[] = [],
    const Es extends readonly Entity[] = [],
    const X = {},
    const V = {},
    const Names = {},
    O = {},
    Native = unknown,
  >(
    options: CrmOptions<Native> & {
      readonly plugins?: Ps & CheckRequires<Ps>;
      /** The application's own entities. */
      readonly entities?: Es & CheckTargets<ModelOf<readonly [...Core, ...Ps]> & EntityShapes<Es>, Es>;
      /** The application's own columns on the entities of core and plugins. */
      readonly extend?: X & CheckExtend<ModelOf<readonly [...Core, ...Ps]>, X>;
      /** By entity: what the application's own lists and figures need to be quick for. */
      readonly indexes?: NoInfer<Indexes<Model<AppPlugins<Core, Ps, Es, X, V>>>>;
      /** The application's own migrations, in the order in which they are applied: new ones go to the end. */
      readonly migrations?: NoInfer<
        readonly Migration<Model<AppPlugins<Core, Ps, Es, X, V>>, Context<AppPlugins<Core, Ps, Es, X, V>>>[]
      >;
      /** The application's own events: `noun.past_tense` to a zod schema of the data, a JSON value. */
      readonly events?: V & CheckEvents<ModelOf<readonly [...Core, ...Ps]> & EntityShapes<Es>, V>;
      /** The application's own durable subscribers. */
      readonly subscribers?: Subscribers<AppPlugins<Core, Ps, Es, X, V>, Names>;
      /** The application's own hooks. They come after those of the plugins. */
      readonly hooks?: NoInfer<
        Hooks<
          Model<readonly [...AppPlugins<Core, Ps, Es, X, V>]>,
          PluginContext<Core, Ps, Es, X, {}, readonly [], {}, V>
        >
      >;
      /** What the application adds to the timelines of records. */
      readonly timeline?: NoInfer<TimelinePart<PluginContext<Core, Ps, Es, X, {}, readonly [], {}, V>>>;
      /** By entity: the application's own operations, beside the repository's methods. Made anew for each handle. */
      readonly operations?: (context: PluginContext<Core, Ps, Es, X, {}, readonly [], {}, V>) => O;
    },
  ): Promise<Crm<AppPlugins<Core, Ps, Es, X, V, O>, Native>>;
}
