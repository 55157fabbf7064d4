import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSales, temporaryFile } from "./fixtures/open-sales.ts";
import { deals, sales } from "./fixtures/sales-schema.ts";
import { indexStatistics } from "./planner-statistics.ts";

const index = (columns: readonly string[], unique = false) => ({
  name: "i",
  columns: ["tenant_id", ...columns],
  unique,
});

describe("indexStatistics", () => {
  it("takes a reference for selective, and a list of three values for what it is", () => {
    expect(indexStatistics(deals, index(["account_id"]))).toBe("1000000 100000 20 1");
    expect(indexStatistics(deals, index(["stage", "close_date"]))).toBe("1000000 100000 33333 33 1");
    expect(indexStatistics(deals, index(["won", "id"]))).toBe("1000000 100000 50000 1");
  });

  it("finds one row under a unique rule", () => {
    expect(indexStatistics(deals, index(["id"], true))).toBe("1000000 100000 1");
    expect(indexStatistics(deals, index(["won", "stage"], true))).toBe("1000000 100000 50000 1");
  });
});

describe("a database", () => {
  it("has statistics for every index, and keeps what ANALYZE has counted", async () => {
    const filename = temporaryFile();
    const storage = await openSales(filename);
    const database = new DatabaseSync(filename);
    onTestFinished(() => database.close());
    const known = () => database.prepare("select idx, stat from sqlite_stat1 order by idx").all();
    const indexes = [...sales.tables.values()].flatMap((table) => table.indexes).length;
    expect(known().length).toBe(indexes + 2);

    database.exec("update sqlite_stat1 set stat = '7 1 1 1' where idx = 'deals_title'");
    const column = { name: "note", kind: "text", meaning: "text", nullable: true, field: "note" } as const;
    await storage.migrator.migrate(() => [{ kind: "add_column", table: deals, column }]);
    expect(known()).toContainEqual({ idx: "deals_title", stat: "7 1 1 1" });
    expect(known().length).toBe(indexes + 2);
  });
});
