import { CrmError, createCrm } from "@relata/core";
import { type Generated, sql } from "kysely";
import { describe, expect, expectTypeOf, it, onTestFinished } from "vitest";
import { drivers } from "./fixtures/drivers.ts";
import { failure, temporaryFile } from "./fixtures/open-sales.ts";
import { type SqliteNative, sqlite } from "./sqlite-adapter.ts";

interface AppTables {
  invoice: { id: Generated<number>; account_id: string; total: number };
}

/** A file with a table of the application's own. */
function fileWith(driver: (typeof drivers)[number]): string {
  const filename = temporaryFile();
  const database = driver.open(filename);
  database.exec(
    "create table invoice (id integer primary key, account_id text not null unique, total integer not null)",
  );
  database.close();
  return filename;
}

async function openWith(driver: (typeof drivers)[number], filename = fileWith(driver)) {
  const storage = sqlite<AppTables>({ filename, durability: "relaxed", ...driver.options });
  const crm = await createCrm({ storage, waitTimeoutMs: 300 });
  onTestFinished(() => crm.close());
  return crm;
}

type AppCrm = Awaited<ReturnType<typeof openWith>>;

async function totals(crm: AppCrm): Promise<number[]> {
  const rows = await crm.native().selectFrom("invoice").select("total").orderBy("id").execute();
  return rows.map(({ total }) => total);
}

describe.each(drivers)("$name", (driver) => {
  const appFile = () => fileWith(driver);
  const open = (filename?: string) => openWith(driver, filename);

  describe("native inside of a unit", () => {
    it("commits the application's rows with the CRM's", async () => {
      const crm = await open();
      const inserted = await crm.transaction(async (tx) => {
        const account = await tx.accounts.create({ name: "Acme" });
        expectTypeOf(tx.native()).toEqualTypeOf<SqliteNative<AppTables>>();
        const result = await tx
          .native()
          .insertInto("invoice")
          .values({ account_id: account.id, total: 120 })
          .executeTakeFirstOrThrow();
        return result.insertId;
      });
      expect(inserted).toBe(1n);
      expect(await totals(crm)).toEqual([120]);
      expect(await crm.accounts.count()).toBe(1);
    });

    it("undoes both when the unit throws", async () => {
      const crm = await open();
      const unit = crm.transaction(async (tx) => {
        await tx.accounts.create({ name: "Acme" });
        await tx.native().insertInto("invoice").values({ account_id: "a", total: 1 }).execute();
        throw new Error("no");
      });
      await expect(unit).rejects.toThrow("no");
      expect(await totals(crm)).toEqual([]);
      expect(await crm.accounts.count()).toBe(0);
    });

    it("reads what the unit has written, also where nothing was sent before", async () => {
      const crm = await open();
      const rows = await crm.transaction(async (tx) => {
        await tx.native().insertInto("invoice").values({ account_id: "a", total: 7 }).execute();
        await tx.accounts.create({ name: "Acme" });
        const { rows } = await sql<{ name: string }>`select name from account`.execute(tx.native());
        return [rows.map(({ name }) => name), await totals(tx)];
      });
      expect(rows).toEqual([["Acme"], [7]]);
    });

    it("gives the number of rows changed and what RETURNING returns", async () => {
      const crm = await open();
      await crm.transaction(async (tx) => {
        const rows = [1, 2].map((total) => ({ account_id: `a${total}`, total }));
        const returned = await tx.native().insertInto("invoice").values(rows).returning("id").execute();
        expect(returned.map(({ id }) => id)).toEqual([1, 2]);
        const { numUpdatedRows } = await tx.native().updateTable("invoice").set({ total: 0 }).executeTakeFirstOrThrow();
        expect(numUpdatedRows).toBe(2n);
      });
    });

    it("fails the unit with a statement that failed, also where the failure was caught", async () => {
      const crm = await open();
      const error = await failure(
        crm.transaction(async (tx) => {
          await tx.accounts.create({ name: "Acme" });
          await tx.native().insertInto("invoice").values({ account_id: "a", total: 1 }).execute();
          await tx
            .native()
            .insertInto("invoice")
            .values({ account_id: "a", total: 2 })
            .execute()
            .catch(() => undefined);
        }),
      );
      expect(error.code).toBe("unit_failed");
      expect(error.message).toContain("UNIQUE constraint failed: invoice.account_id");
      expect([await totals(crm), await crm.accounts.count()]).toEqual([[], 0]);
    });

    it("is undone with the savepoint that it belongs to, and only with it", async () => {
      const crm = await open();
      await crm.transaction(async (tx) => {
        await tx.native().insertInto("invoice").values({ account_id: "kept", total: 1 }).execute();
        await tx
          .transaction(async (inner) => {
            await inner.native().insertInto("invoice").values({ account_id: "undone", total: 2 }).execute();
            throw new Error("no");
          })
          .catch(() => undefined);
      });
      expect(await totals(crm)).toEqual([1]);
    });

    it("takes its turn among the CRM's own statements", async () => {
      const crm = await open();
      await crm.transaction(async (tx) => {
        await Promise.all(
          [1, 2, 3, 4, 5].flatMap((total) => [
            tx.accounts.create({ name: `Account ${total}` }),
            tx
              .native()
              .insertInto("invoice")
              .values({ account_id: `a${total}`, total })
              .execute(),
          ]),
        );
      });
      expect(await totals(crm)).toEqual([1, 2, 3, 4, 5]);
      expect(await crm.accounts.count()).toBe(5);
    });

    it("fails with unit_closed after the unit has ended", async () => {
      const crm = await open();
      const kept = await crm.transaction(async (tx) => tx.native());
      expect((await failure(kept.selectFrom("invoice").selectAll().execute())).code).toBe("unit_closed");
    });

    it.each(["commit", "  ROLLBACK", "-- now\nbegin immediate", "/* x */ savepoint a", "release a", "end"])(
      "refuses %j, which would end the unit or begin another",
      async (statement) => {
        const crm = await open();
        const error = await failure(crm.transaction(async (tx) => sql.raw(statement).execute(tx.native())));
        expect(error.code).toBe("native_refused");
      },
    );

    it("refuses a transaction of the query builder's own", async () => {
      const crm = await open();
      const unit = crm.transaction(async (tx) =>
        tx
          .native()
          .transaction()
          .execute(async () => 1),
      );
      expect((await failure(unit)).code).toBe("native_refused");
    });

    it("reads integers as numbers, and fails where one would be rounded", async () => {
      const crm = await open();
      const read = (text: string) => crm.transaction(async (tx) => (await sql.raw(text).execute(tx.native())).rows);
      expect(await read("select 9007199254740991 as n, -1 as m, 1.5 as r, null as e")).toEqual([
        { n: 9007199254740991, m: -1, r: 1.5, e: null },
      ]);
      expect(await read("select cast(9007199254740993 as text) as n")).toEqual([{ n: "9007199254740993" }]);
      const error = await failure(read("select 9007199254740993 as n"));
      expect(error.message).toContain("too large to be represented as a JavaScript number: 9007199254740993");
    });

    it("refuses a parameter that the driver would take for something else", async () => {
      const crm = await open();
      const unit = crm.transaction(async (tx) => sql`select ${new Date(0)}`.execute(tx.native()));
      expect((await failure(unit)).code).toBe("value_refused");
    });
  });

  describe("native outside of a unit", () => {
    it.each([
      ["a file", () => appFile()],
      ["memory", () => ":memory:"],
    ])("reads and does not write, on %s", async (_, filename) => {
      const crm = await open(filename());
      await crm.accounts.create({ name: "Acme" });
      const { rows } = await sql<{ name: string }>`select name from account`.execute(crm.native());
      expect(rows).toEqual([{ name: "Acme" }]);
      const error = await failure(sql`update account set name = 'x'`.execute(crm.native()));
      expect(error.code).toBe("native_refused");
      expect((await crm.accounts.find({}))?.name).toBe("Acme");
      await crm.accounts.create({ name: "Globex" });
    });

    it("does not wait for an open unit on a file, and sees nothing of it", async () => {
      const crm = await open();
      const outside = crm.native();
      let seen: number[] | undefined;
      let begun = () => {};
      const reading = new Promise<void>((resolve) => {
        begun = resolve;
      }).then(async () => {
        seen = (await outside.selectFrom("invoice").select("total").execute()).map(({ total }) => total);
      });
      await crm.transaction(async (tx) => {
        await tx.native().insertInto("invoice").values({ account_id: "a", total: 1 }).execute();
        begun();
        await reading;
      });
      expect(seen).toEqual([]);
    });

    it("is refused inside of an open unit, also where it was taken before", async () => {
      const crm = await open();
      const outside = crm.native();
      const unit = crm.transaction(async () => outside.selectFrom("invoice").selectAll().execute());
      expect((await failure(unit)).code).toBe("outer_handle");
      expect((await failure(crm.transaction(async () => crm.native()))).code).toBe("outer_handle");
    });
  });

  it("a handle bound to a tenant has no native, and a unit has it from the handle that it began with", async () => {
    const crm = await open();
    expect(() => crm.as({ tenantId: "north" }).native()).toThrow(CrmError);
    await crm.transaction(async (tx) => {
      const north = tx.as({ tenantId: "north", actorId: "u" });
      await north.accounts.create({ name: "Acme" });
      await tx.native().insertInto("invoice").values({ account_id: "a", total: 3 }).execute();
    });
    expect(await totals(crm.as({ actorId: "u" }))).toEqual([3]);
    expect(await crm.as({ tenantId: "north" }).accounts.count()).toBe(1);
  });

  it("a handle that reads the past has no native, which would see the present", async () => {
    const crm = await open();
    expect(() => crm.asOf(new Date(0)).native()).toThrow("reads the past");
    await crm.transaction(async (tx) => {
      expect(() => tx.asOf(new Date(0)).native()).toThrow("reads the past");
    });
  });
});
