import { describe, expect, it } from "vitest";
import { failure, ids, openSales } from "./fixtures/open-sales.ts";
import { insert } from "./fixtures/rows.ts";

const account = (id: string, more: object = {}) => insert("accounts", [{ id, name: id, ...more }]);
const deal = (id: string, account_id: string) => insert("deals", [{ id, title: id, account_id }]);

describe("references within one write", () => {
  it("may lead to rows further down the list, and round in a circle", async () => {
    const storage = await openSales(":memory:");
    await storage.write("t", [deal("d1", "a1"), account("a1", { main_deal_id: "d1" })]);
    expect([await ids(storage, "accounts"), await ids(storage, "deals")]).toEqual([["a1"], ["d1"]]);
  });

  it("are all deleted at once, referred to first", async () => {
    const storage = await openSales(":memory:");
    await storage.write("t", [deal("d1", "a1"), account("a1", { main_deal_id: "d1" })]);
    const gone = (table: string, id: string) => ({ kind: "delete", table, rows: [{ id, version: 1 }] }) as const;
    await storage.write("t", [gone("accounts", "a1"), gone("deals", "d1")]);
    expect([await ids(storage, "accounts"), await ids(storage, "deals")]).toEqual([[], []]);
  });

  it("name what is missing when the list ends", async () => {
    const storage = await openSales(":memory:");
    const error = await failure(storage.write("t", [deal("d1", "a1"), account("a1"), deal("d2", "nowhere")]));
    expect([error.code, error.details]).toEqual([
      "reference_not_found",
      { entity: "deal", field: "accountId", reference: "nowhere" },
    ]);
    expect(await ids(storage, "accounts")).toEqual([]);
  });

  it("name who still refers", async () => {
    const storage = await openSales(":memory:");
    await storage.write("t", [account("a1"), account("a2", { parent_id: "a1" })]);
    const error = await failure(
      storage.write("t", [{ kind: "delete", table: "accounts", rows: [{ id: "a1", version: 1 }] }]),
    );
    expect([error.code, error.details]).toEqual(["still_referenced", { entity: "account", field: "parentId" }]);
    expect(await ids(storage, "accounts")).toEqual(["a1", "a2"]);
  });

  it("name who still refers when a row is written again with the reference that it had", async () => {
    const storage = await openSales(":memory:");
    await storage.write("t", [account("a1"), deal("d1", "a1")]);
    const rows = [{ id: "d1", version: 1, values: ["a1", 2] }];
    const again = { kind: "update", table: "deals", columns: ["account_id", "version"], rows } as const;
    const gone = { kind: "delete", table: "accounts", rows: [{ id: "a1", version: 1 }] } as const;
    const error = await failure(storage.write("t", [again, gone]));
    expect([error.code, error.details]).toEqual(["still_referenced", { entity: "deal", field: "accountId" }]);
  });

  it("are judged by what is left when the list ends", async () => {
    const storage = await openSales(":memory:");
    const gone = { kind: "delete", table: "deals", rows: [{ id: "d1", version: 1 }] } as const;
    await storage.write("t", [deal("d1", "nowhere"), gone]);
    expect(await ids(storage, "deals")).toEqual([]);
  });
});

describe("references within a unit", () => {
  it("are checked at the end of each write again after one whose check was put off", async () => {
    const storage = await openSales(":memory:");
    const unit = await storage.begin();
    await unit.write("t", [deal("d1", "a1"), account("a1")]);
    const savepoint = await unit.savepoint();
    const error = await failure(unit.write("t", [deal("d2", "a2")]));
    expect(error.details).toEqual({ entity: "deal", field: "accountId", reference: "a2" });
    await savepoint.rollback();
    await unit.write("t", [account("a2")]);
    await unit.commit();
    expect([await ids(storage, "accounts"), await ids(storage, "deals")]).toEqual([["a1", "a2"], ["d1"]]);
  });

  it("leave nothing of a row that is refused after another was refused outside of the unit", async () => {
    const storage = await openSales(":memory:");
    await failure(storage.write("t", [deal("d1", "nowhere")]));
    const unit = await storage.begin();
    const savepoint = await unit.savepoint();
    await failure(unit.write("t", [deal("d1", "nowhere")]));
    await savepoint.rollback();
    await unit.write("t", [account("a1"), deal("d1", "a1")]);
    await unit.commit();
    expect(await ids(storage, "deals")).toEqual(["d1"]);
  });

  it("leave a unit whose write broke one fit only for being undone, also when its savepoint would be kept", async () => {
    const storage = await openSales(":memory:");
    const unit = await storage.begin();
    const savepoint = await unit.savepoint();
    const error = await failure(unit.write("t", [deal("d1", "a1"), account("a2")]));
    for (const next of [() => savepoint.release(), () => unit.write("t", [account("a3")]), () => unit.commit()])
      expect(await failure(next())).toMatchObject({ code: "unit_failed", cause: error });
    expect([await ids(storage, "accounts"), await ids(storage, "deals")]).toEqual([[], []]);
  });
});
