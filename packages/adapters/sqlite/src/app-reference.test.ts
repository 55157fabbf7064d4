import { DatabaseSync } from "node:sqlite";
import { appReference, createCrm, date, defineEntity, text } from "@relata/core";
import { describe, expect, expectTypeOf, it, onTestFinished } from "vitest";
import { failure } from "./fixtures/open-sales.ts";
import { sqlite } from "./sqlite-adapter.ts";

const shipment = defineEntity("shipment", {
  plural: "shipments",
  fields: {
    day: date(),
    orderId: appReference({ table: "orders", column: "id", kind: "integer" }),
    siteId: appReference({ table: "site", column: "code", kind: "text" }).optional(),
  },
});

/** The application's database: orders 1 and 2, and the site "north". */
function appDatabase(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  database.exec(`
    create table orders (id integer primary key, total integer);
    create table site (code text not null unique, name text);
    insert into orders (id, total) values (1, 10), (2, 20);
    insert into site (code) values ('north');`);
  return database;
}

async function open(database = appDatabase()) {
  const crm = await createCrm({
    storage: sqlite({ database }),
    entities: [shipment],
    extend: { account: { firstOrderId: appReference({ table: "orders", column: "id", kind: "integer" }).optional() } },
  });
  onTestFinished(() => crm.close());
  return { crm, database };
}

const day = "2026-06-15";

describe("a reference to a table of the application", () => {
  it("holds the key of a row that exists, as the kind that is declared", async () => {
    const { crm } = await open();
    const created = await crm.shipments.create({ day, orderId: 1, siteId: "north" });
    expectTypeOf(created.orderId).toEqualTypeOf<number>();
    expectTypeOf(created.siteId).toEqualTypeOf<string | null>();
    const [found] = (await crm.shipments.list({ where: { orderId: { in: [1, 2] }, siteId: "north" } })).items;
    expect([found?.orderId, found?.siteId]).toEqual([1, "north"]);
  });

  it.each([
    ["orderId", "3", { day, orderId: 3 }],
    ["siteId", "south", { day, orderId: 1, siteId: "south" }],
  ] as const)("refuses a row that does not exist, with the name of the field: %s", async (field, reference, input) => {
    const { crm } = await open();
    const error = await failure(crm.shipments.create(input));
    expect([error.code, error.details]).toEqual(["reference_not_found", { entity: "shipment", field, reference }]);
    expect(await crm.shipments.count()).toBe(0);
  });

  it("refuses one among many, in an update, in a unit and through an extension", async () => {
    const { crm } = await open();
    const kept = await crm.shipments.create({ day, orderId: 1 });
    const calls = [
      () =>
        crm.shipments.createMany([
          { day, orderId: 1 },
          { day, orderId: 9 },
        ]),
      () => crm.shipments.update(kept.id, { orderId: 9 }),
      () => crm.transaction(async (tx) => tx.shipments.create({ day, orderId: 9 })),
      () => crm.accounts.create({ name: "Acme", firstOrderId: 9 }),
    ];
    for (const call of calls) {
      const error = await failure(call());
      expect([error.code, error.details.reference]).toEqual(["reference_not_found", "9"]);
    }
    expect(await crm.shipments.count({ where: { orderId: 1 } })).toBe(1);
  });

  it("accepts a row that the same unit has made", async () => {
    const { crm } = await open();
    await crm.transaction(async (tx) => {
      const rows = tx.native().withTables<{ orders: { id: number; total: number } }>();
      await rows.insertInto("orders").values({ id: 7, total: 1 }).execute();
      await tx.shipments.create({ day, orderId: 7 });
    });
    expect(await crm.shipments.count({ where: { orderId: 7 } })).toBe(1);
  });

  it("keeps the application from deleting a row that is referred to", async () => {
    const { crm, database } = await open();
    const referring = await crm.shipments.create({ day, orderId: 1 });
    expect(() => database.exec("delete from orders where id = 1")).toThrow("FOREIGN KEY constraint failed");
    await crm.shipments.delete(referring.id);
    database.exec("delete from orders where id = 1");
  });

  it("is added to a table that exists, and checked from then on", async () => {
    const database = appDatabase();
    const before = await createCrm({ storage: sqlite({ database }) });
    await before.accounts.create({ name: "Acme" });
    await before.close();
    const { crm } = await open(database);
    expect((await crm.accounts.find({}))?.firstOrderId).toBeNull();
    expect((await failure(crm.accounts.create({ name: "Globex", firstOrderId: 5 }))).code).toBe("reference_not_found");
    await crm.accounts.create({ name: "Globex", firstOrderId: 2 });
  });
});

describe("a table of the application that cannot be referred to", () => {
  it.each([
    ["create table other (id integer primary key)", 'the table "orders" is not in this database'],
    ["create table orders (number integer primary key)", 'the table "orders" has no column "id"'],
    ["create table orders (id integer)", '"id" is neither the key of "orders" nor unique'],
    [
      "create table orders (id integer, part integer, primary key (id, part))",
      '"id" is neither the key of "orders" nor unique',
    ],
  ])("is refused when the CRM is opened: %s", async (definition, message) => {
    const database = new DatabaseSync(":memory:");
    database.exec(definition);
    const error = await failure(open(database));
    expect([error.code, error.details.field]).toEqual(["schema_mismatch", "firstOrderId"]);
    expect(error.message).toContain(message);
    expect(database.prepare("select count(*) as n from sqlite_schema where name = 'account'").get()?.n).toBe(0);
  });

  it("is refused where a field changes what it refers to", async () => {
    const database = appDatabase();
    const { crm } = await open(database);
    await crm.close();
    const changed = createCrm({
      storage: sqlite({ database }),
      extend: { account: { firstOrderId: appReference({ table: "site", column: "code", kind: "text" }).optional() } },
    });
    const error = await failure(changed);
    expect(error.code).toBe("schema_mismatch");
    expect(error.message).toContain("app_reference(orders.id)");
  });

  it("has a field whose name ends in Id", async () => {
    const order = appReference({ table: "orders", column: "id", kind: "integer" }).optional();
    const named = createCrm({ storage: sqlite({ database: appDatabase() }), extend: { account: { order } } });
    expect((await failure(named)).code).toBe("schema_invalid");
    const empty = { entry: text(), rowId: appReference({ table: "", column: "id", kind: "text" }) };
    const entities = [defineEntity("entry", { plural: "entries", fields: empty })];
    expect((await failure(createCrm({ storage: sqlite({ database: appDatabase() }), entities }))).code).toBe(
      "schema_invalid",
    );
  });
});
