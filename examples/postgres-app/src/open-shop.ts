/** The application: its pool, its Kysely on that pool, and the CRM on the same. */
import { createCrm } from "@relata/core";
import { postgres } from "@relata/postgres";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { createShopTables, type ShopTables } from "./shop-tables.ts";

export type Shop = Awaited<ReturnType<typeof openShop>>;
export type ShopCrm = Shop["crm"];

/** The CRM's tables stand in the schema "crm", which is made when it is not there; the shop's in the one that it always had. */
export async function openShop(connectionString: string) {
  const pool = new pg.Pool({ connectionString, max: 10 });
  // A connection that is lost while nobody uses it: the pool opens another one.
  pool.on("error", (error) => console.warn(`A connection was lost: ${error.message}`));
  const db = new Kysely<ShopTables>({ dialect: new PostgresDialect({ pool }) });
  try {
    // First, because it says in words what is wrong with a server.
    const crm = await createCrm({ storage: postgres<ShopTables>({ pool }) });
    await createShopTables(db);
    return {
      db,
      crm,
      /** The CRM first: it waits for what is under way. The pool is the application's, and ends with its Kysely. */
      async close() {
        await crm.close();
        await db.destroy();
      },
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}
