/** Relationship types in code: what relationships of one say is known to the compiler. */
import type { AttributeDefinition, Limit, Variant } from "./type-schemas.ts";

/** A type, as `defineTypes` takes it. */
export interface TypeDefinition {
  readonly key: string;
  readonly category?: string | null | undefined;
  /** Two roles that belong together, unless given. */
  readonly shape?: "paired" | "symmetric" | "one_sided" | undefined;
  /** What the thing at the `from` end is to the other: "employee of". */
  readonly name: string;
  /** The other way round: "employer of". Required where it is paired. */
  readonly inverseName?: string | null | undefined;
  readonly fromRole: string;
  /** Required where it is paired. */
  readonly toRole?: string | null | undefined;
  readonly variants?: readonly Variant[] | undefined;
  /** The entities that may stand at each end; any unless given. Both ends of a symmetric type are those of `fromEntities`. */
  readonly fromEntities?: readonly string[] | null | undefined;
  readonly toEntities?: readonly string[] | null | undefined;
  /** At most so many of one thing on one day. */
  readonly limits?: readonly Limit[] | undefined;
  readonly mayOverlap?: boolean | undefined;
  readonly mayReverse?: boolean | undefined;
  readonly mayRelateToSelf?: boolean | undefined;
  readonly attributes?: readonly AttributeDefinition[] | undefined;
  /** From 0 to 1. */
  readonly defaultStrength?: string | number | null | undefined;
}

type ValueOfKind<A extends AttributeDefinition> = A["kind"] extends "number"
  ? number
  : A["kind"] extends "boolean"
    ? boolean
    : A["kind"] extends "one_of"
      ? A["values"] extends readonly string[]
        ? A["values"][number]
        : string
      : string;

type RequiredOf<A extends AttributeDefinition> = A extends { readonly required: true } ? A["key"] : never;

type ValuesOf<A extends AttributeDefinition> = {
  readonly [D in A as D["key"] extends RequiredOf<A> ? D["key"] : never]: ValueOfKind<D>;
} & {
  readonly [D in A as D["key"] extends RequiredOf<A> ? never : D["key"]]?: ValueOfKind<D>;
};

/** What `attributes` are of a type that is known in code; of a key, any. */
export type AttributesOf<T> = T extends { readonly attributes: readonly (infer A extends AttributeDefinition)[] }
  ? [RequiredOf<A>] extends [never]
    ? { readonly attributes?: ValuesOf<A> }
    : { readonly attributes: ValuesOf<A> }
  : T extends string
    ? { readonly attributes?: { readonly [key: string]: string | number | boolean } | undefined }
    : { readonly attributes?: { readonly [key: string]: never } };

/**
 * Gives a type back, with its key and its attributes as they stand: `relate({ type: employment, … })` is then checked against them.
 * `defineTypes([employment])` makes it known to the CRM.
 *
 * @example
 * ```ts
 * import { defineRelationshipType } from "@relata/relationships";
 *
 * export const employment = defineRelationshipType({
 *   key: "employment",
 *   name: "employee of",
 *   inverseName: "employer of",
 *   fromRole: "employee",
 *   toRole: "employer",
 *   fromEntities: ["contact"],
 *   toEntities: ["account"],
 *   limits: [{ end: "from", most: 1, primary: true }],
 *   attributes: [{ key: "position", kind: "text" }],
 * });
 * ```
 */
export function defineRelationshipType<const T extends TypeDefinition>(type: T): T {
  return type;
}
