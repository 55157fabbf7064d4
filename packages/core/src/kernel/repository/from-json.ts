/** From parsed JSON back to records and inputs. Only points in time need it: every other value is the same in JSON. */
import * as z from "zod";
import type { InputIssue } from "../../errors.ts";
import type { EntitySchema } from "../entity/entity-schema.ts";
import { inputIssues, invalidInput } from "../entity/input-issues.ts";
import type { Scope } from "../kernel.ts";
import { oncePer } from "../once-per.ts";
import { isDate } from "../value/calendar.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { acceptInput } from "./accept-input.ts";
import { invalidQuery } from "./compilation.ts";

type Values = Record<string, unknown>;

/** @throws `invalid_input`, telling all that is wrong. */
export function fromJson({ entity, binding }: Scope, json: unknown, purpose: unknown): object {
  if (!isPlainObject(json))
    throw invalidInput(entity.name, [{ field: "", code: "invalid_type", message: "must be a JSON object, parsed" }]);
  const values = withInstants(entity, json);
  switch (purpose) {
    case undefined:
      return acceptRecord(entity, values);
    case "create":
      return acceptInput({ entity, purpose: "newRecord", plugin: binding.plugin }, values);
    case "update":
      return acceptInput({ entity, purpose: "change", plugin: binding.plugin }, values);
    default:
      throw invalidQuery(entity.name, "fromJson", 'is for "create" or "update", or, without a purpose, for a record');
  }
}

/** As `Date.prototype.toISOString` writes it; the fraction may be shorter, and an offset may stand for Z. */
const INSTANT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,3})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

function withInstants(entity: EntitySchema, json: Values): Values {
  const issues: InputIssue[] = [];
  const values: Values = { ...json };
  for (const [name, { definition }] of entity.fields) {
    const value = Object.hasOwn(json, name) ? json[name] : undefined;
    if (definition.kind !== "instant" || value === undefined || value === null || value instanceof Date) continue;
    const [, day] = (typeof value === "string" && INSTANT.exec(value)) || [];
    if (day !== undefined && isDate(day)) values[name] = new Date(value as string);
    else {
      const message = 'must be a point in time with its offset, such as "2026-06-15T10:00:00.000Z"';
      issues.push({ field: name, code: "invalid_instant", message });
    }
  }
  if (issues.length > 0) throw invalidInput(entity.name, issues);
  return values;
}

const recordSchemaOf = oncePer((entity: EntitySchema): z.ZodType => {
  const shape = [...entity.fields.values()].map(({ name, codec, definition }): [string, z.ZodType] => [
    name,
    definition.presence === "optional" ? codec.accepts.nullable() : codec.accepts,
  ]);
  return z.strictObject(Object.fromEntries(shape));
});

function acceptRecord(entity: EntitySchema, values: Values): object {
  const parsed = recordSchemaOf(entity).safeParse(values);
  if (parsed.success) return parsed.data as object;
  const issues = inputIssues(parsed.error.issues, values).map((issue) => explainRelation(entity, issue));
  throw invalidInput(entity.name, issues);
}

/** Records that were included are records of their own. */
function explainRelation(entity: EntitySchema, issue: InputIssue): InputIssue {
  if (issue.code !== "unknown_field") return issue;
  const relation = entity.relations.get(issue.field);
  const message = relation
    ? `is a relation: take it out, and give it to fromJson of ${relation.target} by itself`
    : `is not a field of ${entity.name}`;
  return { ...issue, message };
}
