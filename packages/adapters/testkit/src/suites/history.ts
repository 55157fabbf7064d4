/** What superseded and deleted rows become, and the two steps that only history needs. */
import type { WriteStep } from "@relata/core/adapter";
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { firstTenant, type Store, secondTenant } from "../bench/store.ts";
import { kept } from "../schema/kept.ts";

const given = {
  accounts: [
    { id: "a", name: "Acme", updated_at: 10 },
    { id: "b", name: "Beta", updated_at: 10 },
  ],
};

/** id, version, name, updated_at, ended_at, ended_by: all that history has of the accounts. */
const past = (talk: Pick<Store, "find">, tenantId?: string) =>
  talk.find(
    {
      table: "accounts__history",
      columns: ["id", "version", "name", "updated_at", "ended_at", "ended_by"],
      orderBy: ["id", "version"],
    },
    tenantId,
  );
const present = (talk: Pick<Store, "find">) => talk.find({ table: "accounts", columns: ["id", "version", "name"] });

const rename = (store: Store, [id, version, name, at]: readonly [string, number, string, number]) =>
  store.steps.update("accounts", [{ id, version, name, updated_at: at }], { endedAt: at, endedBy: "ann" });
const remove = (store: Store, [id, version, at]: readonly [string, number, number]) =>
  store.steps.delete("accounts", [{ id, version }], { endedAt: at, endedBy: "bob" });

const erase = (table: string, ...ids: readonly string[]): WriteStep => ({ kind: "erase", table, ids });
const forbidNamed = (name: string): WriteStep => ({
  kind: "forbid",
  table: "accounts",
  where: { kind: "compare", column: "name", operator: "eq", value: 0 },
  params: [name],
  reason: "taken",
});

export const history: Suite = {
  name: "history",
  facts: [
    fact("keeps nothing of a row that is inserted", async (bench) => {
      const store = await bench.open(kept, given);
      expect(await past(store)).toEqual([]);
    }),
    fact("keeps each row of an update as it was, with when and by whom it was ended", async (bench) => {
      const store = await bench.open(kept, given);
      const names = [
        { id: "a", version: 1, name: "A", updated_at: 20 },
        { id: "b", version: 1, name: "B", updated_at: 20 },
      ];
      await store.write([store.steps.update("accounts", names, { endedAt: 20, endedBy: "ann" })]);
      expect(await past(store)).toEqual([
        ["a", 1, "Acme", 10, 20, "ann"],
        ["b", 1, "Beta", 10, 20, "ann"],
      ]);
      expect(await present(store)).toEqual([
        ["a", 2, "A"],
        ["b", 2, "B"],
      ]);
    }),
    fact("keeps a row that is deleted, and nobody where no one is named", async (bench) => {
      const store = await bench.open(kept, given);
      await store.write([store.steps.delete("accounts", [{ id: "a", version: 1 }], { endedAt: 30 })]);
      expect(await past(store)).toEqual([["a", 1, "Acme", 10, 30, null]]);
      expect(await present(store)).toEqual([["b", 1, "Beta"]]);
    }),
    fact("keeps every version of a row that changes several times in one list and one instant", async (bench) => {
      const store = await bench.open(kept, given);
      await store.write([
        rename(store, ["a", 1, "A", 20]),
        rename(store, ["a", 2, "AA", 20]),
        remove(store, ["a", 3, 20]),
      ]);
      expect(await past(store)).toEqual([
        ["a", 1, "Acme", 10, 20, "ann"],
        ["a", 2, "A", 20, 20, "ann"],
        ["a", 3, "AA", 20, 20, "bob"],
      ]);
    }),
    fact("keeps the values of all columns, the unchanged ones too", async (bench) => {
      const store = await bench.open(kept, given);
      const deal = {
        id: "d",
        name: "Deal",
        updated_at: 10,
        account_id: "a",
        stage: "won",
        amount: 2n ** 60n,
        probability: 40,
        close_date: "2026-01-31",
      };
      await store.insert("deals", [deal]);
      await store.write([store.steps.update("deals", [{ id: "d", version: 1, stage: "lost" }], { endedAt: 20 })]);
      const columns = ["name", "account_id", "stage", "amount", "probability", "close_date"];
      expect(await store.find({ table: "deals__history", columns })).toEqual([
        ["Deal", "a", "won", 2n ** 60n, 40, "2026-01-31"],
      ]);
    }),
    fact("keeps versions that lead to rows that are gone", async (bench) => {
      const store = await bench.open(kept, given);
      await store.insert("deals", [{ id: "d", account_id: "a", updated_at: 10 }]);
      await store.write([store.steps.delete("deals", [{ id: "d", version: 1 }], { endedAt: 20 })]);
      await store.write([remove(store, ["a", 1, 20])]);
      expect(await store.find({ table: "deals__history", columns: ["id", "account_id"] })).toEqual([["d", "a"]]);
    }),
    fact("keeps equal values of a unique rule, again and again", async (bench) => {
      const store = await bench.open(kept, given);
      await store.write([remove(store, ["a", 1, 20])]);
      await store.insert("accounts", [{ id: "c", name: "Acme", updated_at: 20 }]);
      await store.write([remove(store, ["c", 1, 30])]);
      expect(await past(store)).toEqual([
        ["a", 1, "Acme", 10, 20, "bob"],
        ["c", 1, "Acme", 20, 30, "bob"],
      ]);
    }),
    fact("goes on with the versions of a row that is inserted again after its delete", async (bench) => {
      const store = await bench.open(kept, given);
      await store.write([remove(store, ["a", 1, 20])]);
      await store.insert("accounts", [{ id: "a", version: 2, name: "Again", updated_at: 30 }]);
      await store.write([rename(store, ["a", 2, "A", 40])]);
      expect(await past(store)).toEqual([
        ["a", 1, "Acme", 10, 20, "bob"],
        ["a", 2, "Again", 30, 40, "ann"],
      ]);
    }),
    fact("refuses to keep a version of a row that it has already, and changes nothing", async (bench) => {
      const store = await bench.open(kept, given);
      await store.write([remove(store, ["a", 1, 20])]);
      await store.insert("accounts", [{ id: "a", name: "Again", updated_at: 30 }]);
      const refusal = { code: "not_unique", entity: "account", field: "id" };
      expect(await refused(store.write([rename(store, ["a", 1, "A", 40])]))).toEqual(refusal);
      expect(await past(store)).toEqual([["a", 1, "Acme", 10, 20, "bob"]]);
      expect(await present(store)).toEqual([
        ["a", 1, "Again"],
        ["b", 1, "Beta"],
      ]);
    }),
    fact("keeps nothing when a guard fails, and names exactly the rows that failed", async (bench) => {
      const store = await bench.open(kept, given);
      const stale = [
        { id: "a", version: 1, name: "A", updated_at: 20 },
        { id: "b", version: 7, name: "B", updated_at: 20 },
        { id: "absent", version: 1, name: "C", updated_at: 20 },
      ];
      const update = store.steps.update("accounts", stale, { endedAt: 20 });
      expect((await refusedDetails(store.write([update]))).ids).toEqual(["b", "absent"]);
      const removal = store.steps.delete("accounts", stale, { endedAt: 20 });
      expect((await refusedDetails(store.write([removal]))).ids).toEqual(["b", "absent"]);
      expect(await past(store)).toEqual([]);
      expect(await present(store)).toEqual([
        ["a", 1, "Acme"],
        ["b", 1, "Beta"],
      ]);
    }),
    fact("keeps nothing of a list whose last step fails", async (bench) => {
      const store = await bench.open(kept, given);
      const steps = [
        rename(store, ["a", 1, "A", 20]),
        store.steps.insert("accounts", [{ id: "c", name: "Beta", updated_at: 20 }]),
      ];
      expect(await refused(store.write(steps))).toMatchObject({ code: "not_unique", field: "name" });
      expect(await past(store)).toEqual([]);
    }),
    fact("keeps nothing of a delete that breaks a reference", async (bench) => {
      const store = await bench.open(kept, given);
      await store.insert("deals", [{ id: "d", account_id: "a", updated_at: 10 }]);
      expect(await refused(store.write([remove(store, ["a", 1, 20])]))).toMatchObject({ code: "still_referenced" });
      expect(await past(store)).toEqual([]);
    }),
    fact("is taken back with a savepoint and with a unit, and stays after a commit", async (bench) => {
      const store = await bench.open(kept, given);
      const unit = await store.begin();
      await unit.write([rename(store, ["a", 1, "A", 20])]);
      const savepoint = await unit.savepoint();
      await unit.write([rename(store, ["a", 2, "AA", 30]), remove(store, ["b", 1, 30])]);
      expect((await past(unit)).length).toBe(3);
      await savepoint.rollback();
      expect(await past(unit)).toEqual([["a", 1, "Acme", 10, 20, "ann"]]);
      await unit.commit();
      expect(await past(store)).toEqual([["a", 1, "Acme", 10, 20, "ann"]]);

      const other = await store.begin();
      await other.write([rename(store, ["a", 2, "AA", 30])]);
      await other.rollback();
      expect(await past(store)).toEqual([["a", 1, "Acme", 10, 20, "ann"]]);
      expect(await present(store)).toEqual([
        ["a", 2, "A"],
        ["b", 1, "Beta"],
      ]);
    }),
    fact("belongs to the tenant whose row it was", async (bench) => {
      const store = await bench.open(kept, given);
      await store.insert("accounts", [{ id: "a", name: "Other", updated_at: 10 }], secondTenant);
      await store.write([rename(store, ["a", 1, "A", 20])]);
      expect(await past(store, secondTenant)).toEqual([]);
      await store.write([remove(store, ["a", 1, 30])], secondTenant);
      expect(await past(store, secondTenant)).toEqual([["a", 1, "Other", 10, 30, "bob"]]);
      expect(await past(store, firstTenant)).toEqual([["a", 1, "Acme", 10, 20, "ann"]]);
    }),
    fact("loses a row that is erased from the table and all its versions, of this tenant alone", async (bench) => {
      const store = await bench.open(kept, given);
      await store.insert("accounts", [{ id: "a", name: "Other", updated_at: 10 }], secondTenant);
      await store.write([rename(store, ["a", 1, "Theirs", 20])], secondTenant);
      await store.write([
        rename(store, ["a", 1, "A", 20]),
        rename(store, ["a", 2, "AA", 30]),
        remove(store, ["b", 1, 30]),
      ]);
      await store.write([erase("accounts", "a", "absent")]);
      expect(await present(store)).toEqual([]);
      expect(await past(store)).toEqual([["b", 1, "Beta", 10, 30, "bob"]]);
      await store.write([erase("accounts", "b")]);
      expect(await past(store)).toEqual([]);
      expect(await past(store, secondTenant)).toEqual([["a", 1, "Other", 10, 20, "ann"]]);
    }),
    fact("refuses to erase a row that others refer to, unless the same list takes them away", async (bench) => {
      const store = await bench.open(kept, given);
      await store.insert("deals", [{ id: "d", account_id: "a", updated_at: 10 }]);
      const refusal = { code: "still_referenced", entity: "deal", field: "accountId" };
      expect(await refused(store.write([erase("accounts", "a")]))).toEqual(refusal);
      expect((await present(store)).length).toBe(2);
      await store.write([erase("accounts", "a"), erase("deals", "d")]);
      expect(await present(store)).toEqual([["b", 1, "Beta"]]);
    }),
    fact("takes an erasure back with its list and with its unit", async (bench) => {
      const store = await bench.open(kept, given);
      await store.write([rename(store, ["a", 1, "A", 20])]);
      expect(await refused(store.write([erase("accounts", "a"), remove(store, ["b", 9, 30])]))).toMatchObject({
        code: "guard_failed",
      });
      const unit = await store.begin();
      await unit.write([erase("accounts", "a")]);
      expect(await past(unit)).toEqual([]);
      await unit.rollback();
      expect(await past(store)).toEqual([["a", 1, "Acme", 10, 20, "ann"]]);
      expect((await present(store)).length).toBe(2);
    }),
    fact("lets a list pass that forbids what is not there", async (bench) => {
      const store = await bench.open(kept, given);
      await store.write([forbidNamed("Core"), rename(store, ["a", 1, "A", 20]), forbidNamed("Acme")]);
      expect((await present(store))[0]).toEqual(["a", 2, "A"]);
    }),
    fact("leaves nothing of a list that forbids what is there, and says which rows and why", async (bench) => {
      const store = await bench.open(kept, given);
      const details = await refusedDetails(store.write([rename(store, ["a", 1, "A", 20]), forbidNamed("Beta")]));
      expect(details).toEqual({ entity: "account", ids: ["b"], reason: "taken" });
      expect(await refused(store.write([forbidNamed("Acme")]))).toEqual({ code: "guard_failed", entity: "account" });
      expect(await past(store)).toEqual([]);
    }),
    fact("forbids what the list itself has done so far, and nothing of other tenants", async (bench) => {
      const store = await bench.open(kept, given);
      await store.insert("accounts", [{ id: "x", name: "Theirs", updated_at: 10 }], secondTenant);
      await store.write([forbidNamed("Theirs"), forbidNamed("A")]);
      expect(await refusedDetails(store.write([rename(store, ["a", 1, "A", 20]), forbidNamed("A")]))).toMatchObject({
        ids: ["a"],
      });
    }),
    fact("forbids through relations, and names the first 100 rows in the order of their ids", async (bench) => {
      const store = await bench.open(kept, given);
      const ids = Array.from({ length: 130 }, (_, at) => `d${String(129 - at).padStart(3, "0")}`);
      await store.insert(
        "deals",
        ids.map((id) => ({ id, account_id: "a", updated_at: 10 })),
      );
      const details = await refusedDetails(
        store.write([
          {
            kind: "forbid",
            table: "deals",
            where: {
              kind: "relation",
              quantifier: "some",
              table: "accounts",
              local: "account_id",
              foreign: "id",
              where: { kind: "in", column: "name", values: 0 },
            },
            params: [["Acme", "Core"]],
            reason: "open deals",
          },
        ]),
      );
      expect(details).toMatchObject({ entity: "deal", reason: "open deals" });
      expect(details.ids).toEqual(ids.sort().slice(0, 100));
    }),
    fact("knows the tenants that have rows in a table", async (bench) => {
      const store = await bench.open(kept, given);
      expect(await store.storage.tenants("deals")).toEqual([]);
      expect(await store.storage.tenants("accounts")).toEqual([firstTenant]);
      await store.insert("accounts", [{ id: "a", name: "Other", updated_at: 10 }], secondTenant);
      expect([...(await store.storage.tenants("accounts"))].sort()).toEqual([firstTenant, secondTenant]);
      expect(await store.storage.tenants("accounts__history")).toEqual([]);
      await store.write([erase("accounts", "a", "b")]);
      expect(await store.storage.tenants("accounts")).toEqual([secondTenant]);
    }),
  ],
};
