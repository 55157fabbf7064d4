import { describe, expect, it } from "vitest";
import type { Scope } from "../kernel.ts";
import type { Params } from "./compilation.ts";
import type { FindRequest } from "./compile-find.ts";
import { queryOf, shapeOf } from "./find-shape.ts";
import { createInterner } from "./intern.ts";
import { accounts, schema, visits } from "./visits-fixture.ts";

/** Of one CRM. */
function scopes() {
  const kernel = { schema, queries: createInterner() };
  const of = (entity: unknown) => ({ kernel, entity }) as unknown as Scope;
  return { ofVisits: of(visits), ofAccounts: of(accounts) };
}

const where = { kind: "null", column: "archived_at" } as const;

describe("the shape of a find", () => {
  it("is made once for what is asked alike, and so is its query", () => {
    const { ofVisits } = scopes();
    const request = () => ({ select: ["note"], orderBy: [{ note: "desc" }], include: { account: true } });
    const [one, other] = [shapeOf(ofVisits, request(), []), shapeOf(ofVisits, request(), [])];
    expect(other).toBe(one);
    expect(queryOf(ofVisits, other, { where, limit: 0 })).toBe(
      queryOf(ofVisits, one, { where: { ...where }, limit: 0 }),
    );
    expect(queryOf(ofVisits, one, { where, limit: 1 })).not.toBe(queryOf(ofVisits, one, { where, limit: 0 }));
  });

  it.each<[FindRequest, FindRequest]>([
    [{ select: ["note", "score"] }, { select: ["score", "note"] }],
    [{ orderBy: [{ note: "asc" }] }, { orderBy: [{ note: "desc" }] }],
    [{ orderBy: [{ note: "asc", score: "asc" }] }, { orderBy: [{ score: "asc", note: "asc" }] }],
    [{ include: { account: true } }, {}],
    [{ include: { account: true } }, { include: { account: { include: {} } } }],
  ])("of %j is not that of %j", (request, other) => {
    const { ofVisits } = scopes();
    expect(shapeOf(ofVisits, request, [])).not.toBe(shapeOf(ofVisits, other, []));
  });

  it("is another for another entity", () => {
    const { ofVisits, ofAccounts } = scopes();
    expect([ofVisits, ofAccounts].map((scope) => shapeOf(scope, {}, []).query.table)).toEqual(["visit", "account"]);
  });

  it("is made anew for an include with conditions, with their values", () => {
    const { ofAccounts } = scopes();
    const bound = ["first", "second"].map((note) => {
      const params: Params = [];
      shapeOf(ofAccounts, { include: { visits: { where: { note } } } }, params);
      return params;
    });
    expect(bound).toEqual([["first"], ["second"]]);
  });

  it.each<FindRequest>([
    { orderBy: [{ note: undefined }] },
    { orderBy: [{ note: "asc", score: undefined }] },
    { select: [undefined] },
    { select: ["note,score"] },
    { include: { account: "true" } },
    { include: { account: { archived: true } } },
  ])("%j is refused, also when what it resembles is known", (request) => {
    const { ofVisits } = scopes();
    for (const known of [
      {},
      { orderBy: [{ note: "asc" }] },
      { select: ["note", "score"] },
      { include: { account: true } },
    ])
      shapeOf(ofVisits, known, []);
    expect(() => shapeOf(ofVisits, request, [])).toThrow();
  });
});
