/** The kinds of fields, as builders. */
import type { ZodType } from "zod";
import type { Money } from "../value/money.ts";
import type {
  AppTarget,
  Field,
  FieldDefinition,
  FieldKind,
  OnDelete,
  OnMerge,
  Presence,
  ReferenceField,
  Written,
} from "./field.ts";

/** A field under construction. Each method returns a new one; nothing is changed in place. */
export interface FieldBuilder<K extends FieldKind, T, P extends Presence, W extends Written> extends Field<K, T, P, W> {
  /** The value may be absent: null in records. */
  optional(): FieldBuilder<K, T, "optional", W>;
  /** Given to new records that bring no value, and to existing ones when the field is added. */
  default(value: T): FieldBuilder<K, T, "defaulted", W>;
  /** Never absent in records: the plugin's `before` hook gives a value where the input has none. */
  assigned(): FieldBuilder<K, T, "defaulted", W>;
  /** No two records of a tenant may have the same value. Any number may have none. */
  unique(): FieldBuilder<K, T, P, W>;
  /** Lists filtered or ordered by this field cost what they return. */
  indexed(): FieldBuilder<K, T, P, W>;
  /** Who may write it; anyone, unless said. */
  written<const By extends Written>(by: By): FieldBuilder<K, T, P, By>;
}

export interface ReferenceBuilder<To extends string, P extends Presence, Inverse extends string, W extends Written>
  extends ReferenceField<To, P, Inverse, W> {
  /** The reference may be absent: null in records. */
  optional(): ReferenceBuilder<To, "optional", Inverse, W>;
  /** Never absent in records: the plugin's `before` hook gives one where the input has none. */
  assigned(): ReferenceBuilder<To, "defaulted", Inverse, W>;
  /** No two records of a tenant may refer to the same one. */
  unique(): ReferenceBuilder<To, P, Inverse, W>;
  /** Who may write it; anyone, unless said. */
  written<const By extends Written>(by: By): ReferenceBuilder<To, P, Inverse, By>;
}

interface TextOptions {
  /** The most characters (code points). 10,000 unless said. */
  readonly maxLength?: number;
  /** The fewest. None unless said: an empty text is a text. */
  readonly minLength?: number;
}

/** The id of a record. Every entity has exactly one. */
export function id(): FieldBuilder<"id", string, "required", "anyone"> {
  return builder(base("id"));
}

/**
 * Text, normalised to Unicode NFC. NUL characters and lone surrogates are refused.
 * With `fold`, a shadow of it is kept, searches find it, and filters may say `fold: true`. The shadow is the text without case, width
 * and diacritics, or, with `fold: "phone"`, the digits of a phone number: without separators, "(0)" and leading zeros.
 */
export function text(
  options: TextOptions & { readonly fold: true | "phone" },
): FieldBuilder<"foldedText", string, "required", "anyone">;
export function text(options?: TextOptions): FieldBuilder<"text", string, "required", "anyone">;
export function text(options: TextOptions & { readonly fold?: true | "phone" } = {}): unknown {
  const { fold, ...lengths } = options;
  const folding = fold === "phone" ? { fold } : {};
  return builder({ ...base(fold ? "foldedText" : "text"), maxLength: 10_000, ...folding, ...lengths });
}

/** A whole number that a JavaScript number holds exactly. */
export function integer(
  options: { readonly min?: number; readonly max?: number } = {},
): FieldBuilder<"integer", number, "required", "anyone"> {
  return builder({ ...base("integer"), ...options });
}

/**
 * An exact decimal, as a string in its shortest form ("12.5"). `scale` is the most digits after the point (6 unless said);
 * together with the digits before it there may be 18.
 */
export function decimal(
  options: { readonly scale?: number; readonly min?: number; readonly max?: number } = {},
): FieldBuilder<"decimal", string, "required", "anyone"> {
  return builder({ ...base("decimal"), scale: 6, ...options });
}

/** An amount and its currency, exact to the currency's minor unit. */
export function money(): FieldBuilder<"money", Money, "required", "anyone"> {
  return builder(base("money"));
}

/** A day of the calendar, "YYYY-MM-DD". It never passes through a time zone. */
export function date(): FieldBuilder<"date", string, "required", "anyone"> {
  return builder(base("date"));
}

/** A point in time, to the millisecond. */
export function instant(): FieldBuilder<"instant", Date, "required", "anyone"> {
  return builder(base("instant"));
}

export function boolean(): FieldBuilder<"boolean", boolean, "required", "anyone"> {
  return builder(base("boolean"));
}

/** One of the values listed. */
export function oneOf<const V extends string>(...values: readonly V[]): FieldBuilder<"oneOf", V, "required", "anyone"> {
  return builder({ ...base("oneOf"), values });
}

/**
 * A value that `schema` accepts and JSON can hold. It is stored whole, and cannot be filtered by its parts. A function makes the schema when
 * the first value is checked: an application that never writes one does not pay for it.
 */
export function json<T>(schema: ZodType<T> | (() => ZodType<T>)): FieldBuilder<"json", T, "required", "anyone"> {
  return builder({ ...base("json"), schema });
}

/**
 * A record of another entity (or of the same). The field's name ends in `Id`; without it, it names the to-one relation.
 * `inverse` names the to-many side at the target. `onDelete` says what happens here when the target is deleted: the
 * deletion is refused (unless said otherwise), this record is deleted too, or the reference is cleared.
 * `onMerge: "drop"`: when the target is merged into another record, this one is deleted with it, instead of referring to the survivor.
 * `tree` declares that following the reference never comes back to the start. With `tree: "paths"` the way to each record from the top is
 * kept as well, so that what is under a record is found by one range of an index, at the price of a row for each record that is under
 * another, rewritten when one above it moves.
 */
export function reference<const To extends string, const Inverse extends string = "">(
  to: To,
  options: {
    readonly inverse?: Inverse;
    readonly onDelete?: OnDelete;
    readonly onMerge?: OnMerge;
    readonly tree?: boolean | "paths";
  } = {},
): ReferenceBuilder<To, "required", Inverse, "anyone"> {
  return builder({ ...base("reference"), to, inverse: "", onDelete: "refuse", ...options, indexed: true });
}

/**
 * The key of a row in a table of the application's own, in the same database. The field's name ends in `Id`. Where the database
 * checks it, a row that does not exist is refused (`reference_not_found`), and a row that is referred to cannot be deleted. It is no
 * relation: queries neither include nor filter by what it refers to. Tables of the application know no tenants: every tenant may refer
 * to every row.
 */
export function appReference<const K extends "integer" | "text">(
  target: AppTarget & { readonly kind: K },
): FieldBuilder<K, K extends "integer" ? number : string, "required", "anyone"> {
  const { kind, table, column } = target;
  return builder({
    ...base(kind),
    ...(kind === "text" ? { minLength: 1 } : {}),
    indexed: true,
    app: { table, column },
  });
}

function base(kind: FieldKind): FieldDefinition {
  return { kind, presence: "required", written: "anyone", unique: false, indexed: false };
}

/** One implementation behind all builder types: what a type does not list is not reachable through it. */
function builder<B>(definition: FieldDefinition): B {
  const change = (part: Partial<FieldDefinition>) => builder({ ...definition, ...part });
  return Object.freeze({
    definition: Object.freeze(definition),
    kind: definition.kind,
    presence: definition.presence,
    writer: definition.written,
    to: definition.to,
    inverse: definition.inverse,
    optional: () => change({ presence: "optional" }),
    default: (value: unknown) => change({ presence: "defaulted", default: value }),
    assigned: () => change({ presence: "defaulted" }),
    unique: () => change({ unique: true }),
    indexed: () => change({ indexed: true }),
    written: (by: Written) => change({ written: by }),
  }) as B;
}
