import { describe, expect, it } from "vitest";
import * as z from "zod";
import { inputIssues, invalidInput } from "./input-issues.ts";

const schema = z.strictObject({
  name: z.string(),
  kind: z.enum(["a", "b"]),
  count: z.custom<number>().check((check) => {
    if (typeof check.value !== "number")
      check.issues.push({
        code: "custom",
        input: check.value,
        message: "must be a number",
        params: { code: "invalid_type" },
      });
  }),
  amount: z.strictObject({ amount: z.string(), currency: z.string() }).optional(),
});

function issuesOf(input: unknown, index?: number) {
  const parsed = schema.safeParse(input);
  return inputIssues(parsed.error?.issues ?? [], input, index);
}

describe("issues of an input", () => {
  it("name what is missing, of whatever kind it is", () => {
    expect(issuesOf({})).toEqual([
      { field: "name", code: "missing_field", message: "is required" },
      { field: "kind", code: "missing_field", message: "is required" },
      { field: "count", code: "missing_field", message: "is required" },
    ]);
  });

  it("tell a wrong type from what is missing", () => {
    expect(issuesOf({ name: null, kind: null, count: null })).toEqual([
      { field: "name", code: "invalid_type", message: "must be a string" },
      { field: "kind", code: "not_allowed", message: 'must be one of "a", "b"' },
      { field: "count", code: "invalid_type", message: "must be a number" },
    ]);
  });

  it("name each field that does not exist", () => {
    expect(issuesOf({ name: "x", kind: "a", count: 1, nmae: 1, knid: 2 })).toEqual([
      { field: "nmae", code: "unknown_field", message: "is not a field that can be written here" },
      { field: "knid", code: "unknown_field", message: "is not a field that can be written here" },
    ]);
  });

  it("name the member of a value by its path", () => {
    expect(issuesOf({ name: "x", kind: "a", count: 1, amount: { amount: 5, rate: 1 } })).toEqual([
      { field: "amount.amount", code: "invalid_type", message: "must be a string" },
      { field: "amount.currency", code: "missing_field", message: "is required" },
      { field: "amount.rate", code: "unknown_field", message: "is not a field that can be written here" },
    ]);
  });

  it.each([undefined, null, 5, "x", [[]]])("of %j are about the input itself", (input) => {
    expect(issuesOf(input)).toEqual([{ field: "", code: "invalid_type", message: "must be an object" }]);
  });

  it("carry the input's place in a list", () => {
    expect(issuesOf({ name: "x", kind: "a" }, 7)).toEqual([
      { field: "count", code: "missing_field", message: "is required", index: 7 },
    ]);
  });
});

describe("invalidInput", () => {
  const issue = { field: "name", code: "missing_field", message: "is required" };

  it("says what is wrong, and carries it", () => {
    const error = invalidInput("account", [issue]);
    expect(error.message).toBe("account.name is required.");
    expect(error).toMatchObject({
      code: "invalid_input",
      retryable: false,
      details: { entity: "account", field: "name", issues: [issue] },
    });
    expect("index" in error.details).toBe(false);
  });

  it("names the input's place in a list, and how much more there is", () => {
    const error = invalidInput("account", [{ ...issue, index: 3 }, issue, issue]);
    expect(error.message).toBe("account (input 3).name is required. And 2 more: see details.issues.");
    expect(error.details.index).toBe(3);
  });

  it("has no dot where the problem is the input itself", () => {
    expect(invalidInput("account", [{ field: "", code: "invalid_type", message: "must be an object" }]).message).toBe(
      "account must be an object.",
    );
  });

  it("lists at most 50 issues", () => {
    expect(invalidInput("account", new Array(80).fill(issue)).details.issues).toHaveLength(50);
  });
});
