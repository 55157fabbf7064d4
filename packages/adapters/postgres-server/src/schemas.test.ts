import type { Storage, StorageAdapter, StorageSchema, TableSchema } from "@relata/core/adapter";
import pg from "pg";
import { expect, inject, it } from "vitest";
import { freshSchemas } from "./fresh-schemas.ts";
import { leasedSchemas } from "./leased-schemas.ts";

/** An adapter of which only what the factories need is there: it creates its tables when it is opened, and closes. */
function stub({ connectionString, schema: name }: { connectionString: string; schema: string }): StorageAdapter<Stub> {
  return {
    name: "stub",
    async open({ schema }) {
      const client = new pg.Client({
        connectionString,
        options: `-c search_path=${name} -c client_min_messages=warning`,
      });
      await client.connect();
      await client.query(`create schema if not exists ${name}`);
      await client.query("create table if not exists relata__column as select 'known' as meaning");
      for (const table of schema.tables.values()) {
        const columns = table.columns.map((column) => `${column.name} text`).join(", ");
        const references = table.foreignKeys.map(
          ({ column, target }) => `, foreign key (${column}) references ${target}`,
        );
        await client.query(
          `create table if not exists ${table.name} (${columns}, primary key (id)${references.join("")})`,
        );
      }
      const query = async (sql: string) => (await client.query(sql)).rows;
      const storage = { native: () => ({ name, query }), close: () => client.end() };
      return storage as unknown as Storage<Stub>;
    },
  };
}

interface Stub {
  readonly name: string;
  query(sql: string): Promise<readonly unknown[]>;
}

const leased = leasedSchemas(stub);
const fresh = freshSchemas(stub);

function table(name: string, columns: readonly string[], target?: string): [string, TableSchema] {
  const described = columns.map(
    (each) => ({ name: each, kind: "text", meaning: "text", nullable: true, field: each }) as const,
  );
  const foreignKeys = target === undefined ? [] : [{ column: `${target}_id`, target }];
  return [name, { name, entity: name, primaryKey: ["id"], columns: described, indexes: [], foreignKeys }];
}

const ledger = table("relata__ledger", ["id"]);
const shop: StorageSchema = {
  tables: new Map([table("customer", ["id"]), table("sale", ["id", "customer_id"], "customer"), ledger]),
};
const shopInOtherOrder: StorageSchema = { tables: new Map([...shop.tables].reverse().map(([name, it]) => [name, it])) };
const largerShop: StorageSchema = { tables: new Map([...shop.tables, table("supplier", ["id"])]) };

/** Opens an adapter, works with what it gives, and cleans up. */
async function use<T>(factory: typeof leased, schemas: readonly StorageSchema[], work: (stub: Stub) => Promise<T>) {
  const cleanUps: (() => unknown)[] = [];
  const adapter = await factory((cleanUp) => cleanUps.push(cleanUp));
  let result: T | undefined;
  for (const schema of schemas) {
    const storage = await adapter.open({ schema, waitTimeoutMs: 1_000 });
    result = await work(storage.native(async () => ({ rows: [], affectedRows: 0 }) as never));
    await storage.close();
  }
  for (const cleanUp of cleanUps) await cleanUp();
  return result as T;
}

const nameOf = async ({ name }: Stub) => name;
const sell = async ({ name, query }: Stub) => {
  await query("insert into customer values ('c')");
  await query("insert into sale values ('s', 'c')");
  await query("insert into relata__ledger values ('m') on conflict do nothing");
  return name;
};
const count =
  (what: string) =>
  async ({ query }: Stub) =>
    query(`select count(*)::int as rows from ${what}`);

async function schemas(name: string): Promise<number> {
  const client = new pg.Client(inject("databaseUrl"));
  await client.connect();
  const { rowCount } = await client.query("select from pg_namespace where nspname = $1", [name]);
  await client.end();
  return rowCount ?? 0;
}

it("gives each adapter a schema of its own, and drops it", async () => {
  const first = await use(fresh, [shop], sell);
  const second = await use(fresh, [shop], sell);
  expect(first).toMatch(/^t_\d+_[0-9a-f]{10}$/);
  expect(second).not.toBe(first);
  expect([await schemas(first), await schemas(second)]).toEqual([0, 0]);
});

it("leases the schema of a shape again, emptied of all but what the tables `relata__…` say of it", async () => {
  const first = await use(leased, [shop], sell);
  expect(await schemas(first)).toBe(1);
  const second = await use(leased, [shop], async (stub) => ({
    name: stub.name,
    customers: await count("customer")(stub),
    sales: await count("sale")(stub),
    ledger: await count("relata__ledger")(stub),
    columns: await count("relata__column")(stub),
  }));
  expect(second).toEqual({
    name: first,
    customers: [{ rows: 0 }],
    sales: [{ rows: 0 }],
    ledger: [{ rows: 1 }],
    columns: [{ rows: 1 }],
  });
});

it("knows a shape whatever the order of its tables, and by all that they have", async () => {
  const first = await use(leased, [shop], nameOf);
  expect(await use(leased, [largerShop], nameOf)).not.toBe(first);
  expect(await use(leased, [shopInOtherOrder], nameOf)).toBe(first);
});

it("gives two facts at once two schemas", async () => {
  const [first, second] = await Promise.all([use(leased, [shop], sell), use(leased, [shop], sell)]);
  expect(first).not.toBe(second);
});

it("keeps ten schemas waiting, and drops the one that has waited longest", async () => {
  const shapes = Array.from({ length: 11 }, (_, n) => ({
    tables: new Map([...shop.tables, table(`extra_${n}`, ["id"])]),
  }));
  const names: string[] = [];
  for (const shape of shapes) names.push(await use(leased, [shape], nameOf));
  expect([await schemas(names[0]!), await schemas(names[1]!)]).toEqual([0, 1]);
  expect(await use(leased, [shapes[1]!], nameOf)).toBe(names[1]);
});

it("drops a schema that was opened with a second shape", async () => {
  const name = await use(leased, [shop, largerShop], nameOf);
  expect(await schemas(name)).toBe(0);
});

it("drops a schema whose tables the fact has changed", async () => {
  const changes = ["create table app_order (id text)", "alter table sale add column note text", "drop table sale"];
  for (const change of changes) {
    const name = await use(leased, [shop], async ({ name, query }) => {
      await query(change);
      return name;
    });
    expect(await schemas(name), change).toBe(0);
  }
});

it("drops a schema whose rows cannot be deleted", async () => {
  const name = await use(leased, [shop], async (stub) => {
    await sell(stub);
    await stub.query(
      "create function refuse() returns trigger language plpgsql as 'begin raise exception ''no''; end'",
    );
    await stub.query("create trigger refusing before delete on sale execute function refuse()");
    await stub.query("alter table sale enable always trigger refusing");
    return stub.name;
  });
  expect(await schemas(name)).toBe(0);
});
