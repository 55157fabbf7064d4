import { DatabaseSync } from "node:sqlite";
import type { AggregateQuery, FindQuery, OrderKey, Predicate, Storable } from "@relata/core/adapter";
import { createSqlEngine } from "@relata/sql";
import { beforeAll, describe, expect, it } from "vitest";
import { adoptHandle } from "./app-handle.ts";
import { bind } from "./bind.ts";
import { openSales, temporaryFile } from "./fixtures/open-sales.ts";
import { insert } from "./fixtures/rows.ts";
import { createSales, sales } from "./fixtures/sales-schema.ts";
import { createConnection } from "./sqlite-connection.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { createMigrator } from "./sqlite-migrator.ts";

const always: Predicate = { kind: "and", of: [] };
const byId: OrderKey = { column: "id", direction: "asc" };
const deals = (more: Partial<FindQuery>): FindQuery => ({
  table: "deals",
  columns: ["id", "amount"],
  where: always,
  orderBy: [byId],
  include: [],
  ...more,
});

const engine = createSqlEngine({ schema: sales, dialect: sqliteDialect });
const database = new DatabaseSync(":memory:");

beforeAll(async () => {
  const connection = createConnection(adoptHandle(database), { database: ":memory:", schema: sales });
  const migrator = createMigrator({
    session: { connection, engine },
    async begin() {
      connection.run("begin immediate");
      return () => {};
    },
  });
  await migrator.migrate(() => createSales);
});

/** All statements of a query, every one answered with the given row, or with none. */
function statements(query: FindQuery, row: readonly Storable[] = []) {
  const conversation = engine.find(query, { tenantId: "t", params: ["x", "y", ["x", "y"]] });
  const sent: { sql: string; values: unknown[] }[] = [];
  for (let step = conversation.next(); !step.done; step = conversation.next(row.length === 0 ? [] : [[...row]])) {
    const { statement, values } = step.value;
    sent.push({ sql: statement.sql, values: statement.slots.map((slot) => slot.read(values)) });
  }
  return sent;
}

function plan(query: FindQuery): readonly string[] {
  const [{ sql, values } = { sql: "", values: [] }] = statements({ ...query, include: [] });
  const lines = database.prepare(`explain query plan ${sql}`).all(...values.map(bind));
  return lines
    .map((line) => String(line.detail))
    .filter((line) => !/^(COMPOUND|LEFT-MOST|UNION|CO-ROUTINE|SCAN (\(sub|r\d))/.test(line));
}

describe("a page on an indexed order", () => {
  const bounds = (...isNull: boolean[]) => isNull.map((value) => ({ value: 1, isNull: value }));
  const byTitle = (direction: "asc" | "desc") => [
    { column: "title", direction },
    { column: "id", direction },
  ];
  const byDate = (direction: "asc" | "desc") => [
    { column: "close_date", direction },
    { column: "id", direction },
  ];
  const dates = (condition: string) => `SEARCH t INDEX deals_close_date (${condition})`;
  const indexes = (query: FindQuery) =>
    plan(query).map((line) => line.replace(/SEARCH t\d USING (COVERING )?INDEX/, "SEARCH t INDEX"));

  it.each(["asc", "desc"] as const)("is read from the index, %s, first or deep", (direction) => {
    expect(indexes(deals({ orderBy: byTitle(direction), limit: 0 }))).toEqual([
      "SEARCH t INDEX deals_title (tenant_id=?)",
    ]);
    const sign = direction === "asc" ? ">" : "<";
    expect(indexes(deals({ orderBy: byTitle(direction), limit: 0, after: bounds(false, false) }))).toEqual([
      `SEARCH t INDEX deals_title (tenant_id=? AND (title,id)${sign}(?,?))`,
    ]);
  });

  it("walks a nullable key as two ranges of the index: values, then nulls", () => {
    const values = "tenant_id=? AND close_date>?";
    const nulls = "tenant_id=? AND close_date=?";
    const page = (more: Partial<FindQuery>) => indexes(deals({ orderBy: byDate("asc"), limit: 0, ...more }));
    expect(page({})).toEqual([dates(values), dates(nulls)]);
    expect(page({ after: bounds(false, false) })).toEqual([
      dates("tenant_id=? AND (close_date,id)>(?,?)"),
      dates(nulls),
    ]);
    expect(page({ after: bounds(true, false) })).toEqual([dates(`${nulls} AND id>?`)]);
  });

  it("walks a nullable key downwards as two ranges of the index: nulls, then values", () => {
    const nulls = "tenant_id=? AND close_date=?";
    const page = (more: Partial<FindQuery>) => indexes(deals({ orderBy: byDate("desc"), limit: 0, ...more }));
    expect(page({})).toEqual([dates(nulls), dates("tenant_id=? AND close_date>?")]);
    expect(page({ after: bounds(true, false) })).toEqual([
      dates(`${nulls} AND id<?`),
      dates("tenant_id=? AND close_date>?"),
    ]);
    expect(page({ after: bounds(false, false) })).toEqual([dates("tenant_id=? AND (close_date,id)<(?,?)")]);
  });

  it("is one range where conditions leave no null, and begins where the page before ended, whatever bound they set", () => {
    const from: Predicate = { kind: "compare", column: "close_date", operator: "gte", value: 0 };
    const between: Predicate = { kind: "between", column: "close_date", low: 0, high: 1 };
    const page = (where: Predicate, after?: FindQuery["after"]) =>
      indexes(deals({ orderBy: byDate("asc"), limit: 0, where, ...(after ? { after } : {}) }));
    expect(page(from)).toEqual([dates("tenant_id=? AND close_date>?")]);
    expect(page(from, bounds(false, false))).toEqual([dates("tenant_id=? AND (close_date,id)>(?,?)")]);
    expect(page(between, bounds(false, false))).toEqual([
      dates("tenant_id=? AND (close_date,id)>(?,?) AND close_date<?"),
    ]);
  });

  it("goes on from a null to the values, also where conditions leave no null", () => {
    const where: Predicate = { kind: "compare", column: "close_date", operator: "gte", value: 0 };
    expect(indexes(deals({ orderBy: byDate("desc"), limit: 0, where, after: bounds(true, false) })).at(-1)).toBe(
      dates("tenant_id=? AND close_date>?"),
    );
  });

  it("starts at the bound of the leading key where directions differ", () => {
    const orderBy = [{ column: "title", direction: "asc" } as const, { column: "id", direction: "desc" } as const];
    const [search] = indexes(deals({ orderBy, limit: 0, after: bounds(false, false) }));
    expect(search).toBe("SEARCH t INDEX deals_title (tenant_id=? AND title>?)");
  });
});

describe("a condition on an indexed column", () => {
  const search = (where: Predicate) =>
    plan(deals({ where, orderBy: [] }))[0]?.replace(/^SEARCH t\d USING (COVERING )?INDEX /, "");

  it("uses the index for equality, ranges, lists and beginnings", () => {
    const column = "title";
    expect(search({ kind: "compare", column, operator: "eq", value: 0 })).toBe("deals_title (tenant_id=? AND title=?)");
    expect(search({ kind: "in", column, values: 2 })).toBe("deals_title (tenant_id=? AND title=?)");
    const range = "deals_title (tenant_id=? AND title>? AND title<?)";
    expect(search({ kind: "between", column, low: 0, high: 1 })).toBe(range);
    expect(search({ kind: "text", column, operator: "startsWith", value: 0 })).toBe(range);
  });

  it("uses the index for the complement of a comparison", () => {
    const later: Predicate = { kind: "compare", column: "title", operator: "lte", value: 0 };
    expect(search({ kind: "not", of: later })).toBe("deals_title (tenant_id=? AND title>?)");
  });
});

describe("the rows of one account", () => {
  const ofAccount: Predicate = { kind: "compare", column: "account_id", operator: "eq", value: 0 };

  it.each(["title", "close_date", "id"])(
    "are looked up and then sorted, ordered by %s, and not looked for in that order",
    (column) => {
      const orderBy = [{ column, direction: "asc" } as const, ...(column === "id" ? [] : [byId])];
      const searches = plan(deals({ where: ofAccount, orderBy, limit: 1 })).filter((line) => line.startsWith("SEARCH"));
      for (const search of searches) expect(search).toMatch(/deals_account \(tenant_id=\? AND account_id=\?/);
    },
  );
});

describe("null-safe forms", () => {
  const where = (predicate: Predicate) =>
    statements(deals({ where: predicate, orderBy: [] }))[0]
      ?.sql.split(" and ")
      .slice(1)
      .join(" and ");
  const differs = (column: string): Predicate => ({ kind: "compare", column, operator: "ne", value: 0 });

  it("stand only where something is negated, and only for columns that may be null", () => {
    expect(where(differs("title"))).toBe('"t0"."title" <> ?');
    expect(where(differs("stage"))).toBe('("t0"."stage" <> ? or "t0"."stage" is null)');
    expect(where({ kind: "not", of: differs("stage") })).toBe('"t0"."stage" = ?');
    expect(where({ kind: "not", of: { kind: "in", column: "title", values: 2 } })).toBe(
      'not ("t0"."title" in (select value from json_each(?)))',
    );
  });
});

describe("the tenant's condition", () => {
  const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const tables = (sql: string) => count(sql, /"(accounts|deals)" as "t\d+"/g);
  const tenants = (sql: string) => count(sql, /"t\d+"\."tenant_id" = \?/g);
  const hasDeals: Predicate = {
    kind: "relation",
    quantifier: "every",
    table: "deals",
    local: "id",
    foreign: "account_id",
    where: { kind: "null", column: "amount" },
  };
  const ofParents: Predicate = {
    kind: "relation",
    quantifier: "some",
    table: "accounts",
    local: "parent_id",
    foreign: "id",
    where: { kind: "or", of: [hasDeals, { kind: "not", of: hasDeals }] },
  };

  it("is on every table of a find and of its includes", () => {
    const query: FindQuery = {
      table: "accounts",
      columns: ["id", "parent_id"],
      where: { kind: "or", of: [ofParents, hasDeals] },
      orderBy: [{ column: "domain", direction: "asc" }, byId],
      limit: 0,
      include: [
        {
          cardinality: "many",
          local: "id",
          foreign: "account_id",
          query: deals({ columns: ["account_id"], limit: 1 }),
        },
        {
          cardinality: "one",
          local: "parent_id",
          foreign: "id",
          query: { table: "accounts", columns: ["id"], where: ofParents, orderBy: [byId], include: [] },
        },
      ],
    };
    const sent = statements(query, ["a", "a"]);
    expect(sent.map(({ sql }) => tables(sql))).toEqual([10, 1, 4]);
    expect(sent.map(({ sql }) => tenants(sql))).toEqual([10, 1, 4]);
    for (const { values } of sent) expect(values.filter((value) => value === "t")).not.toEqual([]);
  });

  it("is on every table of an aggregate, joined ones included", () => {
    const up = { table: "accounts", local: "account_id", foreign: "id" };
    const query: AggregateQuery = {
      table: "deals",
      where: always,
      groupBy: [
        { path: [up], column: "name" },
        { path: [up, { table: "accounts", local: "parent_id", foreign: "id" }], column: "name" },
        { path: [], column: "close_date", bucket: "month" },
      ],
      measures: [{ kind: "rows" }],
    };
    const request = engine.aggregate(query, { tenantId: "t", params: [] }).next();
    const sql = request.done ? "" : request.value.statement.sql;
    expect([tables(sql), tenants(sql)]).toEqual([3, 3]);
  });
});

describe("statements", () => {
  it("are compiled once for a query object", () => {
    const query = deals({});
    const statement = () => {
      const request = engine.find(query, { tenantId: "t", params: [] }).next();
      return request.done ? undefined : request.value.statement;
    };
    expect(statement()).toBe(statement());
  });

  it("take a list of 100,000 values as one parameter", async () => {
    const storage = await openSales(temporaryFile());
    await storage.write("t", [
      insert("deals", [
        { id: "d1", title: "a" },
        { id: "d2", title: "b" },
      ]),
    ]);
    const list = Array.from({ length: 100_000 }, (_, index) => `d${index + 2}`);
    const query = deals({ columns: ["id"], where: { kind: "in", column: "id", values: 0 } });
    expect(await storage.find(query, { tenantId: "t", params: [list] })).toEqual([["d2"]]);
  });
});
