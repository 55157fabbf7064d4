/** What all handles of a CRM share, and what each of them binds. */
import type { EntitySchema, ResolvedSchema } from "./entity/entity-schema.ts";
import type { InstalledHook } from "./plugin/define-plugin.ts";
import type { Interner } from "./repository/intern.ts";
import type { Storage } from "./storage/storage-adapter.ts";
import type { Frame, UnitOfWork } from "./unit-of-work/frame.ts";

export interface Kernel {
  readonly schema: ResolvedSchema;
  readonly units: UnitOfWork;
  readonly storage: Storage;
  /** For messages. */
  readonly storageName: string;
  /** What is nobody's call to fail. Never throws. */
  readonly onError: (error: unknown) => void;
  readonly queries: Interner;
  readonly clock: () => number;
  readonly newId: () => string;
  /** The hooks of an entity, in the order of the plugins. */
  readonly hooks: ReadonlyMap<string, readonly InstalledHook[]>;
  /** The handle that the code of `binding.plugin` gets. */
  contextFor(binding: Binding): object;
}

/** Who acts, for whom, when and where: what makes one handle different from another. */
export interface Binding {
  readonly tenantId: string;
  /** The tenant was given by `as`, and is not the default one. */
  readonly tenantBound?: boolean;
  readonly actorId: string | null;
  /** Writes are dated so, instead of by the clock. */
  readonly at: number | undefined;
  readonly frame: Frame | undefined;
  /** The plugin whose code holds the handle; none for the application. */
  readonly plugin: string | undefined;
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
