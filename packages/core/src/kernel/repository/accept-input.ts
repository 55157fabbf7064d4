/** Checks what callers and hooks give, against the fields that they may write. */
import type { InputIssue } from "../../errors.ts";
import type { EntitySchema, FieldSchema } from "../entity/entity-schema.ts";
import { inputIssues, invalidInput } from "../entity/input-issues.ts";
import type { Scope } from "../kernel.ts";
import { isPlainObject } from "../value/plain-object.ts";

type Values = Record<string, unknown>;

/** What the input is for, and the plugin whose code gives it, if any: that decides which fields it may have. */
interface Acceptance {
  readonly entity: EntitySchema;
  readonly purpose: "newRecord" | "change";
  readonly plugin: string | undefined;
}

/** @throws `invalid_input`, telling all that is wrong. */
export function acceptInput(at: Acceptance, input: unknown): Values {
  return acceptAll(at, [input], false)[0]!;
}

/** All inputs at once, so that one error tells all that is wrong, by the inputs' `index`. */
export function acceptInputs(at: Acceptance, inputs: readonly unknown[]): Values[] {
  return acceptAll(at, inputs, true);
}

function acceptAll({ entity, purpose, plugin }: Acceptance, inputs: readonly unknown[], numbered: boolean): Values[] {
  const schema = entity[purpose].for(plugin);
  const issues: InputIssue[] = [];
  const accepted = inputs.map((input, index): Values => {
    if (!isPlainObject(input)) {
      issues.push({
        field: "",
        code: "invalid_type",
        message: "must be a plain object",
        ...(numbered ? { index } : {}),
      });
      return {};
    }
    const parsed = schema.safeParse(input);
    if (parsed.success) return withoutUndefined(parsed.data as Values);
    issues.push(
      ...inputIssues(parsed.error.issues, input, numbered ? index : undefined).map((issue) =>
        explainUnwritable(entity, issue),
      ),
    );
    return {};
  });
  if (issues.length > 0) throw invalidInput(entity.name, issues);
  return accepted;
}

export function listOf({ entity }: Scope, inputs: unknown): readonly unknown[] {
  if (!Array.isArray(inputs))
    throw invalidInput(entity.name, [{ field: "", code: "invalid_type", message: "must be a list of inputs" }]);
  // A copy has no holes.
  return Array.from(inputs);
}

/** `undefined` means: not given. */
function withoutUndefined(values: Values): Values {
  for (const key of Object.keys(values)) if (values[key] === undefined) delete values[key];
  return values;
}

/** A field that exists, but not for this caller. */
export function explainUnwritable(entity: EntitySchema, issue: InputIssue): InputIssue {
  const field = issue.code === "unknown_field" ? entity.fields.get(issue.field) : undefined;
  if (!field) return issue.code === "unknown_field" ? { ...issue, message: `is not a field of ${entity.name}` } : issue;
  return { ...issue, code: "read_only_field", message: unwritable(entity, field) };
}

function unwritable(entity: EntitySchema, { plugin, definition }: FieldSchema): string {
  if (plugin === undefined) return "is written by the SDK";
  switch (definition.written) {
    case "once":
      return "is written once, at creation";
    case "derived":
      return "follows from other fields";
    default:
      return `is written by the operations of ${entity.name} only`;
  }
}
