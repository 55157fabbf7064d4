/** The data set crm-sales-opportunities, told to a CRM day by day, so that each past day can be asked for as it was. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CrmOptions, createCrm, text } from "@relata/core";
import { forecasting } from "@relata/forecasting";

const CURRENCY = "USD";

interface SalesRow {
  readonly id: string;
  readonly agent: string;
  readonly product: string;
  /** Empty in most rows of deals that are not closed. */
  readonly account: string;
  readonly engaged: string;
  readonly closed: { readonly on: string; readonly won: boolean; readonly value: string } | undefined;
}

/**
 * Opportunities by the day on which they were engaged; those that only prospect have none, and are left out. "GTXPro" is the product
 * "GTX Pro".
 */
function readRows(folder: string): readonly SalesRow[] {
  return linesOf(folder, "sales_pipeline.csv").flatMap((line) => {
    const [id, agent, product, account, stage, engaged, on, value] = line.split(",") as [string, ...string[]];
    if (!engaged) return [];
    const closed = on ? { on, won: stage === "Won", value: value! } : undefined;
    return [
      { id, agent: agent!, product: product === "GTXPro" ? "GTX Pro" : product!, account: account!, engaged, closed },
    ];
  });
}

function linesOf(folder: string, file: string): readonly string[] {
  return readFileSync(join(folder, file), "utf8").trim().split(/\r?\n/).slice(1);
}

/**
 * An open deal has its list price, as `close_value` is known only when it is won. Its account is told when it closes: the data name it
 * for few that are open, so that its absence alone would tell the outcome. An open stage counts 50 %, as nothing says more.
 */
export async function importCrmSales(folder: string, storage: CrmOptions["storage"]) {
  let now = 0;
  const crm = await createCrm({
    storage,
    plugins: [forecasting()],
    extend: { opportunity: { product: text().optional() } },
    clock: () => now++,
  });
  const rows = readRows(folder);
  const days = [...new Set(rows.flatMap(({ engaged, closed }) => (closed ? [engaged, closed.on] : [engaged])))].sort();
  const prices = new Map(linesOf(folder, "products.csv").map((line) => [line.split(",")[0]!, line.split(",")[2]!]));
  const noon = (day: string) => {
    now = Date.parse(`${day}T12:00:00Z`);
  };
  noon(days[0]!);
  await definePipeline(crm);
  await crm.users.createMany([...new Set(rows.map(({ agent }) => agent))].sort().map((name) => ({ id: name, name })));
  const accounts = [...new Set(rows.flatMap(({ account }) => (account ? [account] : [])))];
  const made = await crm.accounts.createMany(accounts.map((name) => ({ name })));
  const accountIds = new Map(made.map(({ name, id }) => [name, id]));
  const ids = new Map<string, string>();
  for (const day of days) {
    noon(day);
    const engaged = rows.filter((row) => row.engaged === day);
    const opened = await crm.opportunities.createMany(
      engaged.map(({ id, agent, product }) => ({
        ...{ name: id, ownerId: agent, product },
        amount: { amount: prices.get(product)!, currency: CURRENCY },
      })),
    );
    for (const { name, id } of opened) ids.set(name, id);
    await closeAll(crm, { closing: rows.filter(({ closed }) => closed?.on === day), ids, accountIds });
  }
  return crm;
}

type SalesCrm = Awaited<ReturnType<typeof importCrmSales>>;

async function definePipeline(crm: Pick<SalesCrm, "pipelines">): Promise<void> {
  await crm.pipelines.define({
    ...{ key: "sales", name: "Sales", entityType: "opportunity", isDefault: true },
    stages: [
      { key: "engaging", name: "Engaging", outcome: "open", probability: "50" },
      { key: "won", name: "Won", outcome: "won" },
      { key: "lost", name: "Lost", outcome: "lost" },
    ],
  });
}

interface DayOfClosing {
  readonly closing: readonly SalesRow[];
  readonly ids: ReadonlyMap<string, string>;
  readonly accountIds: ReadonlyMap<string, string>;
}

async function closeAll(
  crm: Pick<SalesCrm, "opportunities">,
  { closing, ids, accountIds }: DayOfClosing,
): Promise<void> {
  if (closing.length === 0) return;
  await crm.opportunities.updateMany(
    closing.map(({ id, account, closed }) => ({
      id: ids.get(id)!,
      accountId: accountIds.get(account) ?? null,
      ...(closed?.won ? { amount: { amount: closed.value, currency: CURRENCY } } : {}),
    })),
  );
  await crm.opportunities.moveMany(
    closing.map(({ id, closed }) => ({ id: ids.get(id)!, stage: closed?.won ? "won" : "lost" })),
  );
}
