// What the types cost, and what they say. 25 plugins are generated, and measured as an application has them, from declaration files:
// instantiations of the type checker, which do not depend on the machine. Then the messages of packages/core/type-messages.md.
//
//   node scripts/check-type-budget.mjs            checks
//   node scripts/check-type-budget.mjs --update   writes the messages and hovers anew

import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createChecker, declare, hover, installCore, texts } from "./type-budget/compile.mjs";
import { checkMessages, updateHint } from "./type-budget/messages.mjs";
import { installation, pluginSources, storageSource } from "./type-budget/plugins.mjs";
import { imports, kinds, plain } from "./type-budget/programs.mjs";

const pluginCount = 25;
const limits = { application: 30_000, declarationBytes: 60_000 };

const folder = resolve(".cache/type-budget");
const declarations = join(folder, "declarations");
const problems = [];
const update = process.argv.includes("--update");

installCore(folder);
const check = createChecker();
const application = `${imports}\n${installation(pluginCount)}\nexport const acme = await crm.accounts.create({ name: "Acme" });\n`;
const widths = [34, 12, 12, 12];

// A step whose programs do not compile has nothing to say about what the next ones measure.
const steps = [
  () => checkMessages({ check, folder, update, problems }),
  compilePlugins,
  compileApplications,
  report,
  checkHovers,
];
for (const step of steps) if (problems.length === 0) step();
for (const problem of problems.slice(0, 20)) console.error(problem);
if (problems.length > 20) console.error(`… and ${problems.length - 20} more`);
process.exitCode = problems.length > 0 ? 1 : 0;

function report() {
  const rows = measure();
  for (const row of [["instantiations", "alone", "each", "at most"], ...rows]) console.log(line(row));
  const [all, include, ...others] = rows;
  const [dearest] = others.toSorted((a, b) => number(b[2]) - number(a[2]));
  console.log(
    `note: ${all[0]} cost ${all[2]} instantiations of ${all[3]}, an include ${include[2]} of ${include[3]}, "${dearest[0]}" ${dearest[2]} of ${dearest[3]}`,
  );
}

/** The plugins as their authors compile them, by `@relata/core/plugin` alone: no error (TS2589 is one), and declaration files. */
function compilePlugins() {
  const files = { ...pluginSources(pluginCount), "storage.ts": storageSource };
  const rootDir = join(folder, "sources");
  mkdirSync(rootDir, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(rootDir, name), text);
  const result = declare(
    Object.keys(files).map((name) => join(rootDir, name)),
    { rootDir, outDir: declarations },
  );
  problems.push(...result.problems);
  console.log(`${pluginCount} plugins, from their sources: ${count(result.instantiations)} instantiations`);
}

/** The declaration files of two applications: without plugins, and with all of them, exporting one call of each kind. */
function compileApplications() {
  const calls = Object.values(kinds).map(({ statements: [statement] }, index) => exported(statement, index));
  for (const [name, text] of Object.entries({ plain, application: application + calls.join("") })) {
    const file = join(declarations, `${name}.ts`);
    writeFileSync(file, text);
    problems.push(...declare([file], { rootDir: declarations, outDir: join(folder, "application") }).problems);
  }
  if (problems.length > 0) return;
  const { size } = statSync(join(folder, "application", "application.d.ts"));
  console.log(`the application's declaration file: ${count(size)} bytes`);
  if (size > limits.declarationBytes) problems.push(`The application's declaration file has ${count(size)} bytes.`);
}

function measure() {
  const base = costOf(application);
  const rows = [limited([`${pluginCount} plugins and one call`, "", count(base), count(limits.application)])];
  for (const [kind, { limit, statements, each }] of Object.entries(kinds)) {
    const alone = (each ? statements : statements.slice(0, 1)).map(
      (it) => costOf(application + exported(it, 0)) - base,
    );
    const together = costOf(application + statements.map(exported).join("")) - base;
    rows.push(
      limited([kind, count(Math.max(...alone)), count(Math.round(together / statements.length)), count(limit)]),
    );
    if (each && Math.max(...alone) > limit) problems.push(`${kind}: one costs ${count(Math.max(...alone))} by itself.`);
  }
  return rows;
}

function limited(row) {
  const [what, , cost, limit] = row;
  if (number(cost) > number(limit)) problems.push(`${what}: ${cost} instantiations, of at most ${limit}.`);
  return row;
}

function costOf(text) {
  const { diagnostics, instantiations } = check(join(declarations, "program.ts"), text);
  problems.push(...texts(diagnostics));
  return instantiations;
}

function exported(statement, index) {
  return `export const call${index} = ${statement};\n`;
}

/** An editor shows a record's fields, not the names of the types that make it. */
function checkHovers() {
  const file = join(declarations, "hover.ts");
  writeFileSync(
    file,
    `${application}import type { RecordOf } from "@relata/core";
export const item = await crm.items03.get("a");
export type Account = RecordOf<typeof crm, "account">;
export const page = await crm.items03.list({ include: { account: true } });
`,
  );
  const shown = `${["item", "Account", "page", "crm"].map((name) => hover(file, name)).join("\n\n")}\n`;
  const record = resolve("scripts/type-budget/hovers.txt");
  const expected = existsSync(record) ? readFileSync(record, "utf8").replaceAll("\r\n", "\n") : "";
  if (shown === expected) return;
  if (update) writeFileSync(record, shown);
  else problems.push(`Editors show\n${shown}\ninstead of\n${expected}\n${updateHint}`);
}

function line(row) {
  return row.map((cell, index) => (index === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[index]))).join("");
}

function count(value) {
  return value.toLocaleString("en");
}

function number(text) {
  return Number(text.replaceAll(",", ""));
}
