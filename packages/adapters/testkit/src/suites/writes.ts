/** Lists of steps: in order, all or none, guarded. */
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { eq, isNull } from "../question/condition.ts";
import { sales } from "../schema/sales.ts";

const given = {
  accounts: [
    { id: "a", name: "Acme", employees: 1 },
    { id: "b", name: "Beta", employees: 2 },
    { id: "c", name: "Core", employees: 3 },
  ],
};
const accounts = { table: "accounts", columns: ["id", "name", "employees", "version"] };
const untouched = [
  ["a", "Acme", 1, 1],
  ["b", "Beta", 2, 1],
  ["c", "Core", 3, 1],
];

export const writes: Suite = {
  name: "writes",
  facts: [
    fact("inserts the columns named, in whatever order they are named", async (bench) => {
      const { storage, find } = await bench.open(sales);
      const columns = ["version", "name", "id"];
      await storage.write("tenant-1", [
        {
          kind: "insert",
          table: "users",
          columns,
          rows: [
            [1, "Ann", "ann"],
            [4, "Bob", "bob"],
          ],
        },
      ]);
      expect(await find({ table: "users", columns: ["id", "name", "version"] })).toEqual([
        ["ann", "Ann", 1],
        ["bob", "Bob", 4],
      ]);
    }),
    fact("updates each row with values of its own, and no other row", async (bench) => {
      const store = await bench.open(sales, given);
      await store.update("accounts", [
        { id: "c", version: 1, name: "C", employees: null },
        { id: "a", version: 1, name: "A", employees: 9 },
      ]);
      expect(await store.find(accounts)).toEqual([
        ["a", "A", 9, 2],
        ["b", "Beta", 2, 1],
        ["c", "C", null, 2],
      ]);
    }),
    fact("leaves the columns that an update does not name", async (bench) => {
      const store = await bench.open(sales, given);
      await store.update("accounts", [{ id: "a", version: 1, employees: 7 }]);
      expect(await store.find({ ...accounts, where: eq("id", "a") })).toEqual([["a", "Acme", 7, 2]]);
    }),
    fact("sets columns to null and back", async (bench) => {
      const store = await bench.open(sales, given);
      await store.update("accounts", [{ id: "a", version: 1, employees: null }]);
      expect(await store.list({ table: "accounts", where: isNull("employees") })).toEqual(["a"]);
      await store.update("accounts", [{ id: "a", version: 2, employees: 5 }]);
      expect(await store.list({ table: "accounts", where: eq("employees", 5) })).toEqual(["a"]);
    }),
    fact("deletes the rows named, and no other row", async (bench) => {
      const store = await bench.open(sales, given);
      await store.delete("accounts", [
        { id: "c", version: 1 },
        { id: "a", version: 1 },
      ]);
      expect(await store.list({ table: "accounts" })).toEqual(["b"]);
    }),
    fact("stores the version that an update's values name", async (bench) => {
      const { storage, find } = await bench.open(sales, given);
      const rows = [{ id: "a", version: 1, values: [7, "Acme 7"] }];
      await storage.write("tenant-1", [{ kind: "update", table: "accounts", columns: ["version", "name"], rows }]);
      expect(await find({ ...accounts, where: eq("id", "a") })).toEqual([["a", "Acme 7", 1, 7]]);
    }),
    fact("applies steps in order, later ones on what earlier ones left", async (bench) => {
      const store = await bench.open(sales, given);
      const { steps } = store;
      await store.write([
        steps.insert("accounts", [{ id: "d", name: "Dune", employees: 4 }]),
        steps.update("accounts", [{ id: "d", version: 1, employees: 5 }]),
        steps.update("accounts", [{ id: "d", version: 2, name: "Dune 2" }]),
        steps.delete("accounts", [{ id: "a", version: 1 }]),
        steps.insert("accounts", [{ id: "a", name: "Again", employees: null }]),
      ]);
      expect(await store.find(accounts)).toEqual([
        ["a", "Again", null, 1],
        ["b", "Beta", 2, 1],
        ["c", "Core", 3, 1],
        ["d", "Dune 2", 5, 3],
      ]);
    }),
    fact("accepts a list without steps and steps without rows", async (bench) => {
      const store = await bench.open(sales, given);
      await store.write([]);
      await store.write([
        { kind: "insert", table: "accounts", columns: ["id"], rows: [] },
        { kind: "update", table: "accounts", columns: ["name"], rows: [] },
        { kind: "delete", table: "accounts", rows: [] },
      ]);
      expect(await store.find(accounts)).toEqual(untouched);
    }),
    fact("refuses an update with a stale version, with the row's id", async (bench) => {
      const store = await bench.open(sales, given);
      await store.update("accounts", [{ id: "a", version: 1, employees: 10 }]);
      const details = await refusedDetails(store.update("accounts", [{ id: "a", version: 1, employees: 20 }]));
      expect(details).toMatchObject({ entity: "account", ids: ["a"] });
      expect(await store.find({ ...accounts, where: eq("id", "a") })).toEqual([["a", "Acme", 10, 2]]);
    }),
    fact("refuses an update with a version that is not reached yet", async (bench) => {
      const store = await bench.open(sales, given);
      expect(await refused(store.update("accounts", [{ id: "a", version: 2, name: "x" }]))).toEqual({
        code: "guard_failed",
        entity: "account",
      });
      expect(await store.find(accounts)).toEqual(untouched);
    }),
    fact("refuses an update of an absent row", async (bench) => {
      const store = await bench.open(sales, given);
      expect(await refused(store.update("accounts", [{ id: "z", version: 1, name: "x" }]))).toEqual({
        code: "guard_failed",
        entity: "account",
      });
      expect(await store.find(accounts)).toEqual(untouched);
    }),
    fact("refuses a delete with a stale version", async (bench) => {
      const store = await bench.open(sales, given);
      await store.update("accounts", [{ id: "a", version: 1, employees: 10 }]);
      expect(await refused(store.delete("accounts", [{ id: "a", version: 1 }]))).toEqual({
        code: "guard_failed",
        entity: "account",
      });
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b", "c"]);
    }),
    fact("refuses a delete of an absent row, with its id", async (bench) => {
      const store = await bench.open(sales, given);
      expect(await refusedDetails(store.delete("accounts", [{ id: "z", version: 1 }]))).toMatchObject({
        entity: "account",
        ids: ["z"],
      });
    }),
    fact(
      "changes no row of a step when one of its rows fails its guard, first, in the middle or last",
      async (bench) => {
        const store = await bench.open(sales, given);
        for (const failing of ["a", "b", "c"]) {
          const guards = ["a", "b", "c"].map((id) => ({ id, version: id === failing ? 9 : 1 }));
          const updating = await refusedDetails(
            store.update(
              "accounts",
              guards.map((guard) => ({ ...guard, name: "x" })),
            ),
          );
          expect(updating.ids).toContain(failing);
          const deleting = await refusedDetails(store.delete("accounts", guards));
          expect(deleting.ids).toContain(failing);
          expect(await store.find(accounts)).toEqual(untouched);
        }
      },
    ),
    fact("names every id of several that fail their guards", async (bench) => {
      const store = await bench.open(sales, given);
      const changes = [
        { id: "a", version: 5, name: "x" },
        { id: "b", version: 1, name: "y" },
        { id: "z", version: 1, name: "z" },
      ];
      const { ids } = await refusedDetails(store.update("accounts", changes));
      expect(ids).toEqual(expect.arrayContaining(["a", "z"]));
    }),
    fact("marks a failed guard as worth another try", async (bench) => {
      const store = await bench.open(sales, given);
      await expect(store.delete("accounts", [{ id: "a", version: 9 }])).rejects.toMatchObject({
        code: "guard_failed",
        retryable: true,
      });
    }),
    fact("leaves nothing of the whole list when its last step fails", async (bench) => {
      const store = await bench.open(sales, given);
      const { steps } = store;
      const list = [
        steps.insert("users", [{ id: "ann", name: "Ann" }]),
        steps.insert("accounts", [{ id: "d", name: "Dune" }]),
        steps.update("accounts", [{ id: "a", version: 1, name: "x" }]),
        steps.delete("accounts", [{ id: "b", version: 1 }]),
        steps.update("accounts", [{ id: "c", version: 2, name: "x" }]),
      ];
      expect(await refused(store.write(list))).toEqual({ code: "guard_failed", entity: "account" });
      expect(await store.find(accounts)).toEqual(untouched);
      expect(await store.list({ table: "users" })).toEqual([]);
    }),
    fact("leaves nothing of the whole list when its first step fails", async (bench) => {
      const store = await bench.open(sales, given);
      const { steps } = store;
      const list = [
        steps.delete("accounts", [{ id: "z", version: 1 }]),
        steps.insert("users", [{ id: "ann", name: "Ann" }]),
      ];
      expect(await refused(store.write(list))).toEqual({ code: "guard_failed", entity: "account" });
      expect(await store.list({ table: "users" })).toEqual([]);
    }),
    fact("goes on working after a refused write", async (bench) => {
      const store = await bench.open(sales, given);
      await refused(store.delete("accounts", [{ id: "z", version: 1 }]));
      await store.insert("accounts", [{ id: "d", name: "Dune", employees: 4 }]);
      expect(await store.list({ table: "accounts" })).toEqual(["a", "b", "c", "d"]);
    }),
    fact("is not altered by changes to the rows that were written or returned", async (bench) => {
      const store = await bench.open(sales);
      const values = ["ann", 1, "Ann"];
      await store.storage.write("tenant-1", [
        { kind: "insert", table: "users", columns: ["id", "version", "name"], rows: [values] },
      ]);
      values[2] = "Altered";
      await store.insert("accounts", [{ id: "a", name: "Acme", owner_id: "ann" }]);
      const owner = {
        cardinality: "one",
        local: "owner_id",
        foreign: "id",
        question: { table: "users", columns: ["id", "name"] },
      } as const;
      const question = { table: "accounts", columns: ["id", "name", "owner_id"], include: [owner] };
      const rows = await store.find(question);
      spoil(rows);
      spoil(await store.aggregate({ table: "accounts", groupBy: [{ path: [], column: "name" }], measures: [] }));
      expect(await store.find(question)).toEqual([["a", "Acme", "ann", ["ann", "Ann"]]]);
    }),
    fact("inserts 20,000 rows in one step", async (bench) => {
      const store = await bench.open(sales);
      const rows = Array.from({ length: 20_000 }, (_, number) => ({
        id: `a${number}`,
        name: `Name ${number}`,
        employees: number,
        revenue: BigInt(number),
      }));
      await store.insert("accounts", rows);
      const measures = [
        { kind: "rows" },
        { kind: "sum", column: "employees" },
        { kind: "countDistinct", column: "revenue" },
      ] as const;
      expect(await store.aggregate({ table: "accounts", measures })).toEqual([[20_000, 199_990_000n, 20_000]]);
    }),
    fact("updates and deletes 5,000 rows in one step each", async (bench) => {
      const ids = Array.from({ length: 5_000 }, (_, number) => `a${number}`);
      const store = await bench.open(sales, { accounts: ids.map((id) => ({ id })) });
      await store.update(
        "accounts",
        ids.map((id, number) => ({ id, version: 1, name: `n${number}`, employees: number, active: true })),
      );
      const measures = [
        { kind: "sum", column: "employees" },
        { kind: "countDistinct", column: "name" },
        { kind: "count", column: "active" },
      ] as const;
      expect(await store.aggregate({ table: "accounts", measures })).toEqual([[12_497_500n, 5_000, 5_000]]);
      await store.delete(
        "accounts",
        ids.slice(1).map((id) => ({ id, version: 2 })),
      );
      expect(await store.list({ table: "accounts" })).toEqual(["a0"]);
    }),
    fact("leaves nothing of a step of 12,000 rows when the last one is refused", async (bench) => {
      const store = await bench.open(sales, { accounts: [{ id: "last" }] });
      const rows = Array.from({ length: 12_000 }, (_, number) => ({ id: number === 11_999 ? "last" : `a${number}` }));
      expect(await refused(store.insert("accounts", rows))).toEqual({
        code: "not_unique",
        entity: "account",
        field: "id",
      });
      expect(await store.list({ table: "accounts" })).toEqual(["last"]);
      const ids = Array.from({ length: 3_000 }, (_, number) => `b${number}`);
      await store.insert(
        "accounts",
        ids.map((id) => ({ id })),
      );
      const guards = [...ids.map((id) => ({ id, version: 1, name: "x" })), { id: "last", version: 2, name: "x" }];
      expect(await refused(store.update("accounts", guards))).toEqual({ code: "guard_failed", entity: "account" });
      expect(await store.list({ table: "accounts", where: eq("name", "x") })).toEqual([]);
    }),
  ],
};

/** Writes into arrays, wherever they are not frozen. */
function spoil(value: unknown): void {
  if (!Array.isArray(value)) return;
  for (const part of value) spoil(part);
  if (Object.isFrozen(value)) return;
  value.reverse();
  value.fill("spoiled");
}
