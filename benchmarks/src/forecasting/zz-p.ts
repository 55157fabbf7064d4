import { sqlite } from "@relata/sqlite";
import { existsSync } from "node:fs";
import { openCrm, writeDeals } from "./deals-data.ts";
import { multiplyRows } from "../sqlite/multiply-rows.ts";
import { WITH_STAGE_ENTRIES } from "../sales/copied-tables.ts";
const filename = "/tmp/fcb/deals.db";
let t = performance.now();
const lap = (what: string) => { console.log(what, Math.round(performance.now() - t), Math.round(process.memoryUsage().rss / 1e6)); t = performance.now(); };
if (!existsSync(filename)) {
const crm = await openCrm(sqlite({ filename, durability: "relaxed" }));
await writeDeals(crm, 20000);
lap("written");
await crm.close();
await multiplyRows(filename, 10, WITH_STAGE_ENTRIES);
lap("multiplied");
}
const crm = await openCrm(sqlite({ filename, durability: "relaxed" }));
for (let i = 0; i < 2; i++) { const p = await crm.forecasting.predict({ period: "2026-Q3" }); lap("predict " + p.opportunities.length); if (i === 1) console.log(JSON.stringify({ ...p, opportunities: p.opportunities.slice(0, 1), currencies: p.currencies.map((c: any) => ({ ...c, owners: c.owners?.slice(0, 1) })) }).slice(0, 3000)); }
await crm.close();
