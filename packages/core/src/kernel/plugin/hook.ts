/** Hooks: what a plugin declares of them, and what they receive. */
import type { AnyModel, EntityName, PatchInput, RecordOf } from "../entity/model.ts";

/** A write of one record, as a hook that runs before it sees it. */
export interface ProposedChangeOf<in out M extends AnyModel, in out E extends EntityName<M>> {
  /** What is about to be written. */
  readonly input: PatchInput<M, E> & { readonly id: string };
  /** The record as it is; absent for a new one. */
  readonly before?: RecordOf<M, E>;
}

/** A write of one record, as a hook that runs after it sees it. */
export interface ChangeOf<in out M extends AnyModel, in out E extends EntityName<M>> {
  /** Absent for a new record. */
  readonly before?: RecordOf<M, E>;
  /** Absent for a deleted record. */
  readonly after?: RecordOf<M, E>;
}

/** A record about to be deleted. */
export interface DeletionOf<in out M extends AnyModel, in out E extends EntityName<M>> {
  readonly before: RecordOf<M, E>;
}

/** Two records that become one. */
export interface MergeOf<in out M extends AnyModel, in out E extends EntityName<M>> {
  /** The id of the record of `merges` that tells of it. */
  readonly mergeId: string;
  readonly survivor: RecordOf<M, E>;
  readonly other: RecordOf<M, E>;
}

export interface ProposedMergeOf<in out M extends AnyModel, in out E extends EntityName<M>> extends MergeOf<M, E> {
  /** What is about to be written in the survivor. */
  readonly input: PatchInput<M, E>;
}

/**
 * Hooks receive batches: all records of one write. What the hooks of a plugin get is the plugin's own. When they take longer than
 * `hookTimeoutMs` in one phase, they fail with `hook_timeout`; one that throws something else than a `CrmError` fails with `hook_failed`. A list
 * of them runs in its order.
 */
export type Hooks<M extends AnyModel, C> = {
  readonly [E in EntityName<M>]?: EntityHooks<M, E, C> | readonly EntityHooks<M, E, C>[];
};

export interface EntityHooks<M extends AnyModel, E extends EntityName<M>, C> {
  /** Before the write, in its unit. May throw to refuse it, or return a patch for each record (undefined for none). */
  before?(
    context: C,
    batch: readonly ProposedChangeOf<M, E>[],
  ): Promise<readonly (PatchInput<M, E> | undefined)[] | undefined | void>;
  /** Before a deletion, in its unit, also one that follows from another record's. May throw to refuse it. */
  beforeDelete?(context: C, batch: readonly DeletionOf<M, E>[]): Promise<void>;
  /**
   * Before a merge, in its unit, while both records are there and nothing is moved. The place to move what is the plugin's own and no
   * reference. May throw to refuse the merge, or return a patch for the survivor. The batch has one merge.
   */
  merging?(
    context: C,
    batch: readonly ProposedMergeOf<M, E>[],
  ): Promise<readonly (PatchInput<M, E> | undefined)[] | undefined | void>;
  /** After a merge was undone, in the unit of that: both records are there again, with all that refers to them. */
  unmerging?(context: C, batch: readonly MergeOf<M, E>[]): Promise<void>;
  /** After the write, in its unit. What it throws undoes the write. */
  after?(context: C, batch: readonly ChangeOf<M, E>[]): Promise<void>;
  /**
   * After the commit, outside of any unit: once for all writes of the unit, never for what was undone. The write's promise
   * waits for it. What it throws goes to `onError`, and to nobody else.
   */
  committed?(context: C, batch: readonly ChangeOf<M, E>[]): Promise<void>;
}

export const hookPhases = ["before", "beforeDelete", "merging", "unmerging", "after", "committed"] as const;
export type HookPhase = (typeof hookPhases)[number];

/** The hooks of one entity at run time, their types forgotten. */
export type HooksOf = { readonly [P in HookPhase]?: (context: never, batch: readonly never[]) => Promise<unknown> };

/** The hooks of a plugin on an entity in one phase that run one after another, and where they stand. */
export interface InstalledHook {
  readonly entity: string;
  readonly phase: HookPhase;
  readonly plugin: string;
  /** For the chain of hooks that call each other. */
  readonly link: string;
  readonly runs: readonly ((context: never, batch: readonly object[]) => unknown)[];
}

/** Those of one entity, in the order of the plugins. */
export type InstalledHooks = Readonly<Record<HookPhase, readonly InstalledHook[]>>;
