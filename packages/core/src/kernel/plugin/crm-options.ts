/** What `createCrm` takes, and the type of what it makes. */
import type { Entity } from "../entity/define-entity.ts";
import type { EntityShapes, ExtensionOf, PluralsOf } from "../entity/model.ts";
import type { ShowStatement } from "../storage/shown-statement.ts";
import type { StorageAdapter } from "../storage/storage-adapter.ts";
import type { AnyPlugin, CheckExtend, CheckRequires, CheckTargets, Crm, ModelOf, Plugin } from "./define-plugin.ts";

export interface CrmOptions<Native = unknown> {
  /** Where the records are kept: `memory()`, `sqlite({ … })`, … */
  readonly storage: StorageAdapter<Native>;
  /** `auto`: create what is missing, when that is safe. `verify`: only check that nothing is missing. `auto` unless said. */
  readonly migrate?: "auto" | "verify";
  /** Milliseconds since 1970. The system's clock unless said. */
  readonly clock?: () => number;
  /** Fills ids: so many random bytes. The runtime's cryptographic source unless said. */
  readonly random?: (length: number) => Uint8Array;
  /** How long a call waits for an open transaction to end, before it fails with `unit_wait_timeout`. 5,000 unless said. */
  readonly waitTimeoutMs?: number;
  /**
   * Shown every statement that is sent to the database: its text without values, the time it took, its rows and tenant. It is called
   * at once, so it should be quick. What it throws changes nothing.
   */
  readonly onQuery?: ShowStatement;
  /** Told of what no caller can be told of, such as a unit that `using` made and nobody ended. `console.error` unless said. */
  readonly onError?: (error: unknown) => void;
}

/** The plugins of a CRM; the application's own part, where it has one, is the last. */
export type AppPlugins<
  Core extends readonly AnyPlugin[],
  Ps extends readonly AnyPlugin[],
  Es extends readonly Entity[],
  X,
> = [Es, keyof X] extends [readonly [], never]
  ? readonly [...Core, ...Ps]
  : readonly [...Core, ...Ps, Plugin<"app", EntityShapes<Es>, ExtensionOf<X>, {}, {}, [], PluralsOf<Es>>];

/** `createCrm` for a given core. */
export interface CreateCrm<Core extends readonly AnyPlugin[]> {
  <const Ps extends readonly AnyPlugin[] = [], const Es extends readonly Entity[] = [], const X = {}, Native = unknown>(
    options: CrmOptions<Native> & {
      readonly plugins?: Ps & CheckRequires<Ps>;
      /** The application's own entities. */
      readonly entities?: Es & CheckTargets<ModelOf<readonly [...Core, ...Ps]> & EntityShapes<Es>, Es>;
      /** The application's own columns on the entities of core and plugins. */
      readonly extend?: X & CheckExtend<ModelOf<readonly [...Core, ...Ps]>, X>;
    },
  ): Promise<Crm<AppPlugins<Core, Ps, Es, X>, Native>>;
}
