import { DatabaseSync } from "node:sqlite";
import { copyFileSync, rmSync, mkdtempSync } from "node:fs";
import { writeSalesData, FIRST_DAY, numbers } from "../src/sales/sales-data.ts";
import { workloadsOn } from "../src/sales/workloads.ts";
import { compareAnswers } from "../src/measure/compare-answers.ts";
import { measure } from "../src/measure/measure.ts";
import { copyLog } from "./src/connection.ts"; import { RENAMED } from "./src/objectql.ts";
const lib = (name: string) => name === "payload" ? "libsql" : ["typeorm", "mikro-orm", "objectql"].includes(name) ? "better-sqlite3" : "node:sqlite";
import { raw } from "../src/sqlite/raw.ts"; import { relata, openFile } from "../src/sqlite/relata.ts";
import { ownRowsOf } from "./src/own-tables.ts";
const dir = mkdtempSync("/tmp/peers-try-");
const w0 = await openFile(dir + "/o.db", () => FIRST_DAY);
const data = await writeSalesData(w0, Number(process.argv[4] ?? 3000)); await w0.close();
const bulk = Number(process.argv[3] ?? 2000);
const workloads: any[] = workloadsOn(data).filter((w) => w.name !== "board" && w.name !== "bulk create");
workloads.push({ name: "bulk", what: "", prepare: (c: any) => (n: number) => c.createMany(numbers(bulk).map((i) => data.input(50_000_000 + n * bulk + i))) });
const time = { fixed: Date.now() as number | undefined };
const clock = () => time.fixed ?? Date.now();
const only = process.argv[2]!.split(",");
const all: any = { raw, relata };
for (const o of only) all[o] = Object.values(await import(`./src/${o}.ts`)).find((f) => typeof f === "function" );
const entrants = []; const files: any = {};
for (const name of ["raw","relata", ...only]) { const filename = files[name] = `${dir}/${name}.db`; if (!["payload","objectql"].includes(name)) copyFileSync(dir+"/o.db", filename); entrants.push({ name, contestant: await all[name]({ filename, clock, original: dir + "/o.db" }), settle: () => copyLog(filename, lib(name)) }); }
await compareAnswers({ entrants, workloads, since: time.fixed!, rows: (e) => ownRowsOf(files[e.name], lib(e.name), e.name === "objectql" ? RENAMED : {}) });
console.log("answers equal");
time.fixed = undefined;
for (const w of workloads) { const m = await measure(w, entrants, { rounds: 3, turnMs: 100, warmUpMs: 100 }); console.log(w.name, Object.fromEntries(Object.entries(m.costs).map(([k, v]) => [k, Math.round([...v].sort((a,b)=>a-b)[1]!)]))); }
for (const e of entrants) await e.contestant.close();
rmSync(dir, { recursive: true });
