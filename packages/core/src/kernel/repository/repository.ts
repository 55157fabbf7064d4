/** What can be done with the records of an entity. Over 400 lines: the whole interface stands in one place, with its documentation. */
import type { CrmError } from "../../errors.ts";
import type { AnyModel, EntityName, FieldsOf, InputOf, OrderOf, RecordOf } from "../entity/model.ts";
import type { RecordReference } from "../plugin/timeline-part.ts";
import type { Aggregate, AggregateRow, ArchivedOption } from "./aggregate.ts";
import type { IncludeArgument, IncludeNames, Result } from "./include.ts";
import type { Where } from "./where.ts";

type RecordField<M extends AnyModel, E extends EntityName<M>> = keyof FieldsOf<M, E>;

/** How to shape one record. */
export interface Shaping<in out M extends AnyModel, in out E extends EntityName<M>, in out I, in out S> {
  /** Related records, loaded with at most one query for each level. */
  readonly include?: IncludeArgument<M, E, I> & IncludeNames<M, E>;
  /** Only these fields (and `id`). */
  readonly select?: readonly S[];
}

export interface Find<in out M extends AnyModel, in out E extends EntityName<M>, in out I, in out S>
  extends Shaping<M, E, I, S>,
    ArchivedOption {
  readonly where?: Where<M, E>;
  /** `id` is always the last key, so that the order is total. Nulls come last ascending, first descending. */
  readonly orderBy?: readonly OrderOf<M, E>[];
}

export interface List<in out M extends AnyModel, in out E extends EntityName<M>, in out I, in out S>
  extends Find<M, E, I, S> {
  /** 1 to 1,000; 50 unless said. */
  readonly limit?: number;
  /** The `next` of the page before, of the same query. */
  readonly after?: string | undefined;
}

export interface Iteration<in out M extends AnyModel, in out E extends EntityName<M>, in out I, in out S>
  extends Find<M, E, I, S> {
  /** So many are fetched at a time: 1 to 10,000; 1,000 unless said. Where no index has the order, each page sorts what is left. */
  readonly pageSize?: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass it as `after` for the following page; undefined on the last one. */
  readonly next: string | undefined;
  /** Of an as-of read: a unit that is open may still change what was read here. See `settled()`. */
  readonly unsettled?: true;
}

/** The version that was read: if the record has changed since, the write is refused with `stale_version`. */
export interface VersionOption {
  readonly version?: number;
}

export type Update<Patch> = Patch & { readonly id: string } & VersionOption;

/** What became of one input of `createMany` with `onError: "continue"`. */
export type CreateResult<R> =
  | { readonly status: "created"; readonly record: R }
  | { readonly status: "failed"; readonly index: number; readonly error: CrmError };

type UpsertKey<New> = (keyof New & string) | readonly (keyof New & string)[];

export type UpsertResult<R> = { readonly status: "created" | "updated" | "unchanged"; readonly record: R };

/** A version of a record, and what made it. */
export interface RecordVersion<R> {
  /** `deleted` ends the version whose number it carries; `restored` undoes an archiving or a deletion. */
  readonly kind: "created" | "updated" | "archived" | "restored" | "deleted";
  readonly version: number;
  readonly at: Date;
  readonly by: string | null;
  /** As it was from then on; of a deletion, as it was until then. */
  readonly record: R;
  /** Against the version before, or against nothing. */
  readonly changes: readonly FieldChange[];
}

/** Which versions of which records. */
export interface VersionsQuery {
  readonly ids: readonly string[];
  /** Nothing earlier than this instant. */
  readonly from?: Date;
  /** Only what comes after this in the order: earlier ones; with the id, of the same instant those of lower ids and lower versions. */
  readonly before?: { readonly at: Date; readonly id?: string; readonly version?: number };
  /** 1 to 1,000; 50 unless said. */
  readonly limit?: number;
}

/** A version, and what changed in it. */
export interface ChangedVersion {
  /** The record's. */
  readonly id: string;
  readonly version: number;
  readonly kind: Exclude<RecordVersion<never>["kind"], "deleted">;
  readonly at: Date;
  readonly by: string | null;
  /** Against the version before, or against nothing. */
  readonly changes: readonly FieldChange[];
}

export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The proof that a record was erased: no more than its id is left. */
export interface Erasure {
  readonly entityType: string;
  readonly recordId: string;
  readonly erasedAt: Date;
  readonly erasedBy: string | null;
  readonly reason: string | null;
  /** How many records went, the record itself and those that were deleted along. */
  readonly records: number;
}

/** Records of one entity that a delete would touch. */
export interface Affected {
  readonly entity: string;
  readonly count: number;
  /** Ten of them at most. */
  readonly ids: readonly string[];
}

/** The same, by the field that refers. */
export interface AffectedBy extends Affected {
  readonly field: string;
}

/** What `delete` would do, by what references say. Each record is in one list at most, but one that refers by several fields. */
export interface Impact {
  /** Whether it would succeed: nothing refuses. A hook of a plugin may still refuse. */
  readonly ok: boolean;
  /** What keeps the record, or one that would be deleted along, from being deleted. */
  readonly refusing: readonly AffectedBy[];
  /** What would be deleted along, over any number of levels; the record itself is not among it. */
  readonly deleted: readonly Affected[];
  /** What would stay, with the reference cleared. */
  readonly detached: readonly AffectedBy[];
}

/** Whose value the survivor of a merge has, by field; the fields are those that an update may change. */
export interface MergeOptions<out Change> {
  /** Unless said, the survivor keeps its own, and has the other one's where it has none. */
  readonly take?: { readonly [K in keyof Change]?: "survivor" | "other" };
  /** Values that are neither the one's nor the other's. */
  readonly values?: Change;
  /** The versions that were read. */
  readonly versions?: { readonly survivor?: number; readonly other?: number };
}

export interface Merged<R> {
  /** The id of the record of `crm.merges` that tells what was moved, dropped and changed, and by which it is undone. */
  readonly mergeId: string;
  /** The survivor as it is now. */
  readonly record: R;
}

/** What is as it was before a merge, and what could not be made so. */
export interface Unmerged<R> {
  readonly survivor: R;
  readonly other: R;
  /** Other records of which a field stayed as it is, because it was changed since, what it referred to is gone, or they were deleted. */
  readonly left: readonly { readonly entity: string; readonly field: string; readonly ids: readonly string[] }[];
  /**
   * Dropped records that did not come back: what they refer to is gone, another record has by now what one alone may have,
   * they are there already, or their entity keeps no history.
   */
  readonly lost: readonly { readonly entity: string; readonly ids: readonly string[] }[];
  /** Fields of the survivor that stayed as they are, because they were changed since, or what they referred to is gone. */
  readonly kept: readonly string[];
}

/** One write, for `validate`. */
export type ProposedWrite<New, Change> =
  | { readonly create: New }
  | { readonly createMany: readonly New[] }
  | { readonly update: Update<Change> }
  | { readonly upsert: New; readonly by: UpsertKey<New> }
  | { readonly delete: string };

/** Whether a write would succeed, and if not, why. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly error: CrmError };

export interface Search<in out M extends AnyModel, in out E extends EntityName<M>, in out I, in out S>
  extends Shaping<M, E, I, S>,
    ArchivedOption {
  readonly where?: Where<M, E>;
  /** 1 to 1,000; 20 unless said. */
  readonly limit?: number;
}

export interface Lineage<in out M extends AnyModel, in out E extends EntityName<M>, in out I, in out S>
  extends Shaping<M, E, I, S>,
    ArchivedOption {
  /** The reference that makes the tree; needed where the entity has several. */
  readonly by?: RecordField<M, E>;
  /** At most so far away. */
  readonly depth?: number;
}

/** A record above or below another: `depth` is 1 for a parent or a child. */
export interface Relative<R> {
  readonly depth: number;
  readonly record: R;
}

/** Which records are followed as edges, and how. */
export interface Edges<in out M extends AnyModel, in out E extends EntityName<M>> extends ArchivedOption {
  /**
   * Two references to the same entity, or the fields with the ids of two `polymorphic` pairs: an edge leads from the one to the other.
   * Over references a node is an id; over pairs it is a record, as `{ entityType, id }`, because ids of two entities may be the same.
   */
  readonly from: RecordField<M, E>;
  readonly to: RecordField<M, E>;
  /** `along` unless said: from `from` to `to`. `against`: the other way. `both`: either way. */
  readonly direction?: "along" | "against" | "both";
  /** At most so many edges. */
  readonly depth?: number;
  /** Only edges that satisfy it. */
  readonly where?: Where<M, E>;
  /** With direction "both": what edges must satisfy to be followed from `to` to `from`, in the place of `where`. */
  readonly whereAgainst?: Where<M, E>;
  /**
   * Only edges that are valid on this day: the dates `validFrom` and `validUntil` of the edge include it. Both ends are part of the
   * interval, and one that is null is open.
   */
  readonly validOn?: string;
}

/** How far a walk goes. */
export interface Reach<in out M extends AnyModel, in out E extends EntityName<M>> extends Edges<M, E> {
  /** So many nodes at most: the walk ends with the level in which they are reached. */
  readonly limit?: number;
}

/** A node that was reached, and how many edges away. */
export interface NodeDistance {
  readonly id: string;
  readonly depth: number;
}

/** The same over pairs of fields, where nodes are records. */
export interface RecordDistance {
  readonly node: RecordReference;
  readonly depth: number;
}

/** A node that was reached: how many edges away, over which edge last, and from which node. */
export interface Reached extends NodeDistance {
  readonly edgeId: string;
  readonly previousId: string;
}

/** The same over pairs of fields, where nodes are records. */
export interface ReachedRecord extends RecordDistance {
  readonly edgeId: string;
  readonly previous: RecordReference;
}

/** `nodes` begins with a start and ends with an end; `edges[i]` lies between `nodes[i]` and `nodes[i + 1]`. */
export interface Path<R, N = string> {
  readonly nodes: readonly N[];
  readonly edges: readonly R[];
}

type OneOrMore<T> = T | readonly T[];

export interface Reading<in out M extends AnyModel, in out E extends EntityName<M>> {
  /** @throws `not_found`. An archived record is found. */
  get<I extends IncludeNames<M, E> = {}, const S extends RecordField<M, E> = never>(
    id: string,
    query?: Shaping<M, E, I, S>,
  ): Promise<Result<M, E, I, S>>;
  /** The first record in the order, or undefined. */
  find<I extends IncludeNames<M, E> = {}, const S extends RecordField<M, E> = never>(
    query: Find<M, E, I, S>,
  ): Promise<Result<M, E, I, S> | undefined>;
  list<I extends IncludeNames<M, E> = {}, const S extends RecordField<M, E> = never>(
    query?: List<M, E, I, S>,
  ): Promise<Page<Result<M, E, I, S>>>;
  /**
   * The `after` with which `list` goes on behind a record, as if a page of this query had ended with it. Nothing is read: of the record,
   * only `id` and the fields of the order are needed, and it may be gone by now. @throws `invalid_query` where one of these is missing.
   */
  cursorAfter(record: { readonly id: string }, query?: Find<M, E, {}, never>): Promise<string>;
  /** All records that match, in order, fetched page by page: `for await (const account of crm.accounts.iterate())`. */
  iterate<I extends IncludeNames<M, E> = {}, const S extends RecordField<M, E> = never>(
    query?: Iteration<M, E, I, S>,
  ): AsyncIterable<Result<M, E, I, S>>;
  count(query?: { readonly where?: Where<M, E> } & ArchivedOption): Promise<number>;
  /**
   * For a search box: the best matches first. A field equal to the text, then one that begins with it, then a word that does, then every
   * word as a part of some field; within each, by the first folded field, then by id. Fields of records that are searched for this one
   * (`searchFor`) count as its own. A text without words finds nothing. `crm.search` also tells what matched.
   *
   * @throws `invalid_query` for an entity without a field declared with `text({ fold: true })`.
   */
  search<I extends IncludeNames<M, E> = {}, const S extends RecordField<M, E> = never>(
    text: string,
    query?: Search<M, E, I, S>,
  ): Promise<readonly Result<M, E, I, S>[]>;
  /** The records above this one in a tree, the nearest first. @throws `invalid_query` for an entity without a tree. */
  ancestors<I extends IncludeNames<M, E> = {}, const S extends RecordField<M, E> = never>(
    id: string,
    query?: Lineage<M, E, I, S>,
  ): Promise<readonly Relative<Result<M, E, I, S>>[]>;
  /** The records below this one, the nearest first; those at one distance by id. @throws as `ancestors`. */
  descendants<I extends IncludeNames<M, E> = {}, const S extends RecordField<M, E> = never>(
    id: string,
    query?: Lineage<M, E, I, S>,
  ): Promise<readonly Relative<Result<M, E, I, S>>[]>;
  /**
   * Where one gets to over these records as edges, from one node or several: each node once, by a shortest way, the nearest first, then by
   * the edge's id; with a `limit` the first so many. With `edges: false` nodes and distances only, which costs less: the nearest first, and
   * those of one distance in no order.
   */
  traverse(
    query: Reach<M, E> & { readonly start: OneOrMore<RecordReference>; readonly edges: false },
  ): Promise<readonly RecordDistance[]>;
  traverse(
    query: Reach<M, E> & { readonly start: OneOrMore<string>; readonly edges: false },
  ): Promise<readonly NodeDistance[]>;
  traverse(
    query: Reach<M, E> & { readonly start: OneOrMore<RecordReference>; readonly edges?: true },
  ): Promise<readonly ReachedRecord[]>;
  traverse(
    query: Reach<M, E> & { readonly start: OneOrMore<string>; readonly edges?: true },
  ): Promise<readonly Reached[]>;
  /** One shortest path over these records as edges, from any of the starts to any of the ends; undefined where there is none. */
  path(
    query: Edges<M, E> & { readonly start: OneOrMore<RecordReference>; readonly end: OneOrMore<RecordReference> },
  ): Promise<Path<RecordOf<M, E>, RecordReference> | undefined>;
  path(
    query: Edges<M, E> & { readonly start: OneOrMore<string>; readonly end: OneOrMore<string> },
  ): Promise<Path<RecordOf<M, E>> | undefined>;
  aggregate<const G = {}, const Ms = {}>(query: Aggregate<M, E, G, Ms>): Promise<readonly AggregateRow<M, E, G, Ms>[]>;
  /**
   * The audit trail: every version, the oldest first, with the fields that changed. A deleted record has one too.
   *
   * @throws `not_found`; `no_history` for an entity that keeps none.
   */
  history(id: string): Promise<readonly RecordVersion<RecordOf<M, E>>[]>;
  /**
   * What has changed in many records, those that are deleted included: the latest versions first, those of one instant by id and
   * version, descending. Three queries, however many records. @throws `no_history`
   */
  versions(query: VersionsQuery): Promise<readonly ChangedVersion[]>;
}

/**
 * Each write is one unit: it happens whole or not at all, with its hooks. Failures are `CrmError`s:
 * `invalid_input`, `reference_not_found`, `not_unique`, `not_found`, `stale_version`, and those of hooks.
 */
export interface Writing<
  in out M extends AnyModel,
  in out E extends EntityName<M>,
  in out New extends "create" | "insert",
  in out Change extends "update" | "patch",
> {
  create(input: InputOf<M, E, New>): Promise<RecordOf<M, E>>;
  /** All or nothing; `invalid_input` carries the `index` of each input that is wrong. */
  createMany(inputs: readonly InputOf<M, E, New>[]): Promise<readonly RecordOf<M, E>[]>;
  /** Row by row: what is wrong with one input does not keep out the others. Results are in the order of the inputs. */
  createMany(
    inputs: readonly InputOf<M, E, New>[],
    options: { readonly onError: "continue" },
  ): Promise<readonly CreateResult<RecordOf<M, E>>[]>;
  /** @throws `not_found`, `stale_version`. A patch that changes nothing writes nothing. */
  update(id: string, patch: InputOf<M, E, Change>, options?: VersionOption): Promise<RecordOf<M, E>>;
  /** All or nothing, each record at most once. Results are in the order of the changes. */
  updateMany(changes: readonly Update<InputOf<M, E, Change>>[]): Promise<readonly RecordOf<M, E>[]>;
  /**
   * Updates the record that has the same value of the unique field `by`, or of all fields of a unique rule, or creates one. Fields
   * written once are taken at creation only.
   */
  upsert(
    input: InputOf<M, E, New>,
    options: { readonly by: UpsertKey<InputOf<M, E, New>> },
  ): Promise<UpsertResult<RecordOf<M, E>>>;
  /** All or nothing. Two inputs with the same value of `by` are refused. Results are in the order of the inputs. */
  upsertMany(
    inputs: readonly InputOf<M, E, New>[],
    options: { readonly by: UpsertKey<InputOf<M, E, New>> },
  ): Promise<readonly UpsertResult<RecordOf<M, E>>[]>;
  /**
   * Records that refer to it keep it from being deleted, are deleted too, or are detached, as their references say. History keeps
   * what is deleted, and `restore` brings it back; of an entity without history, a delete is final.
   */
  delete(id: string, options?: VersionOption): Promise<void>;
  /** Deletes many, each by its rules; all or nothing, each at most once. @throws `not_found`, `still_referenced` */
  deleteMany(ids: readonly string[]): Promise<void>;
  /**
   * What `delete` would do, without doing it: what refuses, what is deleted along, what is detached. It looks with the queries that
   * `delete` looks with. Hooks are not asked. Where `delete` is refused before it looks, so is this, as in the past (`asOf`).
   *
   * @throws `not_found`
   */
  impact(id: string): Promise<Impact>;
  /**
   * The record that `JSON.stringify` made `json` of, once `JSON.parse` has read it: points in time are dates again, and every field
   * is checked. @throws `invalid_input`
   */
  fromJson(json: unknown): RecordOf<M, E>;
  /** The input for `create` in a parsed JSON text, such as the body of a request, where points in time are texts. */
  fromJson(json: unknown, purpose: "create"): InputOf<M, E, New>;
  /** The same for `update`. */
  fromJson(json: unknown, purpose: "update"): InputOf<M, E, Change>;
  /** Takes the record out of lists; references to it stay. `get` still finds it, lists do when asked. */
  archive(id: string): Promise<RecordOf<M, E>>;
  /**
   * Undoes an archiving, or a deletion: the record comes back with its next version, and with it what was deleted along and the
   * references that were cleared.
   */
  restore(id: string): Promise<RecordOf<M, E>>;
  /**
   * Writes the values of an earlier version as the newest one. @throws `not_found`, `stale_version`, and `invalid_input` where a
   * field differs that only operations write.
   */
  revert(id: string, version: number, options?: VersionOption): Promise<RecordOf<M, E>>;
  /**
   * Removes a person's or a thing's data for good: from the present, from history and from what was to be delivered of it, with the
   * records that a delete would take along. Works for a deleted record too. What is left is a record of `crm.erasures`.
   *
   * @throws `not_found`, `still_referenced` as `delete`.
   */
  erase(id: string, options?: { readonly reason?: string }): Promise<Erasure>;
  /**
   * Makes one record of two, in one unit: what refers to the other one refers to the survivor from then on, archived records included,
   * and the other one is deleted. What would break a unique rule beside one of the survivor's, or is declared with `onMerge: "drop"`, is deleted. A reference of the survivor
   * to the other one is cleared; in a tree the survivor takes the upper of the two places. Hooks and events see each change, and
   * `<entity>.merged` tells of the whole. `crm.merges` keeps what was done: `find({ where: { entityType, otherId } })` tells where a
   * record went.
   *
   * @throws `not_found`, `stale_version`; `invalid_input` for a record and itself, one that is archived, or a field that cannot be
   * taken; `still_referenced` where what would be dropped may not be deleted; and what hooks throw.
   */
  merge(
    survivorId: string,
    otherId: string,
    options?: MergeOptions<InputOf<M, E, Change>>,
  ): Promise<Merged<RecordOf<M, E>>>;
  /**
   * Undoes a merge: the other one is there again, with what referred to it, what was dropped, and the survivor's former values. What
   * was changed since stays, and is told.
   *
   * @throws `not_found`; `invalid_input` where it is undone already; `no_history` for an entity that keeps none; `not_unique` and
   * `reference_not_found` where the other one cannot be there again.
   */
  unmerge(mergeId: string): Promise<Unmerged<RecordOf<M, E>>>;
  /** A dry run: everything that the write does, hooks included, is done and undone. */
  validate(write: ProposedWrite<InputOf<M, E, New>, InputOf<M, E, Change>>): Promise<Verdict>;
}

export interface Repository<in out M extends AnyModel, in out E extends EntityName<M>>
  extends Reading<M, E>,
    Writing<M, E, "create", "update"> {}

/**
 * The repository as a plugin's own operations and hooks have it: it also writes the fields that only operations write, where
 * this plugin has declared them.
 */
export interface OperationRepository<in out M extends AnyModel, in out E extends EntityName<M>>
  extends Reading<M, E>,
    Writing<M, E, "insert", "patch"> {
  /**
   * All that match, the archived ones too, in the order of their ids: for what is read with every write and seldom changes. A unit that is a
   * single call's alone may be given what an earlier call has read, and is done again with what there is now where its write finds that it
   * has changed meanwhile; anywhere else it is read. The records are frozen, for they are shared.
   *
   * @throws `invalid_query`; `too_many_records` for more than 1,000
   * @example
   * ```ts
   * import { definePlugin, oneOf } from "@relata/core/plugin";
   *
   * export const sizes = () =>
   *   definePlugin({
   *     id: "sizes",
   *     extend: { opportunity: { size: oneOf("small", "large").optional() } },
   *     hooks: {
   *       opportunity: {
   *         async before(context, batch) {
   *           const [partners] = await context.pipelines.known({ entityType: "opportunity", key: "partners" });
   *           return batch.map(({ input, before }) => {
   *             const isPartners = partners !== undefined && input.pipelineId === partners.id;
   *             return before || !isPartners || input.size ? undefined : { size: "large" };
   *           });
   *         },
   *       },
   *     },
   *   });
   * ```
   */
  known(where: Where<M, E>): Promise<readonly RecordOf<M, E>[]>;
}
