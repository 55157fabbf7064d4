import { describe, expect, it } from "vitest";
import * as z from "zod";
import { boolean, date, decimal, id, instant, integer, json, money, oneOf, reference, text } from "./fields.ts";

describe("fields", () => {
  it("are required, writable by anyone, not unique and not indexed, unless said", () => {
    for (const field of [
      text(),
      integer(),
      decimal(),
      money(),
      date(),
      instant(),
      boolean(),
      oneOf("a"),
      json(z.json()),
      id(),
    ]) {
      expect(field.definition).toMatchObject({
        presence: "required",
        written: "anyone",
        unique: false,
        indexed: false,
      });
    }
  });

  it("say what they are", () => {
    expect(text().definition).toMatchObject({ kind: "text", maxLength: 10_000 });
    expect(text({ fold: true, maxLength: 5 }).definition).toMatchObject({ kind: "foldedText", maxLength: 5 });
    expect(text({ fold: true }).definition).not.toHaveProperty("fold");
    expect(text({ fold: "phone" }).definition).toMatchObject({ kind: "foldedText", fold: "phone" });
    expect(decimal().definition).toMatchObject({ kind: "decimal", scale: 6 });
    expect(decimal({ scale: 2, min: 0 }).definition).toMatchObject({ scale: 2, min: 0 });
    expect(oneOf("a", "b").definition).toMatchObject({ kind: "oneOf", values: ["a", "b"] });
  });

  it("are not changed by their builder's methods", () => {
    const plain = text();
    const changed = plain.optional().unique().indexed().written("once");
    expect(plain.definition).toMatchObject({ presence: "required", written: "anyone", unique: false, indexed: false });
    expect(changed.definition).toMatchObject({ presence: "optional", written: "once", unique: true, indexed: true });
    expect(Object.isFrozen(plain) && Object.isFrozen(plain.definition)).toBe(true);
  });

  it("with a default or an assignment need not be given", () => {
    expect(integer().default(3).definition).toMatchObject({ presence: "defaulted", default: 3 });
    expect(integer().assigned().definition).toMatchObject({ presence: "defaulted" });
    expect(integer().assigned().definition.default).toBeUndefined();
  });

  it("that refer are indexed, refuse deletion and name no inverse, unless said", () => {
    expect(reference("account").definition).toMatchObject({
      kind: "reference",
      to: "account",
      inverse: "",
      onDelete: "refuse",
      indexed: true,
    });
    expect(reference("account", { inverse: "visits", onDelete: "cascade", tree: true }).definition).toMatchObject({
      inverse: "visits",
      onDelete: "cascade",
      tree: true,
    });
  });
});
