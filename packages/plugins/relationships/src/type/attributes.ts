/** Attributes that a tenant defines: of relationships by their type, of parties by their kind. */
import { type InputIssue, isDate } from "@relata/core/plugin";
import type { AttributeDefinition } from "./type-schemas.ts";

export type AttributeValue = string | number | boolean;
export type AttributeValues = { readonly [key: string]: AttributeValue };

const DECIMAL = /^-?\d{1,18}(\.\d{1,18})?$/;

/** What is wrong with values; nothing, where the list is empty. Fields are named "attributes.share". */
export type AttributeCheck = (values: AttributeValues) => readonly InputIssue[];

/** By the definitions, for any number of values: what each costs grows with the values and the required attributes, not with all that there are. */
export function attributeCheck(definitions: readonly AttributeDefinition[]): AttributeCheck {
  const known = new Map(definitions.map((definition) => [definition.key, definition]));
  const required = definitions.filter((definition) => definition.required);
  return (values) => {
    const issues: InputIssue[] = [];
    for (const [key, value] of Object.entries(values)) {
      const definition = known.get(key);
      const field = `attributes.${key}`;
      if (definition === undefined) {
        const message = `is not an attribute here: there are ${someOf([...known.keys()])}`;
        issues.push({ field, code: "unknown_field", message });
      } else if (!isOfKind(definition, value))
        issues.push({ field, code: "invalid_value", message: `must be ${wordsFor(definition)}` });
    }
    for (const { key } of required)
      if (!Object.hasOwn(values, key))
        issues.push({ field: `attributes.${key}`, code: "missing_field", message: "is required" });
    return issues;
  };
}

const MOST_NAMED = 20;

/** For a message: some may have very many. */
function someOf(names: readonly string[]): string {
  if (names.length === 0) return "none";
  return [...names.slice(0, MOST_NAMED), ...(names.length > MOST_NAMED ? ["…"] : [])].join(", ");
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
      return `one of ${someOf(values.map((value) => JSON.stringify(value)))}`;
    default:
      return kind satisfies never;
  }
}
