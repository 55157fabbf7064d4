/** Attributes that a tenant defines: of relationships by their type, of parties by their kind. */
import { type InputIssue, isDate } from "@relata/core/plugin";
import type { AttributeDefinition } from "./type-schemas.ts";

export type AttributeValue = string | number | boolean;
export type AttributeValues = { readonly [key: string]: AttributeValue };

const DECIMAL = /^-?\d{1,18}(\.\d{1,18})?$/;

/** What is wrong with values, by the definitions; nothing, where the list is empty. Fields are named "attributes.share". */
export function attributeIssues(
  definitions: readonly AttributeDefinition[],
  values: AttributeValues,
): readonly InputIssue[] {
  const issues: InputIssue[] = [];
  const known = new Map(definitions.map((definition) => [definition.key, definition]));
  for (const [key, value] of Object.entries(values)) {
    const definition = known.get(key);
    const field = `attributes.${key}`;
    if (definition === undefined) {
      const keys = [...known.keys()].join(", ") || "none";
      issues.push({ field, code: "unknown_field", message: `is not an attribute here: there are ${keys}` });
    } else if (!isOfKind(definition, value))
      issues.push({ field, code: "invalid_value", message: `must be ${wordsFor(definition)}` });
  }
  for (const { key, required = false } of definitions)
    if (required && !Object.hasOwn(values, key))
      issues.push({ field: `attributes.${key}`, code: "missing_field", message: "is required" });
  return issues;
}

function isOfKind({ kind, values }: AttributeDefinition, value: unknown): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "decimal":
      return typeof value === "string" && DECIMAL.test(value);
    case "date":
      return typeof value === "string" && isDate(value);
    case "boolean":
      return typeof value === "boolean";
    case "one_of":
      return typeof value === "string" && (values ?? []).includes(value);
    default:
      return kind satisfies never;
  }
}

function wordsFor({ kind, values = [] }: AttributeDefinition): string {
  switch (kind) {
    case "text":
      return "a text";
    case "number":
      return "a number";
    case "decimal":
      return 'a decimal as a text ("33.33")';
    case "date":
      return "a day that exists, as YYYY-MM-DD";
    case "boolean":
      return "true or false";
    case "one_of":
      return `one of ${values.map((value) => JSON.stringify(value)).join(", ")}`;
    default:
      return kind satisfies never;
  }
}
