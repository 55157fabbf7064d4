import { describe, expect, it } from "vitest";
import { CrmError } from "../../errors.ts";
import type { Params } from "./compilation.ts";
import { compileWhere } from "./compile-where.ts";
import { schema, visits } from "./visits-fixture.ts";

function compiled(where: unknown) {
  const params: Params = [];
  return { where: compileWhere({ schema, entity: visits, params }, where), params };
}

function refusal(where: unknown): string {
  try {
    compiled(where);
  } catch (error) {
    if (CrmError.is(error, "invalid_query")) return error.message;
    throw error;
  }
  throw new Error("The condition was compiled.");
}

const compare = (column: string, operator: string, value: number) => ({ kind: "compare", column, operator, value });
const isNull = (column: string) => ({ kind: "null", column });
const not = (of: object) => ({ kind: "not", of });
const and = (...of: object[]) => ({ kind: "and", of });
const never = { kind: "or", of: [] };

describe("a condition", () => {
  it.each<[unknown, object, unknown[]]>([
    [undefined, and(), []],
    [{}, and(), []],
    [{ note: "a" }, compare("note", "eq", 0), ["a"]],
    [{ note: "e\u0301" }, compare("note", "eq", 0), ["é"]],
    [
      { note: "a", score: { gt: 1, lte: 5 } },
      and(compare("note", "eq", 0), and(compare("score", "gt", 1), compare("score", "lte", 2))),
      ["a", 1, 5],
    ],
    [{ score: { ne: 1 } }, compare("score", "ne", 0), [1]],
    [{ title: null }, isNull("title"), []],
    [{ title: { eq: null } }, isNull("title"), []],
    [{ title: { ne: null } }, not(isNull("title")), []],
    [{ note: null }, never, []],
    [{ note: { ne: null } }, not(never), []],
    [{ note: { in: ["a", "b"] } }, { kind: "in", column: "note", values: 0 }, [["a", "b"]]],
    [{ note: { notIn: [] } }, not({ kind: "in", column: "note", values: 0 }), [[]]],
    [{ note: { contains: "50%_\\" } }, { kind: "text", column: "note", operator: "contains", value: 0 }, ["50%_\\"]],
    [
      { title: { startsWith: "ÉCO", fold: true } },
      { kind: "text", column: "title_folded", operator: "startsWith", value: 0 },
      ["eco"],
    ],
    [{ title: { eq: "Straße", fold: true } }, compare("title_folded", "eq", 0), ["strasse"]],
    [{ title: { in: ["É"], fold: false } }, { kind: "in", column: "title", values: 0 }, [["É"]]],
    [{ ratio: { gte: "0.5" } }, compare("ratio", "gte", 0), [50n]],
    [
      { day: { between: ["2026-01-01", "2026-12-31"] } },
      { kind: "between", column: "day", low: 0, high: 1 },
      ["2026-01-01", "2026-12-31"],
    ],
    [{ at: new Date(5) }, compare("at", "eq", 0), [5]],
    [{ at: { lt: new Date(5) } }, compare("at", "lt", 0), [5]],
    [{ done: false }, compare("done", "eq", 0), [false]],
    [{ kind: { ne: "call" } }, compare("kind", "ne", 0), ["call"]],
    [{ extra: { isNull: true } }, isNull("extra"), []],
    [{ extra: { isNull: false } }, not(isNull("extra")), []],
    [{ not: { note: "a" } }, not(compare("note", "eq", 0)), ["a"]],
    [{ or: [] }, never, []],
    [
      { or: [{ note: "a" }, { score: 1 }] },
      { kind: "or", of: [compare("note", "eq", 0), compare("score", "eq", 1)] },
      ["a", 1],
    ],
    [{ and: [{ note: "a" }] }, and(compare("note", "eq", 0)), ["a"]],
  ])("%j", (where, predicate, params) => {
    expect(compiled(where)).toEqual({ where: predicate, params });
  });

  it("on money holds in its currency only, and its complement in all others", () => {
    const cost = { amount: "1.5", currency: "EUR" };
    expect(compiled({ cost })).toEqual({
      where: and(compare("cost_currency", "eq", 0), compare("cost", "eq", 1)),
      params: ["EUR", 150n],
    });
    expect(compiled({ cost: { ne: cost } }).where).toEqual(
      not(and(compare("cost_currency", "eq", 0), compare("cost", "eq", 1))),
    );
    expect(compiled({ cost: { between: [cost, { amount: "2", currency: "EUR" }] } })).toEqual({
      where: and(compare("cost_currency", "eq", 0), { kind: "between", column: "cost", low: 1, high: 2 }),
      params: ["EUR", 150n, 200n],
    });
    const among = [cost, { amount: "2", currency: "JPY" }, { amount: "3", currency: "EUR" }];
    expect(compiled({ cost: { in: among } })).toEqual({
      where: {
        kind: "or",
        of: [
          and(compare("cost_currency", "eq", 0), { kind: "in", column: "cost", values: 1 }),
          and(compare("cost_currency", "eq", 2), { kind: "in", column: "cost", values: 3 }),
        ],
      },
      params: ["EUR", [150n, 300n], "JPY", [2n]],
    });
  });

  it("through relations ranges over the related rows, to any depth", () => {
    const join = { table: "account", local: "account_id", foreign: "id" };
    expect(compiled({ account: { name: "Acme", children: { none: {} } } })).toEqual({
      where: {
        kind: "relation",
        quantifier: "some",
        ...join,
        where: and(compare("name", "eq", 0), {
          kind: "relation",
          quantifier: "none",
          table: "account",
          local: "id",
          foreign: "parent_id",
          where: and(),
        }),
      },
      params: ["Acme"],
    });
    expect(compiled({ account: null }).where).toEqual(isNull("account_id"));
  });
});

describe("what is refused as invalid_query", () => {
  const nested = (levels: number): object => (levels === 0 ? { note: "a" } : { not: nested(levels - 1) });

  it.each<[unknown, string]>([
    [5, "visit.where must be an object of conditions."],
    [[], "visit.where must be an object of conditions."],
    [{ nmae: "x" }, "visit.nmae is neither a field nor a relation."],
    [{ "note; drop table visit": "x" }, "visit.note; drop table visit is neither a field nor a relation."],
    [{ constructor: "x" }, "visit.constructor is neither a field nor a relation."],
    [{ note: undefined }, "visit.note is undefined: leave it out, or compare with null."],
    [{ note: { like: "x" } }, 'visit.note has no operator "like".'],
    [{ done: { gt: true } }, 'visit.done has no operator "gt".'],
    [{ accountId: { startsWith: "0" } }, 'visit.accountId has no operator "startsWith".'],
    [{ score: { contains: "1" } }, 'visit.score has no operator "contains".'],
    [{ note: { eq: undefined } }, "visit.note.eq is undefined: leave it out."],
    [{ note: { gt: null } }, "visit.note.gt must not be null."],
    [{ note: { in: "a" } }, "visit.note.in must be a list."],
    [{ day: { between: ["2026-01-01"] } }, "visit.day.between must be a list of two: from and to."],
    [{ day: "2026-02-30" }, "visit.day.eq is not a day that exists, as YYYY-MM-DD."],
    [{ score: Number.NaN }, "visit.score.eq must not be NaN."],
    [{ accountId: "x" }, "visit.accountId.eq is not a UUID in lower case."],
    [
      {
        cost: {
          between: [
            { amount: "1", currency: "EUR" },
            { amount: "2", currency: "USD" },
          ],
        },
      },
      "visit.cost.between must have both ends in one currency.",
    ],
    [{ extra: { a: 1 } }, 'visit.extra has no operator "a".'],
    [{ note: { contains: 5 } }, "visit.note.contains must be a text."],
    [{ or: { note: "a" } }, "visit.or must be a list of conditions."],
  ])("%j", (where, message) => {
    expect(refusal(where)).toBe(message);
  });

  it("a folded comparison of text that is not declared so", () => {
    expect(refusal({ note: { eq: "a", fold: true } })).toContain("text({ fold: true })");
  });

  it("null and undefined in a list", () => {
    expect(refusal({ note: { in: ["a", null] } })).toContain("visit.note.in");
    expect(refusal({ note: { in: [undefined] } })).toContain("visit.note.in");
  });

  it("a to-many relation without a quantifier", () => {
    expect(() =>
      compileWhere({ schema, entity: schema.entities.get("account")!, params: [] }, { visits: { note: "a" } }),
    ).toThrow('account.visits has no "note": use some, none or every.');
  });

  it("conditions more than 32 levels deep", () => {
    expect(compiled(nested(32)).params).toEqual(["a"]);
    expect(refusal(nested(33))).toBe("visit.where is nested more than 32 levels deep.");
  });
});
