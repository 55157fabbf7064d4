import type { FindQuery, Predicate, Storable } from "@relata/core/adapter";
import { beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../database.ts";
import {
  accounts,
  all,
  bind,
  compare,
  createDealsDatabase,
  deals,
  firsts,
  insert,
  order,
  query,
} from "../deals-fixture.ts";
import { compileFind } from "../find.ts";
import { createRandom, type Random } from "../random-fixture.ts";
import { createRun } from "../run.ts";
import type { TableStore } from "../table-store.ts";

const day = (number: number) =>
  `2026-${String(1 + (number % 12)).padStart(2, "0")}-${String(1 + (number % 28)).padStart(2, "0")}`;

function fill(database: Database, count: number): void {
  const random = createRandom(3);
  insert(
    database,
    accounts,
    Array.from({ length: 20 }, (_, at) => ({ id: `a${at}`, name: `Account ${at}` })),
  );
  insert(
    database,
    deals,
    Array.from({ length: count }, (_, at) => ({
      id: `d${String(at).padStart(5, "0")}`,
      name: random.below(9) === 0 ? null : `${random.of(["Ada", "Bob", "\u{1f600}", "\uff5e"])} ${random.below(50)}`,
      account_id: random.below(9) === 0 ? null : random.below(3) === 0 ? "a0" : `a${random.below(20)}`,
      status: random.of(["open", "won", "lost"]),
      close_date: random.below(9) === 0 ? null : day(random.below(400)),
      amount: random.below(9) === 0 ? null : BigInt(random.below(60)),
      probability: random.below(100),
    })),
  );
}

describe("with 3000 deals", () => {
  let database: Database;
  beforeAll(() => {
    database = createDealsDatabase();
    fill(database, 3000);
  });

  const visits = (find: FindQuery, ...params: readonly (Storable | readonly Storable[])[]) => {
    const run = createRun(bind(...params));
    const rows = compileFind(find, (name) => database.tables.get(name) as TableStore)(run);
    return { rows: rows.length, visited: run.visited };
  };

  it("gets by id with one row looked at", () => {
    expect(visits(query(deals, { where: all(compare("id", "eq", 0)) }), "d00007")).toEqual({ rows: 1, visited: 1 });
  });

  it("looks up each id of a list", () => {
    const find = query(deals, { where: { kind: "in", column: "id", values: 0 } });
    expect(visits(find, ["d00007", "d00003", "none"])).toEqual({ rows: 2, visited: 2 });
  });

  it("walks an index in the query's order and stops at the limit", () => {
    const page = query(deals, { where: all(compare("status", "eq", 0)), orderBy: order("close_date, id"), limit: 1 });
    expect(visits(page, "open", 10)).toEqual({ rows: 10, visited: 10 });
  });

  it("walks an index backwards for a descending order", () => {
    const orderBy = order("close_date desc, id desc");
    const page = query(deals, { where: all(compare("status", "eq", 0)), orderBy, limit: 1 });
    expect(visits(page, "open", 10)).toEqual({ rows: 10, visited: 10 });
  });

  it("starts a deep page where the one before ended", () => {
    const page = query(deals, {
      where: all(compare("status", "eq", 0)),
      orderBy: order("close_date, id"),
      after: [
        { value: 1, isNull: false },
        { value: 2, isNull: false },
      ],
      limit: 3,
    });
    const { rows, visited } = visits(page, "open", "2026-09-01", "d01000", 10);
    expect(rows).toBe(10);
    expect(visited).toBe(10);
  });

  it("walks the primary key for pages in the order of ids", () => {
    const after = [{ value: 0, isNull: false }];
    expect(visits(query(deals, { after, limit: 1 }), "d02000", 5)).toEqual({ rows: 5, visited: 5 });
  });

  it("sorts only runs of equal values when the index has the order's first keys", () => {
    const page = query(deals, {
      where: all(compare("status", "eq", 0)),
      orderBy: order("close_date, amount desc, id"),
      limit: 1,
    });
    const { rows, visited } = visits(page, "open", 10);
    expect(rows).toBe(10);
    expect(visited).toBeLessThan(100);
  });

  it("narrows to a range of an index", () => {
    const where = all(compare("status", "eq", 0), { kind: "between", column: "close_date", low: 1, high: 2 });
    const { rows, visited } = visits(query(deals, { where }), "won", "2026-03-01", "2026-03-31");
    expect(rows).toBeGreaterThan(0);
    expect(visited).toBe(rows);
  });

  it("narrows to the texts that start with the given one", () => {
    const where: Predicate = { kind: "text", column: "name", operator: "startsWith", value: 0 };
    const { rows, visited } = visits(query(deals, { where }), "Ada 4");
    expect(rows).toBeGreaterThan(0);
    expect(visited).toBe(rows);
  });

  it("looks up the rows of a foreign key", () => {
    const where = all(compare("account_id", "eq", 0));
    const { rows, visited } = visits(query(deals, { where, orderBy: order("probability, id") }), "a7");
    expect(rows).toBeGreaterThan(0);
    expect(visited).toBe(rows);
  });

  it("sorts what no index orders, and keeps as many rows as are wanted", () => {
    const sorted = query(deals, { orderBy: order("probability desc, id") });
    const page = { ...sorted, limit: 0 };
    expect(firsts(database.find(page, bind(20)))).toEqual(firsts(database.find(sorted, bind())).slice(0, 20));
    expect(visits(page, 20)).toEqual({ rows: 20, visited: 3000 });
  });

  it("walks an index once for each value of a list, up to the limit each", () => {
    const where: Predicate = { kind: "in", column: "status", values: 0 };
    const page = query(deals, { where, orderBy: order("close_date, id"), limit: 1 });
    expect(visits(page, ["won", "lost", "won"], 10)).toEqual({ rows: 10, visited: 20 });
  });
});

describe("the same rows with and without indexes", () => {
  it("give the same answer to 3000 random queries", () => {
    const indexed = createDealsDatabase();
    const plain = createDealsDatabase([accounts, { ...deals, indexes: [], foreignKeys: [] }]);
    fill(indexed, 400);
    fill(plain, 400);
    const random = createRandom(5);

    for (let round = 0; round < 3000; round++) {
      const { find, params } = randomQuery(random);
      const expected = firsts(plain.find(find, bind(...params)));
      expect(firsts(indexed.find(find, bind(...params))), JSON.stringify(find)).toEqual(expected);
    }
  });
});

const columns = ["name", "account_id", "status", "close_date", "amount", "probability"] as const;

function randomQuery(random: Random): { find: FindQuery; params: (Storable | readonly Storable[])[] } {
  const params: (Storable | readonly Storable[])[] = [];
  const param = (value: Storable | readonly Storable[]) => params.push(value) - 1;
  const condition = (): Predicate => {
    const column = random.of(columns);
    const value = () => param(randomValue(random, column));
    switch (random.below(7)) {
      case 0:
        return { kind: "null", column };
      case 1:
        return { kind: "in", column, values: param([randomValue(random, column), randomValue(random, column)]) };
      case 2:
        return { kind: "between", column, low: value(), high: value() };
      case 3:
        return {
          kind: "text",
          column: "name",
          operator: "startsWith",
          value: param(random.of(["", "A", "Ada 1", "\u{1f600}"])),
        };
      case 4:
        return compare(column, random.of(["ne", "lt", "lte", "gt", "gte"] as const), value());
      default:
        return compare(column, "eq", value());
    }
  };
  const where = all(...Array.from({ length: random.below(4) }, condition));
  const keys = Array.from({ length: random.below(3) }, () => ({
    column: random.of(columns),
    direction: random.of(["asc", "desc"] as const),
  }));
  const orderBy = [...keys, { column: "id" as const, direction: random.of(["asc", "desc"] as const) }];
  const after = orderBy.map(({ column }) => {
    const isNull = column !== "id" && random.below(6) === 0;
    return {
      value: param(isNull ? null : column === "id" ? `d00${random.below(400)}` : randomValue(random, column)),
      isNull,
    };
  });
  const find = query(deals, {
    where,
    orderBy,
    ...(random.below(2) === 0 ? { after } : {}),
    ...(random.below(3) === 0 ? {} : { limit: param(1 + random.below(20)) }),
  });
  return { find, params };
}

function randomValue(random: Random, column: (typeof columns)[number]): Storable {
  switch (column) {
    case "name":
      return `${random.of(["Ada", "Bob", "\u{1f600}", "\uff5e"])} ${random.below(50)}`;
    case "account_id":
      return `a${random.below(20)}`;
    case "status":
      return random.of(["open", "won", "lost"]);
    case "close_date":
      return day(random.below(400));
    case "amount":
      return BigInt(random.below(60));
    case "probability":
      return random.below(100);
    default:
      return column satisfies never;
  }
}
