import { describe, expect, it } from "vitest";
import { CrmError } from "../../errors.ts";
import type { Params } from "./compilation.ts";
import { afterKeys, checkedLimit, compileFind, compileOrder, type FindRequest } from "./compile-find.ts";
import { accounts, schema, visits } from "./visits-fixture.ts";

const id = "019b7ca9-8f2e-7000-8000-000000000000";

function compiled(request: FindRequest) {
  const params: Params = [];
  return { ...compileFind({ schema, entity: visits, params }, request), params };
}

function refusal(request: FindRequest): string {
  try {
    compiled(request);
  } catch (error) {
    if (CrmError.is(error, "invalid_query")) return error.message;
    throw error;
  }
  throw new Error("The query was compiled.");
}

const orderOf = (orderBy: unknown) =>
  compileOrder(visits, orderBy).map(({ column, direction }) => `${column} ${direction}`);

describe("an order", () => {
  it.each<[unknown, readonly string[]]>([
    [undefined, ["id asc"]],
    [[], ["id asc"]],
    [[{ note: "asc" }], ["note asc", "id asc"]],
    [[{ note: "desc" }], ["note desc", "id desc"]],
    [
      [{ note: "desc" }, { score: "asc" }],
      ["note desc", "score asc", "id asc"],
    ],
    [[{ note: "desc", score: "asc" }], ["note desc", "score asc", "id asc"]],
    [[{ cost: "desc" }], ["cost_currency desc", "cost desc", "id desc"]],
    [
      [{ note: "asc" }, { note: "desc" }],
      ["note asc", "id asc"],
    ],
    [[{ id: "desc" }, { note: "asc" }], ["id desc"]],
    [[{ createdAt: "desc" }], ["created_at desc", "id desc"]],
  ])("%j is total", (orderBy, keys) => {
    expect(orderOf(orderBy)).toEqual(keys);
  });

  it.each<[unknown, string]>([
    [{ note: "asc" }, "visit.orderBy must be a list."],
    ["note", "visit.orderBy must be a list."],
    [["note"], 'visit.orderBy must be a list of objects like { name: "asc" }.'],
    [[{ note: "ASC" }], 'visit.orderBy.note must be "asc" or "desc".'],
    [[{ extra: "asc" }], "visit.extra is not a field that can be ordered by."],
    [[{ account: "asc" }], "visit.account is not a field that can be ordered by."],
    [[{ "id; --": "asc" }], "visit.id; -- is not a field that can be ordered by."],
  ])("%j is refused", (orderBy, message) => {
    expect(refusal({ orderBy })).toBe(message);
  });
});

describe("a selection", () => {
  it("is the id and the fields named, with the columns that the order needs after them", () => {
    const { query, keyPositions, decode } = compiled({ select: ["cost", "note"], orderBy: [{ day: "asc" }] });
    expect(query.columns).toEqual(["id", "cost", "cost_currency", "note", "day"]);
    expect(keyPositions).toEqual([4, 0]);
    expect(decode([id, 150n, "EUR", "a", "2026-01-01"])).toEqual({
      id,
      cost: { amount: "1.50", currency: "EUR" },
      note: "a",
    });
  });

  it("is of everything, unless said, and never of the tenant or a shadow", () => {
    const { columns } = compiled({}).query;
    expect(columns.slice(0, 8)).toEqual([
      "id",
      "version",
      "created_at",
      "created_by",
      "updated_at",
      "updated_by",
      "archived_at",
      "note",
    ]);
    expect(columns).not.toContain("tenant_id");
    expect(columns).not.toContain("title_folded");
  });

  it.each<[unknown, string]>([
    ["note", "visit.select must be a list of fields."],
    [["nmae"], "visit.nmae is not a field that can be selected."],
    [["account"], "visit.account is not a field that can be selected."],
  ])("%j is refused", (select, message) => {
    expect(refusal({ select })).toBe(message);
  });
});

describe("archived records", () => {
  const live = { kind: "null", column: "archived_at" };
  const archived = { kind: "not", of: live };

  it.each<[string | undefined, object]>([
    [undefined, { kind: "and", of: [{ kind: "and", of: [] }, live] }],
    ["exclude", { kind: "and", of: [{ kind: "and", of: [] }, live] }],
    ["only", { kind: "and", of: [{ kind: "and", of: [] }, archived] }],
    ["include", { kind: "and", of: [] }],
  ])("%s", (given, where) => {
    expect(compiled({ archived: given }).query.where).toEqual(where);
  });

  it("are not shown by any other word", () => {
    expect(refusal({ archived: true })).toContain("must be exclude, include or only");
  });
});

describe("an include", () => {
  it("of one loads the record of the reference, archived or not, without an order", () => {
    const { query, decode } = compiled({ select: ["note"], include: { account: true } });
    expect(query.columns).toEqual(["id", "note", "account_id"]);
    const [account] = query.include;
    expect(account).toMatchObject({
      cardinality: "one",
      local: "account_id",
      foreign: "id",
      query: { table: "account", orderBy: [], where: { kind: "and", of: [] } },
    });
    expect(decode([id, "a", null, null])).toEqual({ id, note: "a", account: null });
  });

  it("of many loads live records in their own order, with a limit for each", () => {
    const params: Params = [];
    const { query } = compileFind(
      { schema, entity: accounts, params },
      { include: { visits: { where: { note: "a" }, orderBy: [{ day: "desc" }], limit: 5 } } },
    );
    expect(query.include[0]).toMatchObject({
      cardinality: "many",
      local: "id",
      foreign: "account_id",
      query: {
        orderBy: [
          { column: "day", direction: "desc" },
          { column: "id", direction: "desc" },
        ],
        limit: 1,
      },
    });
    expect(params).toEqual(["a", 5]);
  });

  it.each<[unknown, string]>([
    [["account"], "visit.include must be an object of relations."],
    [{ acount: true }, "visit.acount is not a relation that can be included."],
    [{ note: true }, "visit.note is not a relation that can be included."],
    [{ account: 1 }, "visit.include.account must be true or an object."],
    [{ account: { where: {} } }, 'account.include.account has no option "where".'],
    [{ account: { include: { visits: { limit: 0 } } } }, "visit.limit must be a whole number from 1 to 10000."],
  ])("%j is refused", (include, message) => {
    expect(refusal({ include })).toBe(message);
  });

  it("is at most 16 levels deep", () => {
    const nested = (levels: number): object | true =>
      levels === 0 ? true : { include: { parent: nested(levels - 1) } };
    const deep = (levels: number) => ({ include: { account: nested(levels - 1) } });
    expect(compiled(deep(16)).query.include).toHaveLength(1);
    expect(refusal(deep(17))).toContain("is nested more than 16 levels deep");
  });
});

describe("a limit", () => {
  it.each([0, -1, 1.5, Number.NaN, 1_001, "5", null])("of %j is refused", (limit) => {
    expect(() => checkedLimit(visits, limit, 1_000)).toThrow("visit.limit must be a whole number from 1 to 1000.");
  });

  it.each([1, 1_000])("of %i is taken", (limit) => {
    expect(checkedLimit(visits, limit, 1_000)).toBe(limit);
  });
});

it("the position to go on from tells whether a key is null, which is part of the query's shape", () => {
  const params: Params = ["before"];
  expect(afterKeys(["a", null, 5n], params)).toEqual([
    { value: 1, isNull: false },
    { value: 2, isNull: true },
    { value: 3, isNull: false },
  ]);
  expect(params).toEqual(["before", "a", null, 5n]);
});

describe("a row", () => {
  it("with a value that cannot be read is storage_corrupt, naming the field, and the record where its id is there", () => {
    const { query, decode } = compiled({ select: ["note", "extra"] });
    expect(query.columns).toEqual(["id", "note", "extra"]);
    expect(decode([id, "n", '{"a":1}'])).toEqual({ id, note: "n", extra: { a: 1 } });
    const problem = (row: Parameters<typeof decode>[0]) => {
      try {
        return decode(row);
      } catch (error) {
        return error;
      }
    };
    expect(problem([id, "n", "{"])).toMatchObject({
      name: "CrmError",
      code: "storage_corrupt",
      message: `visit.extra of "${id}" holds a value in the database that cannot be read. Correct it there, or restore it from a backup.`,
      details: { entity: "visit", field: "extra", id },
    });
  });
});
