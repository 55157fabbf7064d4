import { copyFileSync, rmSync, mkdtempSync } from "node:fs";
import { writeSalesData } from "../src/sales-data.ts";
import { workloadsOn } from "../src/workloads.ts";
import { compareAnswers } from "../src/compare-answers.ts";
import { measure } from "../src/measure.ts";
import { raw } from "../src/raw.ts"; import { relata } from "../src/relata.ts";
import { typeorm } from "./src/typeorm.ts"; import { mikroOrm } from "./src/mikro-orm.ts"; import { remult } from "./src/remult.ts";
const dir = mkdtempSync("/tmp/peers-try-");
const data = await writeSalesData(dir + "/o.db", 3000);
const workloads = workloadsOn(data).filter((w) => w.name !== "board");
const time = { fixed: Date.now() as number | undefined };
const clock = () => time.fixed ?? Date.now();
const only = process.argv[2]!.split(",");
const all: any = { raw, relata, typeorm, mikroOrm, remult };
const entrants = [];
for (const name of ["raw","relata", ...only]) { const filename = `${dir}/${name}.db`; copyFileSync(dir+"/o.db", filename); entrants.push({ name, filename, contestant: await all[name]({ filename, clock }) }); }
await compareAnswers(entrants, workloads);
console.log("answers equal");
time.fixed = undefined;
for (const w of workloads) { const m = await measure(entrants, w, { rounds: 3, sampleMs: w.name.startsWith("bulk") ? 1 : 15, warmUpMs: 60 }); console.log(w.name, m.operations, Object.fromEntries(Object.entries(m.microseconds).map(([k, v]) => [k, Math.round([...v].sort((a,b)=>a-b)[1]!)]))); }
for (const e of entrants) await e.contestant.close();
rmSync(dir, { recursive: true });
