/** `DATABASE_URL=postgres://… pnpm start`: sells something in each of the two ways, and says what there is. */
import { CrmError } from "@relata/core";
import { openShop } from "./open-shop.ts";
import { sell } from "./sell.ts";
import { sellInOwnTransaction } from "./sell-in-own-transaction.ts";

const url = process.env.DATABASE_URL;
try {
  if (url === undefined) throw new CrmError("database_url_missing", "Set DATABASE_URL to a database of yours.");
  const shop = await openShop(url);
  try {
    shop.crm.on("opportunity.stage_changed", ({ data }) =>
      console.log(`Told after the commit: now in "${data.to.stage}".`),
    );
    const account = await shop.crm.accounts.create({ name: "Acme" });
    for (const way of [sell, sellInOwnTransaction]) {
      const deal = await shop.crm.opportunities.create({ name: "Acme rollout", accountId: account.id });
      const order = await way(shop, { dealId: deal.id, totalCents: 1_250_000 });
      console.log(`Order ${order} is placed, and the deal is ${(await shop.crm.opportunities.get(deal.id)).status}.`);
    }
  } finally {
    await shop.close();
  }
} catch (error) {
  // Anything else is a defect of this program, and shows its stack.
  if (!CrmError.is(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
