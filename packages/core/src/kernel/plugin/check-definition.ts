/** What a definition must not say: the sentences that stand in place of the type where it does. */
import type { CrmErrorCode } from "../../errors.ts";
import type { Entity } from "../entity/define-entity.ts";
import type { At, ExtensionField } from "../entity/model.ts";
import type { AnyPlugin } from "./plugin.ts";

type MissingOf<Ps extends readonly AnyPlugin[], P> = P extends {
  readonly requires: infer R extends readonly AnyPlugin[];
}
  ? Exclude<R[number]["id"], Ps[number]["id"]>
  : never;

/** Yields a sentence where a plugin is installed without what it requires. */
export type CheckRequires<Ps extends readonly AnyPlugin[]> = {
  readonly [I in keyof Ps]: [MissingOf<Ps, Ps[I]>] extends [never]
    ? Ps[I]
    : `plugin "${At<Ps[I], "id"> & string}" requires "${MissingOf<Ps, Ps[I]> & string}"`;
};

/** Yields a sentence where an extension names no entity, or adds a field that existing records could not have. */
export type CheckExtend<M, X> = {
  readonly [E in keyof X]: E extends keyof M
    ? {
        readonly [K in keyof X[E]]: X[E][K] extends ExtensionField
          ? X[E][K]
          : `"${K & string}" must be optional() or have a default(): records exist already`;
      }
    : `no entity "${E & string}"`;
};

type TargetsOf<F> = { [K in keyof F]: F[K] extends { readonly to: infer To extends string } ? To : never }[keyof F];
type UnknownTarget<M, E> = Exclude<TargetsOf<At<E, "fields">>, keyof M>;

/** Yields a sentence where a reference names no entity. */
export type CheckTargets<M, Es extends readonly Entity[]> = {
  readonly [I in keyof Es]: [UnknownTarget<M, Es[I]>] extends [never]
    ? Es[I]
    : `no entity "${UnknownTarget<M, Es[I]> & string}" to refer to`;
};

/** Yields a sentence where a code is none, or is one of core's. */
export type CheckErrors<E> = {
  readonly [C in keyof E]: C extends CrmErrorCode ? `"${C}" is a code of core` : string;
};
