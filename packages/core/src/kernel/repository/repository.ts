/** What can be done with the records of an entity. */
import type { CrmError } from "../../errors.ts";
import type { AnyModel, EntityName, FieldsOf, InputOf, OrderOf, RecordOf } from "../entity/model.ts";
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

export interface Page<T> {
  readonly items: readonly T[];
  /** Pass it as `after` for the following page; undefined on the last one. */
  readonly next: string | undefined;
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

export type UpsertResult<R> = { readonly status: "created" | "updated" | "unchanged"; readonly record: R };

/** One write, for `validate`. */
export type ProposedWrite<New, Change> =
  | { readonly create: New }
  | { readonly createMany: readonly New[] }
  | { readonly update: Update<Change> }
  | { readonly upsert: New; readonly by: keyof New & string }
  | { readonly delete: string };

/** Whether a write would succeed, and if not, why. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly error: CrmError };

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
  /** All records that match, in order, fetched page by page: `for await (const account of crm.accounts.iterate())`. */
  iterate<I extends IncludeNames<M, E> = {}, const S extends RecordField<M, E> = never>(
    query?: Find<M, E, I, S>,
  ): AsyncIterable<Result<M, E, I, S>>;
  count(query?: { readonly where?: Where<M, E> } & ArchivedOption): Promise<number>;
  aggregate<const G = {}, const Ms = {}>(query: Aggregate<M, E, G, Ms>): Promise<readonly AggregateRow<M, E, G, Ms>[]>;
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
   * Updates the record that has the same value of the unique field `by`, or creates one. Fields written once are taken at
   * creation only.
   */
  upsert(
    input: InputOf<M, E, New>,
    options: { readonly by: keyof InputOf<M, E, New> & string },
  ): Promise<UpsertResult<RecordOf<M, E>>>;
  /** All or nothing. Two inputs with the same value of `by` are refused. Results are in the order of the inputs. */
  upsertMany(
    inputs: readonly InputOf<M, E, New>[],
    options: { readonly by: keyof InputOf<M, E, New> & string },
  ): Promise<readonly UpsertResult<RecordOf<M, E>>[]>;
  /** Records that refer to it keep it from being deleted, are deleted too, or are detached, as their references say. Final. */
  delete(id: string, options?: VersionOption): Promise<void>;
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
  /** Brings an archived record back. */
  restore(id: string): Promise<RecordOf<M, E>>;
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
    Writing<M, E, "insert", "patch"> {}
