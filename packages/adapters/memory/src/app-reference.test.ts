import { appReference, createCrm } from "@relata/core";
import { expect, it } from "vitest";
import { memory } from "./memory-adapter.ts";

it("a reference to a table of the application is stored, and not checked, as there is no such table", async () => {
  const orderId = appReference({ table: "orders", column: "id", kind: "integer" }).optional();
  const crm = await createCrm({ storage: memory(), extend: { account: { orderId } } });
  const { id } = await crm.accounts.create({ name: "Acme", orderId: 7 });
  expect((await crm.accounts.list({ where: { orderId: 7 } })).items.map((account) => account.id)).toEqual([id]);
  await crm.close();
});

it("native and using are refused by name", async () => {
  const crm = await createCrm({ storage: memory() });
  expect(() => crm.native()).toThrow('The storage "memory" runs no statements of the application\'s own.');
  expect(() => crm.using({})).toThrow("records in memory have no transactions of the application's own");
  await crm.close();
});
