import { describe, expect, it } from "vitest";
import { CrmError } from "./errors.ts";

describe("CrmError", () => {
  it("carries its code, its facts and what lies beneath", () => {
    const cause = new Error("disk");
    const error = new CrmError("storage_full", "The disk is full.", {
      details: { entity: "account" },
      retryable: true,
      cause,
    });
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe("CrmError");
    expect(error.message).toBe("The disk is full.");
    expect(error.code).toBe("storage_full");
    expect(error.details).toEqual({ entity: "account" });
    expect(error.retryable).toBe(true);
    expect(error.cause).toBe(cause);
  });

  it("has no facts, no cause, and is not worth a second try, unless said", () => {
    const error = new CrmError("not_found", "There is none.");
    expect(error.details).toEqual({});
    expect(error.retryable).toBe(false);
    expect("cause" in error).toBe(false);
  });

  it("is known by its code", () => {
    const error = new CrmError("not_found", "There is none.");
    expect(CrmError.is(error)).toBe(true);
    expect(CrmError.is(error, "not_found")).toBe(true);
    expect(CrmError.is(error, "invalid_input")).toBe(false);
  });

  it.each([undefined, null, 5, "not_found", {}, { code: "not_found" }, new Error("not_found")])(
    "is not %o",
    (value) => {
      expect(CrmError.is(value)).toBe(false);
    },
  );

  it("is known across copies of this package", async () => {
    const copy = (await import("./errors.ts?another-copy" as string)) as typeof import("./errors.ts");
    expect(copy.CrmError).not.toBe(CrmError);
    const error = new copy.CrmError("not_found", "There is none.");
    expect(error).not.toBeInstanceOf(CrmError);
    expect(CrmError.is(error, "not_found")).toBe(true);
    expect(copy.CrmError.is(new CrmError("not_found", "There is none."))).toBe(true);
  });

  it("shows no marker when it is logged or turned into JSON", () => {
    expect(Object.keys(new CrmError("not_found", "x")).sort()).toEqual(["code", "details", "name", "retryable"]);
  });

  it("keeps codes of plugins", () => {
    expect(CrmError.is(new CrmError("quota_missing", "x"), "quota_missing")).toBe(true);
  });
});
