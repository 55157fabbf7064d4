import type { StorageTransaction } from "@relata/core/adapter";
import { createSqlEngine } from "@relata/sql";
import { describe, expect, it, onTestFinished } from "vitest";
import { adoptHandle } from "./app-handle.ts";
import { drivers, first } from "./fixtures/drivers.ts";
import { failure, ids, temporaryFile } from "./fixtures/open-sales.ts";
import { insert } from "./fixtures/rows.ts";
import { createSales, sales } from "./fixtures/sales-schema.ts";
import { createConnection } from "./sqlite-connection.ts";
import { sqliteDialect } from "./sqlite-dialect.ts";
import { createMigrator } from "./sqlite-migrator.ts";
import { createTransaction } from "./sqlite-transaction.ts";

const small = insert("deals", [{ id: "small", title: "a" }]);
const large = insert("deals", [{ id: "large", title: "x".repeat(1_000_000) }]);

/** A transaction on a database that has no room for much more than its tables. */
async function onFullDisk({ open }: (typeof drivers)[number]) {
  const database = open(temporaryFile());
  onTestFinished(() => void database.close());
  database.exec("pragma journal_mode = wal");
  const connection = createConnection(adoptHandle(database), { database: "crm.db", schema: sales });
  const engine = createSqlEngine({ schema: sales, dialect: sqliteDialect });
  const migrator = createMigrator({
    session: { connection, engine },
    async begin() {
      connection.run("begin immediate");
      return () => {};
    },
  });
  await migrator.migrate(() => createSales);
  database.exec("pragma max_page_count = 30");
  const turns = { ended: 0 };
  const begin = (): StorageTransaction => {
    connection.run("begin immediate");
    return createTransaction(
      { connection, engine },
      {
        endTurn() {
          turns.ended += 1;
        },
      },
    );
  };
  return { database, begin, turns, isTransaction: () => connection.isTransaction };
}

describe.each(drivers)("$name", (driver) => {
  const transactionOnFullDisk = () => onFullDisk(driver);

  describe("a transaction that SQLite has rolled back by itself", () => {
    it("reports the full disk, and then fails whatever is tried, and commits nothing", async () => {
      const { database, begin, turns, isTransaction } = await transactionOnFullDisk();
      const transaction = begin();
      await transaction.write("t", [small]);
      const error = await failure(transaction.write("t", [large]));
      expect([error.code, isTransaction()]).toEqual(["storage_full", false]);

      for (const call of [
        () => transaction.write("t", [small]),
        () => ids(transaction, "deals"),
        () => transaction.savepoint(),
        () => transaction.commit(),
      ]) {
        const later = await failure(call());
        expect([later.code, later.cause]).toEqual(["unit_failed", error]);
      }
      expect(first(database, "select count(*) as rows from deals")).toEqual({ rows: 0 });
      expect(turns.ended).toBe(1);
    });

    it("is rolled back without an error, savepoints included", async () => {
      const { begin, turns } = await transactionOnFullDisk();
      const transaction = begin();
      const savepoint = await transaction.savepoint();
      expect((await failure(transaction.write("t", [small, large]))).code).toBe("storage_full");
      await savepoint.rollback();
      await transaction.rollback();
      expect(turns.ended).toBe(1);
    });

    it("leaves a database that works when there is room again", async () => {
      const { database, begin } = await transactionOnFullDisk();
      const transaction = begin();
      await failure(transaction.write("t", [large]));
      await transaction.rollback();
      database.exec("pragma max_page_count = 100000");
      const next = begin();
      await next.write("t", [small, large]);
      await next.commit();
      expect(first(database, "select count(*) as rows from deals")).toEqual({ rows: 2 });
      expect(first(database, "pragma integrity_check")).toEqual({ integrity_check: "ok" });
    });
  });

  describe("a transaction that has ended", () => {
    it("refuses everything", async () => {
      const { begin, turns } = await transactionOnFullDisk();
      const transaction = begin();
      await transaction.commit();
      expect((await failure(transaction.write("t", [small]))).code).toBe("unit_closed");
      expect((await failure(transaction.commit())).code).toBe("unit_closed");
      expect(turns.ended).toBe(1);
    });
  });
});
