/** What all handles of a CRM share, and what each of them binds. */

import type { EntitySchema, ResolvedSchema } from "./entity/entity-schema.ts";
import type { Author } from "./event/effect.ts";
import type { EventBus } from "./event/event-bus.ts";
import type { EventCatalog } from "./event/event-catalog.ts";
import type { Journal, NetChanges } from "./event/net-changes.ts";
import type { InstalledHooks } from "./plugin/hook.ts";
import type { Providers } from "./plugin/providers.ts";
import type { Interner } from "./repository/intern.ts";
import type { KnownLists } from "./repository/known-lists.ts";
import type { Retry } from "./retry.ts";
import type { Storage } from "./storage/storage-adapter.ts";
import type { TimeLimit } from "./time-limit.ts";
import type { Frame } from "./unit-of-work/frame.ts";
import type { Settled } from "./unit-of-work/settled.ts";
import type { UnitOfWork } from "./unit-of-work/unit-of-work.ts";

export interface Kernel {
  readonly schema: ResolvedSchema;
  readonly units: UnitOfWork;
  readonly retry: Retry;
  readonly settled: Settled;
  readonly storage: Storage;
  /** For messages. */
  readonly storageName: string;
  readonly queries: Interner;
  readonly known: KnownLists;
  readonly clock: () => number;
  /** What a caller may take for now: by the clock, or by that of its own process where the storage has another. */
  readonly newest: () => number;
  readonly newId: () => string;
  /** The hooks of each entity that has any. */
  readonly hooks: ReadonlyMap<string, InstalledHooks>;
  readonly hookTimeoutMs: number;
  readonly hooksInTime: TimeLimit;
  readonly providers: Providers;
  readonly events: EventCatalog;
  readonly bus: EventBus;
  /** Has drains look, here and in other processes, whether something is to be delivered: soon, and once for many calls. Never throws. */
  readonly hint: () => void;
  /** What is nobody's call to fail. Never throws. */
  readonly onError: (error: unknown) => void;
  /** What the handle binds that `createCrm` gives. */
  readonly root: Binding;
  /** The handle that the code of `binding.plugin` gets. */
  contextFor(binding: Binding): object;
}

/** Who acts, for whom, when and where: what makes one handle different from another. */
export interface Binding extends Author {
  /** The tenant was given by `as`. */
  readonly tenantBound?: boolean;
  /** Writes are dated so, instead of by the clock. */
  readonly at: number | undefined;
  /** Reads see the state at this instant, and writes are refused. */
  readonly asOf: number | undefined;
  readonly frame: Frame | undefined;
  /** The plugin whose code holds the handle; none for the application. */
  readonly plugin: string | undefined;
  /** Where all that is written is noted, what hooks write too. */
  readonly journal?: Journal;
  /** Of an operation of several writes: its `after` hooks wait here until all is written. Hooks of its own do not wait. */
  readonly waiting?: NetChanges | undefined;
  /** What is written was there before, with all that was derived: hooks before the write are not asked. */
  readonly asItWas?: boolean;
}

/** The repository of one entity as one handle sees it. */
export interface Scope {
  readonly kernel: Kernel;
  readonly binding: Binding;
  readonly entity: EntitySchema;
}

/** The instant that a write through this handle is dated. */
export function instantOf({ kernel, binding }: Pick<Scope, "kernel" | "binding">): number {
  return binding.at ?? binding.frame?.instant() ?? kernel.clock();
}
