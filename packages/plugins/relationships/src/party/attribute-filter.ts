/** Conditions on the attributes of a kind of party. */
import { type InputIssue, invalidInput } from "@relata/core/plugin";
import type { PartyKindRecord } from "../parts.ts";
import { type AttributeValue, attributeCheck } from "../type/attributes.ts";
import type { AttributeDefinition } from "../type/type-schemas.ts";
import { MOST_ORDERED, orderedText } from "./ordered-text.ts";

/** All that are given must hold; an account without the attribute satisfies none of them. */
export interface AttributeRange {
  readonly in?: readonly AttributeValue[] | undefined;
  readonly gt?: AttributeValue | undefined;
  readonly gte?: AttributeValue | undefined;
  readonly lt?: AttributeValue | undefined;
  readonly lte?: AttributeValue | undefined;
}

/** By attribute: a value, null for those that have none, or a range. Numbers, decimals and days are in their order, texts in that of code points. */
export interface AttributeFilter {
  readonly [key: string]: AttributeValue | null | AttributeRange;
}

const operators = ["in", "gt", "gte", "lt", "lte"] as const;

/** As conditions on profiles. @throws `invalid_input`, naming each attribute that the kind does not have, and each value that is not of its type */
export function attributeConditions({ attributes }: Pick<PartyKindRecord, "attributes">, filter: AttributeFilter) {
  const known = new Map(attributes.map((definition) => [definition.key, definition]));
  const issues: InputIssue[] = [];
  const conditions = Object.entries(filter).map(([key, asked]) => {
    const definition = known.get(key);
    if (!definition) {
      issues.push(...attributeCheck(attributes.map(optional))({ [key]: "" }));
      return {};
    }
    if (asked === null) return { values: { none: { key } } };
    const range = typeof asked === "object" ? asked : { in: [asked] };
    issues.push(...rangeIssues(definition, range));
    const text = (value: AttributeValue) => orderedText(definition.kind, value);
    const ordered = Object.fromEntries(
      Object.entries(range).flatMap(([operator, value]) => {
        if (value === undefined) return [];
        return [[operator, Array.isArray(value) ? value.map(text) : text(value as AttributeValue)]];
      }),
    );
    return { values: { some: { key, ordered } } };
  });
  if (issues.length > 0) throw invalidInput("partyProfile", issues);
  return conditions;
}

function rangeIssues(definition: AttributeDefinition, range: AttributeRange): readonly InputIssue[] {
  const field = `attributes.${definition.key}`;
  const wrong = (message: string) => [{ field, code: "invalid_value", message }];
  const given = Object.entries(range).filter(([, value]) => value !== undefined);
  if (given.length === 0) return wrong(`needs a value, null, or ${operators.join(", ")}`);
  return given.flatMap(([operator, asked]): readonly InputIssue[] => {
    if (!operators.some((each) => each === operator))
      return wrong(`has no "${operator}": there are ${operators.join(", ")}`);
    if ((operator === "in") !== Array.isArray(asked))
      return wrong(operator === "in" ? "needs a list for in" : `needs one value for ${operator}`);
    return [asked].flat().flatMap((value: AttributeValue) => {
      if (typeof value === "string" && [...value].length > MOST_ORDERED)
        return wrong(`can be asked for by ${MOST_ORDERED} characters at most`);
      return attributeCheck([optional(definition)])({ [definition.key]: value });
    });
  });
}

function optional(definition: AttributeDefinition): AttributeDefinition {
  return { ...definition, required: false };
}
