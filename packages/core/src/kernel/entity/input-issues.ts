/** Turns what zod reports into the SDK's own words and codes. */
import type * as z from "zod";
import { CrmError, type InputIssue } from "../../errors.ts";

/** At most so many problems are listed in one error. */
const LISTED = 50;

/** The issues of one parse of `input`. `index` is its place in a list, for writes of many records. */
export function inputIssues(issues: readonly z.core.$ZodIssue[], input: unknown, index?: number): InputIssue[] {
  const place = index === undefined ? {} : { index };
  return issues.flatMap((issue): InputIssue[] => {
    if (issue.code === "unrecognized_keys") {
      const inside = issue.path.map(String);
      return issue.keys.map((key) => ({
        field: [...inside, key].join("."),
        code: "unknown_field",
        message: "is not a field that can be written here",
        ...place,
      }));
    }
    return [{ field: issue.path.map(String).join("."), ...describe(issue, input), ...place }];
  });
}

function describe(issue: z.core.$ZodIssue, input: unknown): { code: string; message: string } {
  if (issue.path.length > 0 && valueAt(input, issue.path) === undefined)
    return { code: "missing_field", message: "is required" };
  switch (issue.code) {
    case "custom":
      return { code: String(issue.params?.code ?? "invalid_value"), message: issue.message };
    case "invalid_type":
      return { code: "invalid_type", message: `must be ${article(issue.expected)}` };
    case "invalid_value":
      return {
        code: "not_allowed",
        message: `must be one of ${issue.values.map((value) => JSON.stringify(value)).join(", ")}`,
      };
    default:
      return { code: "invalid_value", message: issue.message };
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], input);
}

function article(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}

/** The error for inputs that break the rules of their entity's fields. */
export function invalidInput(entity: string, issues: readonly InputIssue[]): CrmError {
  const first = issues[0]!;
  const where = first.index === undefined ? entity : `${entity} (input ${first.index})`;
  const more = issues.length > 1 ? ` And ${issues.length - 1} more: see details.issues.` : "";
  const field = first.field === "" ? "" : `.${first.field}`;
  return new CrmError("invalid_input", `${where}${field} ${first.message}.${more}`, {
    details: {
      entity,
      field: first.field,
      ...(first.index === undefined ? {} : { index: first.index }),
      issues: issues.slice(0, LISTED),
    },
  });
}
