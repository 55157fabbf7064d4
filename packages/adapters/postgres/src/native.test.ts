import { randomUUID } from "node:crypto";
import { createCrm } from "@relata/core";
import { sql } from "kysely";
import { beforeAll, describe, expect, expectTypeOf, it, onTestFinished } from "vitest";
import { type AppTables, countInvoices, createInvoices } from "./fixtures/app-transaction.ts";
import { appPool, failure, query, sharedSchema } from "./fixtures/schema.ts";
import { type PostgresNative, postgres } from "./postgres-adapter.ts";

const place = sharedSchema();
const invoices = `${place.schema}.invoice` as "invoice";

beforeAll(async () => {
  await (await createCrm({ storage: postgres(place) })).close();
  await createInvoices(place);
});

const SOURCES = {
  "the CRM's own pool": () => place,
  "the application's pool": () => ({ pool: appPool(place), schema: place.schema }),
};

async function open(source: keyof typeof SOURCES = "the CRM's own pool") {
  const crm = await createCrm({ storage: postgres<AppTables>(SOURCES[source]()), migrate: "off" });
  onTestFinished(() => crm.close());
  return crm;
}

describe.each(Object.keys(SOURCES) as (keyof typeof SOURCES)[])("native inside of a unit, on %s", (source) => {
  it("commits the application's rows with the CRM's", async () => {
    const crm = await open(source);
    const before = await countInvoices(place);
    const name = randomUUID();
    await crm.transaction(async (tx) => {
      await tx.accounts.create({ name });
      expectTypeOf(tx.native()).toEqualTypeOf<PostgresNative<AppTables>>();
      const rows = await tx
        .native()
        .insertInto(invoices)
        .values([{ total: 1 }, { total: 2 }])
        .returning("total")
        .execute();
      expect(rows).toEqual([{ total: 1 }, { total: 2 }]);
      const { numUpdatedRows } = await tx
        .native()
        .updateTable(invoices)
        .set({ total: 2 })
        .where("total", "=", 1)
        .executeTakeFirstOrThrow();
      expect(numUpdatedRows).toBeGreaterThanOrEqual(1n);
    });
    expect([(await countInvoices(place)) - before, await crm.accounts.count({ where: { name } })]).toEqual([2, 1]);
  });

  it("undoes both when the unit throws", async () => {
    const crm = await open(source);
    const before = await countInvoices(place);
    const name = randomUUID();
    const unit = crm.transaction(async (tx) => {
      await tx.accounts.create({ name });
      await tx.native().insertInto(invoices).values({ total: 1 }).execute();
      throw new Error("no");
    });
    await expect(unit).rejects.toThrow("no");
    expect([(await countInvoices(place)) - before, await crm.accounts.count({ where: { name } })]).toEqual([0, 0]);
  });

  it("fails the unit with a statement that failed, also where the failure was caught", async () => {
    const crm = await open(source);
    const before = await countInvoices(place);
    const error = await failure(
      crm.transaction(async (tx) => {
        await tx.native().insertInto(invoices).values({ total: 1 }).execute();
        await tx
          .native()
          .insertInto(invoices)
          .values({ total: -1 })
          .execute()
          .catch(() => undefined);
      }),
    );
    expect(error.code).toBe("unit_failed");
    expect(error.message).toContain("invoice_total_check");
    expect((await countInvoices(place)) - before).toBe(0);
  });

  it("is undone with the savepoint that it belongs to, and only with it", async () => {
    const crm = await open(source);
    const before = await countInvoices(place);
    await crm.transaction(async (tx) => {
      await tx.native().insertInto(invoices).values({ total: 1 }).execute();
      await tx
        .transaction(async (inner) => {
          await inner.native().insertInto(invoices).values({ total: 2 }).execute();
          await inner.native().insertInto(invoices).values({ total: -2 }).execute();
        })
        .catch(() => undefined);
      await tx.native().insertInto(invoices).values({ total: 3 }).execute();
    });
    expect((await countInvoices(place)) - before).toBe(2);
  });

  it.each([
    "commit",
    "  ROLLBACK",
    "-- now\nbegin",
    "-- now\rcommit",
    "/* /* x */ */ savepoint a",
    "release a",
    "end",
    "prepare transaction 'a'",
    "select 1; commit",
    "select 1 where 'a' = $1; commit",
  ])("refuses %j, which would end the unit or begin another", async (text) => {
    const crm = await open(source);
    const name = randomUUID();
    const unit = crm.transaction(async (tx) => {
      await tx.accounts.create({ name });
      await sql.raw(text).execute(tx.native());
    });
    expect((await failure(unit)).code).toBe("native_refused");
    expect(await crm.accounts.count({ where: { name } })).toBe(0);
  });

  it("fails with unit_closed after the unit has ended", async () => {
    const crm = await open(source);
    const kept = await crm.transaction(async (tx) => {
      await tx.accounts.create({ name: randomUUID() });
      return tx.native();
    });
    expect((await failure(kept.selectFrom(invoices).selectAll().execute())).code).toBe("unit_closed");
  });

  it("outside of a unit only reads, and does not wait for an open unit", async () => {
    const crm = await open(source);
    const outside = crm.native();
    const count = async () =>
      (await outside.selectFrom(invoices).select("total").where("total", "=", 77).execute()).length;
    let tell = () => {};
    const written = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const seen = written.then(count);
    await crm.transaction(async (tx) => {
      await tx.native().insertInto(invoices).values({ total: 77 }).execute();
      tell();
      expect(await seen).toBe(0);
      await tx.native().deleteFrom(invoices).where("total", "=", 77).execute();
    });
    const error = await failure(outside.insertInto(invoices).values({ total: 78 }).execute());
    expect(error.code).toBe("native_refused");
    expect(await query(place, `select 1 from "${place.schema}".invoice where total = 78`)).toEqual([]);
    expect(await crm.accounts.count({ where: { name: "none" } })).toBe(0);
  });
});

it("gives the application's rows as its own parsers make them", async () => {
  const pool = appPool(place, {
    types: { getTypeParser: () => (text: unknown) => `parsed ${text}` } as never,
  });
  const crm = await createCrm({ storage: postgres({ pool, schema: place.schema }), migrate: "off" });
  onTestFinished(() => crm.close());
  const account = await crm.accounts.create({ name: "Plain" });
  expect(await crm.accounts.get(account.id)).toEqual(account);
  const { rows } = await sql`select 1 as one`.execute(crm.native());
  expect(rows).toEqual([{ one: "parsed 1" }]);
});
