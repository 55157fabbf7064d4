import { CrmError, type Storable, type WriteStep } from "@relata/core/adapter";
import { beforeEach, describe, expect, it } from "vitest";
import type { Database } from "./database.ts";
import { accounts, all, bind, compare, createDealsDatabase, deals, insert, order, query } from "./deals-fixture.ts";
import { createUndoLog } from "./undo-log.ts";

let database: Database;
beforeEach(() => {
  database = createDealsDatabase();
});

const write = (...steps: readonly WriteStep[]) => database.write("t1", steps, createUndoLog());
const insertStep = (table: string, columns: readonly string[], ...rows: (readonly Storable[])[]): WriteStep => ({
  kind: "insert",
  table,
  columns,
  rows,
});
const deleteStep = (table: string, ...ids: readonly string[]): WriteStep => ({
  kind: "delete",
  table,
  rows: ids.map((id) => ({ id, version: 1 })),
});
const accountIds = () => database.find(query(accounts), bind()).flat();

/** The code and the facts of what is thrown. */
function failureOf(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    if (CrmError.is(error)) return { code: error.code, ...error.details };
    throw error;
  }
  return undefined;
}

describe("references", () => {
  it("may stand before what they refer to, within one write", () => {
    write(
      insertStep("deals", ["id", "version", "account_id", "status"], ["d", 1, "a", "open"]),
      insertStep("accounts", ["id", "version", "name", "parent_id"], ["a", 1, "A", "b"], ["b", 1, "B", null]),
    );
    expect(accountIds()).toEqual(["a", "b"]);
  });

  it("are refused at the end of the write when their target is missing, and nothing is left", () => {
    const steps = [
      insertStep("accounts", ["id", "version", "name"], ["a", 1, "A"]),
      insertStep("deals", ["id", "version", "account_id", "status"], ["d", 1, "z", "open"]),
    ];
    const refusal = { code: "reference_not_found", entity: "deal", field: "accountId", reference: "z" };
    expect(failureOf(() => write(...steps))).toEqual(refusal);
    expect(accountIds()).toEqual([]);
  });

  it("are held by the row that was written last, when one write changes it twice", () => {
    insert(database, accounts, [{ id: "a", name: "A" }]);
    write(insertStep("deals", ["id", "version", "account_id", "status"], ["d", 1, "z", "open"]), {
      kind: "update",
      table: "deals",
      columns: ["version", "account_id"],
      rows: [{ id: "d", version: 1, values: [2, "a"] }],
    });
    expect(database.find(query(deals, { columns: ["account_id"] }), bind())).toEqual([["a"]]);
  });

  it("hold what they refer to, until the write that deletes both", () => {
    insert(database, accounts, [{ id: "a", name: "A" }]);
    insert(database, deals, [{ id: "d", account_id: "a", status: "open" }]);
    const refusal = { code: "still_referenced", entity: "deal", field: "accountId" };

    expect(failureOf(() => write(deleteStep("accounts", "a")))).toEqual(refusal);
    expect(accountIds()).toEqual(["a"]);
    write(deleteStep("accounts", "a"), deleteStep("deals", "d"));
    expect(accountIds()).toEqual([]);
  });

  it("do not hold a row that the same write deletes and inserts again", () => {
    insert(database, accounts, [{ id: "a", name: "A" }]);
    insert(database, deals, [{ id: "d", account_id: "a", status: "open" }]);
    write(deleteStep("accounts", "a"), insertStep("accounts", ["id", "version", "name"], ["a", 7, "New"]));
    expect(database.find(query(accounts, { columns: ["version", "name"] }), bind())).toEqual([[7, "New"]]);
  });

  it("do not reach another tenant's rows", () => {
    insert(database, accounts, [{ id: "a", name: "A" }]);
    const step = insertStep("deals", ["id", "version", "account_id", "status"], ["d", 1, "a", "open"]);
    expect(failureOf(() => database.write("t2", [step], createUndoLog()))).toMatchObject({
      code: "reference_not_found",
    });
  });
});

describe("a write that fails", () => {
  beforeEach(() => {
    insert(database, accounts, [
      { id: "a", name: "A" },
      { id: "b", name: "B" },
    ]);
    insert(database, deals, [{ id: "d", name: "Deal", account_id: "a", status: "open", amount: 5n }]);
  });

  it("undoes its inserts, updates and deletes, in rows and in indexes", () => {
    const steps: WriteStep[] = [
      insertStep("accounts", ["id", "version", "name"], ["c", 1, "C"]),
      {
        kind: "update",
        table: "deals",
        columns: ["version", "account_id", "name"],
        rows: [{ id: "d", version: 1, values: [2, "c", "Other"] }],
      },
      deleteStep("accounts", "a"),
      insertStep("accounts", ["id", "version", "name"], ["e", 1, "B"]),
    ];
    expect(failureOf(() => write(...steps))).toEqual({
      code: "not_unique",
      entity: "account",
      field: "name",
      fields: ["name"],
    });

    expect(database.find(query(accounts, { columns: ["name"], orderBy: order("name, id") }), bind())).toEqual([
      ["A"],
      ["B"],
    ]);
    const byName = query(deals, { where: all(compare("name", "eq", 0)), columns: ["version", "account_id"] });
    expect(database.find(byName, bind("Deal"))).toEqual([[1, "a"]]);
    expect(database.find(byName, bind("Other"))).toEqual([]);
    const byAccount = query(deals, { where: all(compare("account_id", "eq", 0)) });
    expect(database.find(byAccount, bind("a"))).toEqual([["d"]]);
    expect(database.find(byAccount, bind("c"))).toEqual([]);
  });

  it("names all rows whose guard fails", () => {
    const rows = [
      { id: "a", version: 1, values: [2] },
      { id: "b", version: 9, values: [2] },
      { id: "z", version: 1, values: [2] },
    ];
    const step: WriteStep = { kind: "update", table: "accounts", columns: ["version"], rows };
    expect(failureOf(() => write(step))).toEqual({ code: "guard_failed", entity: "account", ids: ["b", "z"] });
    expect(database.find(query(accounts, { columns: ["version"] }), bind())).toEqual([[1], [1]]);
  });
});

it("refuses to delete or update a row twice in one step", () => {
  insert(database, accounts, [{ id: "a", name: "A" }]);
  const refusal = { code: "guard_failed", entity: "account", ids: ["a"] };
  const twice = [1, 2].map(() => ({ id: "a", version: 1, values: [2] }));

  expect(failureOf(() => write(deleteStep("accounts", "a", "a")))).toEqual(refusal);
  expect(failureOf(() => write({ kind: "update", table: "accounts", columns: ["version"], rows: twice }))).toEqual(
    refusal,
  );
  expect(accountIds()).toEqual(["a"]);
});

describe("unique rules", () => {
  it("hold between the rows of one write", () => {
    const step = insertStep("accounts", ["id", "version", "name"], ["a", 1, "Same"], ["b", 1, "Same"]);
    expect(failureOf(() => write(step))).toMatchObject({ code: "not_unique", field: "name" });
    expect(accountIds()).toEqual([]);
  });

  it("hold for the primary key", () => {
    insert(database, accounts, [{ id: "a", name: "A" }]);
    const step = insertStep("accounts", ["id", "version", "name"], ["a", 1, "B"]);
    expect(failureOf(() => write(step))).toMatchObject({ code: "not_unique", field: "id" });
  });

  it("let a row keep its own value", () => {
    insert(database, accounts, [{ id: "a", name: "A" }]);
    const rows = [{ id: "a", version: 1, values: [2, "A"] }];
    write({ kind: "update", table: "accounts", columns: ["version", "name"], rows });
    expect(database.find(query(accounts, { columns: ["version"] }), bind())).toEqual([[2]]);
  });
});

describe("columns", () => {
  const dealWith = (values: Readonly<Record<string, unknown>>) =>
    failureOf(() => {
      const row = { id: "d", version: 1, status: "open", ...values };
      write(insertStep("deals", Object.keys(row), Object.values(row) as never));
    });

  it.each([
    { values: { status: null }, field: "status" },
    { values: { status: "pending" }, field: "status" },
    { values: { name: 1 }, field: "name" },
    { values: { probability: 0.5 }, field: "probability" },
    { values: { probability: "1" }, field: "probability" },
    { values: { amount: 5 }, field: "amount" },
    { values: { amount: 2n ** 63n }, field: "amount" },
    { values: { name: undefined }, field: "name" },
  ])("refuse $values.$field of the wrong kind", ({ values, field }) => {
    expect(dealWith(values)).toEqual({ code: "value_refused", entity: "deal", field });
  });

  it("refuse to be left out when they must not be null", () => {
    expect(failureOf(() => write(insertStep("deals", ["id", "version"], ["d", 1])))).toMatchObject({ field: "status" });
  });
});
