/** One transaction of the application's Kysely, with a unit of the CRM in it. */
import type { Transaction } from "kysely";
import type { Shop, ShopCrm } from "./open-shop.ts";
import type { ShopTables } from "./shop-tables.ts";

type Work<T> = (trx: Transaction<ShopTables>, unit: ReturnType<ShopCrm["using"]>) => Promise<T>;

/** Commits both, or neither. Only the application sees how its transaction ends, so it tells the unit: then events and hooks follow. */
export async function together<T>({ crm, db }: Pick<Shop, "crm" | "db">, work: Work<T>): Promise<T> {
  const trx = await db.startTransaction().execute();
  const unit = crm.using(trx);
  let result: T;
  try {
    result = await work(trx, unit);
    await trx.commit().execute();
  } catch (error) {
    if (!trx.isCommitted && !trx.isRolledBack) await trx.rollback().execute();
    await unit.rolledBack();
    throw error;
  }
  await unit.committed();
  return result;
}
