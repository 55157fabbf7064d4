/** The parts of a type that are kept as JSON. */
import * as z from "zod";
import { once } from "../once.ts";

/** An attribute that relationships of a type, or profiles of a kind of party, have. */
export interface AttributeDefinition {
  readonly key: string;
  readonly kind: "text" | "number" | "decimal" | "date" | "boolean" | "one_of";
  readonly name?: string | undefined;
  readonly required?: boolean | undefined;
  /** Of `one_of`. */
  readonly values?: readonly string[] | undefined;
}

export interface Limit {
  /** Of whom there are at most so many: one thing at this end. "from" and 1 for employment: an employee has one employer. */
  readonly end: "from" | "to";
  readonly most: number;
  /** Only those that are primary count. */
  readonly primary?: boolean | undefined;
}

export interface Variant {
  readonly end: "from" | "to";
  readonly gender?: string | undefined;
  /** An IETF language tag: "pt". */
  readonly language?: string | undefined;
  readonly name?: string | undefined;
  readonly role?: string | undefined;
}

const key = () => z.string().min(1).max(100);
const end = () => z.enum(["from", "to"]);

export const entitiesSchema = once(() => z.array(z.string().min(1)).min(1));

export const attributesSchema = once(() =>
  z
    .array(
      z
        .strictObject({
          key: key().refine((text) => text !== "__proto__", { message: "is no key that an attribute can have" }),
          kind: z.enum(["text", "number", "decimal", "date", "boolean", "one_of"]),
          name: z.string().optional(),
          required: z.boolean().optional(),
          values: z.array(z.string().min(1)).min(1).optional(),
        })
        .refine(({ kind, values }) => (kind === "one_of") === (values !== undefined), {
          message: "has values if, and only if, it is one_of them",
        }),
    )
    .refine((attributes) => new Set(attributes.map((each) => each.key)).size === attributes.length, {
      message: "has two of one key",
    }),
);

export const limitsSchema = once(() =>
  z.array(z.strictObject({ end: end(), most: z.int().min(1), primary: z.boolean().optional() })),
);

export const variantsSchema = once(() =>
  z.array(
    z.strictObject({
      end: end(),
      gender: z.string().min(1).optional(),
      language: z.string().min(1).optional(),
      name: z.string().min(1).optional(),
      role: z.string().min(1).optional(),
    }),
  ),
);
