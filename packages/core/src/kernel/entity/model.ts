/**
 * The model of a CRM as a type: entity name to shape. A shape holds no more than fields and relations to many. Both are computed once,
 * where an entity or an extension is defined, and merged by intersection, never by searching the model. What follows from the
 * fields (records, inputs, filters) is computed from the merged ones, each when it is first used: whoever looks at one property of
 * an intersection makes the compiler resolve them all. `scripts/check-type-budget.mjs` measures what that costs.
 */
import type { Entity } from "./define-entity.ts";
import type { AnyField, Field, Presence, Written } from "./field.ts";

/** What every record has besides its own fields. */
export interface BaseFields {
  readonly id: Field<"id", string, "defaulted", "once">;
  readonly version: Field<"integer", number, "defaulted", "operations">;
  readonly createdAt: Field<"instant", Date, "defaulted", "operations">;
  readonly createdBy: Field<"text", string, "optional", "operations">;
  readonly updatedAt: Field<"instant", Date, "defaulted", "operations">;
  readonly updatedBy: Field<"text", string, "optional", "operations">;
  readonly archivedAt: Field<"instant", Date, "optional", "operations">;
}

/** What an extension adds to an entity. */
export interface Part<F> {
  readonly fields: F;
}

/** An entity as it is defined. What refers to it adds to `many`, what extends it to `fields`. */
export interface Shape<P extends string, F> {
  readonly plural: P;
  readonly fields: F & BaseFields;
  readonly many: {};
}

/** `[a, b]` to `{ a: Shape, b: Shape }`, with the to-many sides that their references add to other entities. */
export type EntityShapes<Es extends readonly Entity[]> = Resolved<
  { readonly [E in Es[number] as E["name"]]: Shape<E["plural"], E["fields"]> } & Intersect<
    { [E in Es[number] as E["name"]]: InversesOf<E["name"], E["fields"]> }[Es[number]["name"]]
  >
>;

/** Drops the alias: a declaration file then prints what was computed, and whoever reads it does not compute it again. */
export type Resolved<T> = T extends infer O ? O : never;

/** `{ account: { tier: … } }` to the parts and to-many sides that an extension adds. */
export type ExtensionOf<X> = Resolved<
  { readonly [N in keyof X]: Part<X[N]> } & Intersect<{ [N in keyof X]: InversesOf<N, X[N]> }[keyof X]>
>;

/** `[account]` to `{ accounts: "account" }`. */
export type PluralsOf<Es extends readonly Entity[]> = Resolved<{
  readonly [E in Es[number] as E["plural"]]: E["name"];
}>;

type InversesOf<N, F> = {
  [K in keyof F]: F[K] extends { readonly to: infer To extends string; readonly inverse: infer Inverse extends string }
    ? Inverse extends ""
      ? never
      : { readonly [T in To]: { readonly many: { readonly [I in Inverse]: N } } }
    : never;
}[keyof F];

export type Intersect<U> = [U] extends [never]
  ? {}
  : (U extends unknown ? (member: U) => void : never) extends (all: infer I) => void
    ? I
    : never;

/**
 * What all members of a list have under a key, intersected one after another: to infer it from their union, as `Intersect` does, compares
 * each with all of them, which costs an editor ten times as long with 25 plugins.
 */
export type IntersectOf<Ts extends readonly unknown[], K extends string, All = {}> = Ts extends readonly [
  infer First,
  ...infer Others,
]
  ? IntersectOf<Others, K, [First] extends [never] ? All : All & At<First, K>>
  : number extends Ts["length"]
    ? All & Intersect<At<Ts[number], K>>
    : All;

export type At<T, K> = T[K & keyof T];

/**
 * A model by reference. Types pass it on instead of the shapes themselves: what a type argument contains is walked each time that
 * it is passed on, and a reference contains nothing.
 */
export interface AnyModel {
  readonly entities: unknown;
}

/** The model of some entities by themselves. */
export interface ShapesOf<Es extends readonly Entity[]> {
  readonly entities: EntityShapes<Es>;
}

export type EntityName<M extends AnyModel> = keyof M["entities"];
export type FieldsOf<M extends AnyModel, E extends EntityName<M>> = At<M["entities"][E], "fields">;
export type ToOne<M extends AnyModel, E extends EntityName<M>> = ToOneOf<FieldsOf<M, E>>;
export type ToMany<M extends AnyModel, E extends EntityName<M>> = At<M["entities"][E], "many">;
export type RelationName<M extends AnyModel, E extends EntityName<M>> = keyof ToOne<M, E> | keyof ToMany<M, E>;
export type RelationTarget<M extends AnyModel, E extends EntityName<M>, K> = (K extends keyof ToOne<M, E>
  ? ToOne<M, E>[K]
  : K extends keyof ToMany<M, E>
    ? ToMany<M, E>[K]
    : never) &
  EntityName<M>;

/** A record: its own fields and the base fields, read-only. Without a name of its own, so that an editor shows the fields. */
export type RecordOf<M extends AnyModel, E extends EntityName<M>> =
  FieldsOf<M, E> extends infer F ? { readonly [K in keyof F]: ValueOf<F[K]> } : never;

/** By entity, lists of fields: what an extension may need an index for. */
export type Indexes<M extends AnyModel> = {
  readonly [E in EntityName<M>]?: readonly (readonly (keyof FieldsOf<M, E> & string)[])[];
};

/** What writes take: an application's `create` and `update`; an operation's `insert` and `patch`. */
export interface Inputs<F> {
  readonly create: { readonly [K in Names<F, "required", "anyone" | "once">]: ValueOf<F[K]> } & {
    readonly [K in Names<F, "optional" | "defaulted", "anyone" | "once">]?: ValueOf<F[K]>;
  };
  readonly update: { readonly [K in Names<F, Presence, "anyone">]?: ValueOf<F[K]> };
  readonly insert: { readonly [K in Names<F, "required", Written>]: ValueOf<F[K]> } & {
    readonly [K in Exclude<Names<F, "optional" | "defaulted", Written>, ManagedName>]?: ValueOf<F[K]>;
  };
  readonly patch: { readonly [K in Exclude<keyof F, keyof BaseFields>]?: ValueOf<F[K]> };
}
export type InputOf<M extends AnyModel, E extends EntityName<M>, K extends keyof Inputs<unknown>> = Inputs<
  FieldsOf<M, E>
>[K];

/** Under its own name, because hooks return it, and messages about what functions return are long. */
export type PatchInput<M extends AnyModel, E extends EntityName<M>> = {
  readonly [K in Exclude<keyof FieldsOf<M, E>, keyof BaseFields>]?: ValueOf<FieldsOf<M, E>[K]>;
};

export type FilterOf<F> = { readonly [K in keyof F]?: F[K]["$filter" & keyof F[K]] };
export type OrderOf<M extends AnyModel, E extends EntityName<M>> = {
  readonly [K in keyof FieldsOf<M, E>]?: "asc" | "desc";
};

export type Expand<T> = T extends infer O ? { [K in keyof O]: O[K] } : never;

export type ValueOf<F> = F["$value" & keyof F];
type Names<F, P extends Presence, W extends Written> = {
  [K in keyof F]: F[K] extends { readonly presence: P; readonly writer: W } ? K : never;
}[keyof F];
/** Base fields that only core writes. */
type ManagedName = Exclude<keyof BaseFields, "id">;
type ToOneOf<F> = {
  [K in keyof F as F[K] extends { readonly to: string }
    ? K extends `${infer R}Id`
      ? R
      : never
    : never]: F[K] extends {
    readonly to: infer To;
  }
    ? To
    : never;
};

/** Any field of any kind, for checks on extensions. */
export type ExtensionField = AnyField & { readonly presence: "optional" | "defaulted" };
