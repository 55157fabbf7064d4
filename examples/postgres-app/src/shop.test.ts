import { randomUUID } from "node:crypto";
import { CrmError } from "@relata/core";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openShop, type Shop } from "./open-shop.ts";
import { sell } from "./sell.ts";
import { sellInOwnTransaction } from "./sell-in-own-transaction.ts";

const database = `shop_${randomUUID().replaceAll("-", "")}`;
let shop: Shop;

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject("databaseUrl") });
  await client.connect();
  await client.query(statement);
  await client.end();
}

beforeAll(async () => {
  await administer(`create database ${database} encoding 'UTF8' template template0`);
  const url = new URL(inject("databaseUrl"));
  url.pathname = `/${database}`;
  shop = await openShop(url.href);
}, 30_000);

afterAll(async () => {
  await shop?.close();
  await administer(`drop database if exists ${database} with (force)`);
});

async function newDeal() {
  const account = await shop.crm.accounts.create({ name: "Acme" });
  return shop.crm.opportunities.create({ name: "Acme rollout", accountId: account.id });
}

const ordersOf = (accountId: string | null) =>
  shop.db.selectFrom("shop_order").select(["id", "total_cents"]).where("account_id", "=", accountId).execute();

describe.each([
  ["the CRM's", sell],
  ["the application's", sellInOwnTransaction],
])("in %s transaction", (_, way) => {
  it("the order and the deal are kept together, and told of afterwards", async () => {
    const deal = await newDeal();
    const told: string[] = [];
    const stop = shop.crm.on("opportunity.updated", ({ data }) => void told.push(data.after.status));
    const id = await way(shop, { dealId: deal.id, totalCents: 1_250_000 });
    stop();
    expect(await ordersOf(deal.accountId)).toEqual([{ id, total_cents: 1_250_000 }]);
    expect((await shop.crm.opportunities.get(deal.id)).status).toBe("won");
    expect(told).toEqual(["won"]);
  });

  it("an order that is refused leaves the deal where it was", async () => {
    const deal = await newDeal();
    await expect(way(shop, { dealId: deal.id, totalCents: -1 })).rejects.toThrow("shop_order_total_cents_check");
    expect(await ordersOf(deal.accountId)).toEqual([]);
    expect((await shop.crm.opportunities.get(deal.id)).stageId).toBe(deal.stageId);
  });

  it("a deal that is not there leaves no order", async () => {
    const before = await shop.db.selectFrom("shop_order").select("id").execute();
    const sale = { dealId: randomUUID(), totalCents: 100 };
    await expect(way(shop, sale)).rejects.toSatisfy((error) => CrmError.is(error, "not_found"));
    expect(await shop.db.selectFrom("shop_order").select("id").execute()).toEqual(before);
  });
});

it("a sale that is asked for many times at once happens once", async () => {
  const deal = await newDeal();
  const sales = Array.from({ length: 5 }, () => sell(shop, { dealId: deal.id, totalCents: 100 }));
  const orders = new Set(await Promise.all(sales));
  expect(orders.size).toBe(1);
  expect(await ordersOf(deal.accountId)).toHaveLength(1);
});
