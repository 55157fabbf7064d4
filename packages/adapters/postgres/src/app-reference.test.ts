/** References to tables of the application's own. */
import { appReference, createCrm, date, defineEntity } from "@relata/core";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { ownDatabase } from "./fixtures/own-database.ts";
import { failure, query } from "./fixtures/schema.ts";
import { postgres } from "./postgres-adapter.ts";

const shipment = defineEntity("shipment", {
  plural: "shipments",
  fields: {
    day: date(),
    orderId: appReference({ table: "orders", column: "id", kind: "integer" }),
    siteId: appReference({ table: "site", column: "code", kind: "text" }).optional(),
  },
});
const day = "2026-06-15";

const database = ownDatabase();
const run = (text: string) => query({ connectionString: database.url() }, text);
const open = async () => {
  const crm = await createCrm({ storage: postgres({ connectionString: database.url() }), entities: [shipment] });
  onTestFinished(() => crm.close());
  return crm;
};

beforeAll(async () => {
  await run(`
    create table orders (id integer primary key, total integer);
    create table site (code varchar(20) not null unique, name text, lot integer, part integer);
    create unique index on site (lot) where lot > 0;
    create unique index on site (lot, part);
    create table ticket (id uuid primary key);
    insert into orders (id, total) values (1, 10), (2, 20);
    insert into site (code) values ('north')`);
});

describe("a reference to a table of the application", () => {
  it("holds the key of a row that exists, of any whole number or text type", async () => {
    const crm = await open();
    const { id } = await crm.shipments.create({ day, orderId: 1, siteId: "north" });
    expect(await crm.shipments.get(id)).toMatchObject({ orderId: 1, siteId: "north" });
  });

  it.each([
    ["orderId", "3", { day, orderId: 3 }],
    ["siteId", "south", { day, orderId: 1, siteId: "south" }],
  ] as const)("refuses a row that does not exist, with the name of the field: %s", async (field, reference, input) => {
    const crm = await open();
    const before = await crm.shipments.count();
    const error = await failure(crm.shipments.create(input));
    expect([error.code, error.details]).toEqual(["reference_not_found", { entity: "shipment", field, reference }]);
    expect(await crm.shipments.count()).toBe(before);
  });

  it("keeps the application from deleting the row", async () => {
    const crm = await open();
    await crm.shipments.create({ day, orderId: 2 });
    await expect(run("delete from orders where id = 2")).rejects.toMatchObject({ code: "23503" });
  });

  it("is found there when the CRM is opened again", async () => {
    await open();
    const storage = postgres({ connectionString: database.url() });
    const again = await createCrm({ storage, entities: [shipment], migrate: "verify" });
    await again.close();
  });
});

describe("a table of the application that cannot be referred to", () => {
  it.each([
    { table: "nowhere", column: "id", kind: "integer", message: 'no schema of the search_path has a table "nowhere"' },
    { table: "orders", column: "number", kind: "integer", message: 'the table "orders" has no column "number"' },
    { table: "orders", column: "total", kind: "integer", message: '"total" is neither the key of "orders" nor unique' },
    { table: "site", column: "lot", kind: "integer", message: '"lot" is neither the key of "site" nor unique' },
    { table: "orders", column: "id", kind: "text", message: '"id" is of the type integer, and the field is text' },
    { table: "ticket", column: "id", kind: "text", message: '"id" is of the type uuid, and the field is text' },
  ] as const)(
    "is refused when the CRM is opened: $column of $table as $kind",
    async ({ table, column, kind, message }) => {
      const storage = postgres({ connectionString: database.url(), schema: "refused" });
      const firstOrderId = appReference({ table, column, kind }).optional();
      const error = await failure(createCrm({ storage, extend: { account: { firstOrderId } } }));
      expect([error.code, error.details]).toEqual([
        "schema_mismatch",
        { entity: "account", field: "firstOrderId", table, column },
      ]);
      expect(error.message).toContain(message);
      expect(await run("select 1 from pg_namespace where nspname = 'refused'")).toEqual([]);
    },
  );

  it("is refused where the field comes later", async () => {
    const before = await open();
    await before.close();
    const firstOrderId = appReference({ table: "nowhere", column: "id", kind: "integer" }).optional();
    const storage = postgres({ connectionString: database.url() });
    const error = await failure(createCrm({ storage, entities: [shipment], extend: { account: { firstOrderId } } }));
    expect([error.code, error.details.field]).toEqual(["schema_mismatch", "firstOrderId"]);
  });
});
