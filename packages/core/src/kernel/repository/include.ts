/**
 * The types of `include` and `select`, which shape the result. Only these two are inferred from the argument: `include` by a
 * reverse mapping, in which `I[K]` is the nested include of the relation `K` (unknown for `true`).
 */
import type {
  AnyModel,
  EntityName,
  OrderOf,
  RecordOf,
  RelationName,
  RelationTarget,
  ToMany,
  ToOne,
} from "../entity/model.ts";
import type { Where } from "./where.ts";

/** The relations that may be named: this is what an editor completes. */
export type IncludeNames<M extends AnyModel, E extends EntityName<M>> = {
  readonly [K in RelationName<M, E>]?: unknown;
};

export type IncludeArgument<M extends AnyModel, E extends EntityName<M>, I> = {
  readonly [K in keyof I]:
    | (K extends RelationName<M, E> ? true : `no relation "${K & string}"`)
    | IncludeOptions<M, RelationTarget<M, E, K>, I[K], K extends keyof ToMany<M, E> ? true : false>;
};

/** What to load of a relation. Conditions, order and limit (for each record) are for to-many relations. */
export interface IncludeOptions<in out M extends AnyModel, in out E extends EntityName<M>, in out I, in out Many> {
  readonly include?: IncludeArgument<M, E, I> & IncludeNames<M, E>;
  readonly where?: NoInfer<Many extends true ? Where<M, E> : ToOneRefusal>;
  readonly orderBy?: NoInfer<Many extends true ? readonly OrderOf<M, E>[] : ToOneRefusal>;
  readonly limit?: Many extends true ? number : ToOneRefusal;
}

type ToOneRefusal = "only a relation to many has conditions, an order and a limit";

/** Without a name of its own, like a record: editors and declaration files show what is there. */
export type Included<M extends AnyModel, E extends EntityName<M>, I> = I extends infer J
  ? {
      readonly [K in keyof J]: K extends keyof ToOne<M, E>
        ? Loaded<M, ToOne<M, E>[K] & EntityName<M>, J[K]> | null
        : K extends keyof ToMany<M, E>
          ? readonly Loaded<M, ToMany<M, E>[K] & EntityName<M>, J[K]>[]
          : never;
    }
  : never;

export type Loaded<M extends AnyModel, E extends EntityName<M>, I> = unknown extends I
  ? RecordOf<M, E>
  : RecordOf<M, E> & Included<M, E, I>;

type Selected<M extends AnyModel, E extends EntityName<M>, S> = [S] extends [never]
  ? RecordOf<M, E>
  : Pick<RecordOf<M, E>, (S | "id") & keyof RecordOf<M, E>>;

/** A record as a query shapes it. */
export type Result<M extends AnyModel, E extends EntityName<M>, I, S> = [keyof I] extends [never]
  ? Selected<M, E, S>
  : Selected<M, E, S> & Included<M, E, I>;
