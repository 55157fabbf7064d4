import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { count } from "@relata/core";
import { beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { sqlite } from "./sqlite-adapter.ts";

// As in a process that has just begun: nothing is loaded yet of what is loaded when it is first called.
beforeEach(() => vi.resetModules());

async function fresh() {
  const { createCrm } = await import("@relata/core");
  const folder = mkdtempSync(join(tmpdir(), "relata-loaded-"));
  let instant = Date.parse("2026-03-01T12:00:00Z");
  const storage = sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
  const crm = await createCrm({ storage, clock: () => instant++ });
  onTestFinished(async () => {
    await crm.close();
    rmSync(folder, { recursive: true });
  });
  return crm;
}

it("code that is loaded in the middle of a transaction leaves it whole: one instant, and all or nothing", async () => {
  const crm = await fresh();
  const { acme, deal, tags } = await crm.transaction(async (tx) => {
    const account = await tx.accounts.create({ name: "Acme", domain: "acme.example" });
    const opportunity = await tx.opportunities.create({ name: "Rollout", accountId: account.id });
    await tx.opportunities.moveTo(opportunity.id, "proposal");
    const added = await tx.tags.add({ entityType: "account", id: account.id }, ["Key account"]);
    return { acme: account, deal: opportunity, tags: added };
  });
  expect(tags).toMatchObject([{ name: "Key account", createdAt: acme.createdAt }]);
  const moved = await crm.opportunities.get(deal.id);
  expect(moved).toMatchObject({ createdAt: acme.createdAt, updatedAt: acme.createdAt, version: 2 });
  expect(await crm.accountDomains.count({ where: { accountId: acme.id } })).toBe(1);
});

it("code that is loaded in the middle of a transaction that fails leaves nothing of it", async () => {
  const crm = await fresh();
  const failed = crm.transaction(async (tx) => {
    const survivor = await tx.accounts.create({ name: "Acme" });
    const other = await tx.accounts.create({ name: "ACME" });
    await tx.accounts.merge(survivor.id, other.id);
    throw new Error("undone");
  });
  await expect(failed).rejects.toThrow("undone");
  expect(await crm.accounts.count({ archived: "include" })).toBe(0);
});

it("a write from outside waits for a transaction in which code is loaded, and comes after it", async () => {
  const crm = await fresh();
  const order: string[] = [];
  const inside = crm.transaction(async (tx) => {
    const { id } = await tx.accounts.create({ name: "Inside" });
    await tx.accounts.upsert({ id, name: "Inside still" }, { by: "id" });
    order.push("inside");
    return id;
  });
  const outside = crm.accounts.create({ name: "Outside" }).then(() => order.push("outside"));
  await Promise.all([inside, outside]);
  expect(order).toEqual(["inside", "outside"]);
  const { items } = await crm.accounts.list({ orderBy: [{ name: "asc" }] });
  expect(items.map(({ name }) => name)).toEqual(["Inside still", "Outside"]);
});

it("first calls at the same time, of one handle, all do what they are for", async () => {
  const crm = await fresh();
  const [a, b, c] = await crm.accounts.createMany([{ name: "A" }, { name: "B" }, { name: "C" }]);
  const [deleted, impact, history, figures] = await Promise.all([
    crm.accounts.delete(a!.id),
    crm.accounts.impact(b!.id),
    crm.accounts.history(c!.id),
    crm.accounts.aggregate({ measures: { accounts: count() } }),
  ]);
  expect(deleted).toBeUndefined();
  expect(impact).toBeDefined();
  expect(history.length).toBeGreaterThan(0);
  expect(figures).toHaveLength(1);
});
