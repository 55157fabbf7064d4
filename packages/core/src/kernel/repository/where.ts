/** The types of filters. They are never inferred from the argument, so that a typo at any depth is refused and readable. */
import type { AnyModel, EntityName, FieldsOf, FilterOf, ToMany, ToOne } from "../entity/model.ts";

/** Conditions on the records of an entity; all of them must hold. */
export type Where<M extends AnyModel, E extends EntityName<M>> = FilterOf<FieldsOf<M, E>> &
  WhereToOne<M, ToOne<M, E>> &
  WhereToMany<M, ToMany<M, E>> &
  WhereLogic<M, E>;

type WhereToOne<M extends AnyModel, R> = {
  readonly [K in keyof R]?: R[K] extends EntityName<M> ? Where<M, R[K]> | null : never;
};
type WhereToMany<M extends AnyModel, R> = {
  readonly [K in keyof R]?: R[K] extends EntityName<M> ? Quantified<M, R[K]> : never;
};

/** `some`: at least one related record satisfies it; `none`: no one does; `every`: no one fails it. */
export interface Quantified<M extends AnyModel, E extends EntityName<M>> {
  readonly some?: Where<M, E>;
  readonly none?: Where<M, E>;
  readonly every?: Where<M, E>;
}

export interface WhereLogic<M extends AnyModel, E extends EntityName<M>> {
  readonly and?: readonly Where<M, E>[];
  readonly or?: readonly Where<M, E>[];
  readonly not?: Where<M, E>;
  /**
   * Every word is a part of a field declared with `text({ fold: true })`: `"müller gmbh"`. Case, width and diacritics do not count.
   * Fields of records that are searched for this one (`searchFor`) count as its own, and phone numbers are compared by their digits.
   */
  readonly search?: string;
}
