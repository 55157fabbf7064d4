/** The application's own tables, as its Kysely knows them. An application has migrations of its own for them. */
import { type Generated, type Kysely, sql } from "kysely";

export interface ShopTables {
  shop_order: {
    id: Generated<number>;
    /** An account of the CRM. */
    account_id: string;
    total_cents: number;
    placed_at: Generated<Date>;
  };
}

/** Does nothing to a table that is there. */
export async function createShopTables(db: Kysely<ShopTables>): Promise<void> {
  await db.schema
    .createTable("shop_order")
    .ifNotExists()
    .addColumn("id", "integer", (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn("account_id", "uuid", (column) => column.notNull())
    .addColumn("total_cents", "integer", (column) => column.notNull().check(sql`total_cents > 0`))
    .addColumn("placed_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
    .execute();
}
