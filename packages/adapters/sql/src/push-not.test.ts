import { always, type Predicate } from "@relata/core/adapter";
import { describe, expect, it } from "vitest";
import { pushNot } from "./push-not.ts";

const open: Predicate = { kind: "compare", column: "status", operator: "eq", value: 0 };
const dated: Predicate = { kind: "null", column: "date" };
const leaf = (of: Predicate, negated: boolean) => ({ kind: "leaf", leaf: of, negated });
const not = (of: Predicate): Predicate => ({ kind: "not", of });
const join = { table: "deals", local: "id", foreign: "account_id" };
const related = (quantifier: "some" | "none" | "every"): Predicate => ({
  kind: "relation",
  quantifier,
  where: open,
  ...join,
});
const exists = (negated: boolean, where: unknown) => ({ kind: "exists", negated, join, where });

describe("pushNot", () => {
  it("leaves a predicate without negations as it is", () => {
    expect(pushNot({ kind: "and", of: [open, dated] })).toEqual({
      kind: "and",
      of: [leaf(open, false), leaf(dated, false)],
    });
  });

  it("turns the negation of a conjunction into the disjunction of negations", () => {
    expect(pushNot(not({ kind: "and", of: [open, dated] }))).toEqual({
      kind: "or",
      of: [leaf(open, true), leaf(dated, true)],
    });
  });

  it("turns the negation of a disjunction into the conjunction of negations", () => {
    expect(pushNot(not({ kind: "or", of: [open, not(dated)] }))).toEqual({
      kind: "and",
      of: [leaf(open, true), leaf(dated, false)],
    });
  });

  it("takes two negations away", () => {
    expect(pushNot(not(not(open)))).toEqual(leaf(open, false));
  });

  it("makes nothing of the negation of everything", () => {
    expect(pushNot(not(always))).toEqual({ kind: "or", of: [] });
  });

  it("says every as: there is none that does not", () => {
    expect(pushNot(related("every"))).toEqual(exists(true, leaf(open, true)));
    expect(pushNot(not(related("every")))).toEqual(exists(false, leaf(open, true)));
  });

  it("swaps some and none under a negation, and leaves their conditions alone", () => {
    expect(pushNot(related("some"))).toEqual(exists(false, leaf(open, false)));
    expect(pushNot(not(related("some")))).toEqual(exists(true, leaf(open, false)));
    expect(pushNot(related("none"))).toEqual(exists(true, leaf(open, false)));
    expect(pushNot(not(related("none")))).toEqual(exists(false, leaf(open, false)));
  });
});
