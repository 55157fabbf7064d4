/** What a field is: its definition at run time, and its types for filters, records and inputs. */
import type { ZodType } from "zod";
import type { Money } from "../value/money.ts";

/** `required`: given at creation. `optional`: may be null. `defaulted`: filled in when it is not given. */
export type Presence = "required" | "optional" | "defaulted";

/**
 * Who may write a field: `anyone`, whenever; anyone, but `once`, at creation; only the `operations`, services and hooks of the plugin
 * that declares it; or only its `before` hook, which derives it from other fields of the record whenever they change (`derived`).
 */
export type Written = "anyone" | "once" | "operations" | "derived";

export type FieldKind = keyof FilterByKind<unknown>;
export type OnDelete = "refuse" | "cascade" | "detach";
/** What becomes of a record when what it refers to is merged into another: it refers to that one, or is deleted with the one that goes. */
export type OnMerge = "move" | "drop";

/** The definition that a builder carries. What a kind does not use is absent. */
export interface FieldDefinition {
  readonly kind: FieldKind;
  readonly presence: Presence;
  readonly written: Written;
  readonly unique: boolean;
  readonly indexed: boolean;
  readonly default?: unknown;
  /** Text: the most characters (code points) allowed. */
  readonly maxLength?: number;
  /** Text: the fewest. */
  readonly minLength?: number;
  /** Folded text: what the shadow is, if not the text without case, width and diacritics. */
  readonly fold?: "phone";
  /** Integer and decimal: the smallest and the greatest value allowed. */
  readonly min?: number;
  readonly max?: number;
  /** Decimal: digits after the point. */
  readonly scale?: number;
  /** oneOf: the values allowed. */
  readonly values?: readonly string[];
  /** json: what is accepted, or what makes that when it is first needed. */
  readonly schema?: ZodType | (() => ZodType);
  readonly to?: string;
  readonly inverse?: string;
  readonly onDelete?: OnDelete;
  readonly onMerge?: OnMerge;
  readonly tree?: boolean | "paths";
  /** The application's own table and column that the value refers to. */
  readonly app?: AppTarget;
}

/** A column of a table of the application's own, which must be its key or unique. Both are the names in the database. */
export interface AppTarget {
  readonly table: string;
  readonly column: string;
}

/** A field as the type system sees it. The `$` slots exist in types only. */
export interface Field<
  K extends FieldKind = FieldKind,
  T = unknown,
  P extends Presence = Presence,
  W extends Written = Written,
> {
  readonly definition: FieldDefinition;
  readonly kind: K;
  readonly presence: P;
  readonly writer: W;
  readonly $type?: T;
  readonly $value: P extends "optional" ? T | null : T;
  readonly $filter: (K extends "json" ? never : T) | FilterByKind<T>[K] | (P extends "optional" ? null : never);
}

/** A field that refers to a record of the entity `To`; `Inverse` names the to-many side there, or is empty. */
export interface ReferenceField<
  To extends string = string,
  P extends Presence = Presence,
  Inverse extends string = string,
  W extends Written = Written,
> extends Field<"reference", string, P, W> {
  readonly to: To;
  readonly inverse: Inverse;
}

/** Named `AnyField`s of an entity or of an extension. */
export type Fields = { readonly [name: string]: AnyField };
export interface AnyField {
  readonly definition: FieldDefinition;
  readonly kind: FieldKind;
  readonly presence: Presence;
  readonly writer: Written;
}

/** Comparisons are two-valued: with null they are false, and `ne` and `notIn` are the complements of `eq` and `in`. */
export interface EqualFilter<T> {
  readonly eq?: T | null;
  readonly ne?: T | null;
  readonly in?: readonly T[];
  readonly notIn?: readonly T[];
}

/** A record of the tree, and with `by` the reference that makes the tree, which is needed where there are several. */
export type TreeNode = string | { readonly id: string; readonly by?: string };

/**
 * Where a record stands in a tree: for ids of an entity that has one (a reference to itself declared with `tree: true`), and for
 * references to it. No record is under an id that does not exist; `not` gives all others, those without a reference included.
 */
export interface TreeFilter {
  readonly under?: TreeNode;
  readonly atOrUnder?: TreeNode;
  readonly directlyUnder?: TreeNode;
  readonly ancestorOf?: TreeNode;
  readonly atOrAncestorOf?: TreeNode;
}

export interface ReferenceFilter extends EqualFilter<string>, TreeFilter {}

export interface IdFilter extends OrderedFilter<string>, TreeFilter {}

/** `between` includes both ends. */
export interface OrderedFilter<T> extends EqualFilter<T> {
  readonly gt?: T;
  readonly gte?: T;
  readonly lt?: T;
  readonly lte?: T;
  readonly between?: readonly [T, T];
}

/** A record of a tree of the entity `of`. */
export interface NamedTreeNode {
  readonly id: string;
  readonly of: string;
  readonly by?: string;
}

/** Only for the id of a pair of fields that refers to a record of any entity: what refers to one of this tree. */
export interface PairTreeFilter {
  readonly under?: NamedTreeNode;
  readonly atOrUnder?: NamedTreeNode;
  readonly ancestorOf?: NamedTreeNode;
  readonly atOrAncestorOf?: NamedTreeNode;
}

/** Literal: no character is a wildcard. Case counts, unless the field is declared with `fold`. */
export interface TextFilter extends OrderedFilter<string>, PairTreeFilter {
  readonly contains?: string;
  readonly startsWith?: string;
  readonly endsWith?: string;
}

export interface FoldedTextFilter extends TextFilter {
  /** Compare without regard to case, width and diacritics; of a phone number, by its digits. */
  readonly fold?: boolean;
}

export interface JsonFilter {
  readonly isNull?: boolean;
}

/** The filter of each kind of field whose values are `T`. */
export interface FilterByKind<T> {
  readonly id: IdFilter;
  readonly text: TextFilter;
  readonly foldedText: FoldedTextFilter;
  readonly integer: OrderedFilter<T>;
  readonly decimal: OrderedFilter<T>;
  readonly money: OrderedFilter<Money>;
  readonly date: OrderedFilter<T>;
  readonly instant: OrderedFilter<T>;
  readonly boolean: EqualFilter<T>;
  readonly oneOf: EqualFilter<T>;
  readonly json: JsonFilter;
  readonly reference: ReferenceFilter;
}
