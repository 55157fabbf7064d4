// What a completion costs in an editor, in an application with all plugins and in one with none, from declaration files: prints
// milliseconds as JSON. `node scripts/type-budget/completion.mjs <rounds>`

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";
import { declare, installCore, options } from "./compile.mjs";
import { installation, pluginSources, storageSource } from "./plugins.mjs";

const PLUGINS = 25;
const rounds = Number(process.argv[2] ?? 3);
const folder = resolve(".cache/completion");
const declarations = join(folder, "declarations");
const body = `
export const accounts = await crm.accounts.list({ where: { name: "Acme" } });
export const name = accounts.items[0]?.name;
`;
/** Where the editor is asked: behind these words. */
const places = ["crm.accounts.", "where: { ", "accounts.items[0]?."];

installCore(folder);
mkdirSync(join(folder, "sources"), { recursive: true });
const sources = { ...pluginSources(PLUGINS), "storage.ts": storageSource };
for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, "sources", name), text);
const files = Object.keys(sources).map((name) => join(folder, "sources", name));
const { problems } = declare(files, { rootDir: join(folder, "sources"), outDir: declarations });
if (problems.length > 0) throw new Error(problems.join("\n"));

const applications = { none: installation(0) + body, [`${PLUGINS} plugins`]: installation(PLUGINS) + body };
const costs = { first: {}, next: {} };
for (let round = -1; round < rounds; round++) {
  for (const [name, text] of Object.entries(applications)) {
    const { first, next } = complete(join(declarations, `${name.replace(" ", "-")}.ts`), text);
    // The first round reads what the others find read.
    if (round < 0) continue;
    costs.first[name] = [...(costs.first[name] ?? []), first];
    costs.next[name] = [...(costs.next[name] ?? []), next];
  }
}
console.log(JSON.stringify(costs));

/** A service that knows nothing yet is asked at each place, and again after the text has changed. */
function complete(file, text) {
  let version = 1;
  let shown = text;
  writeFileSync(file, text);
  const registry = ts.createDocumentRegistry();
  const service = ts.createLanguageService(
    {
      getCompilationSettings: () => ({ ...options, noEmit: true }),
      getScriptFileNames: () => [file],
      getScriptVersion: (name) => (name === file ? String(version) : "1"),
      getScriptSnapshot: (name) => {
        if (name === file) return ts.ScriptSnapshot.fromString(shown);
        return existsSync(name) ? ts.ScriptSnapshot.fromString(readFileSync(name, "utf8")) : undefined;
      },
      getCurrentDirectory: () => dirname(file),
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      fileExists: ts.sys.fileExists,
      readFile: ts.sys.readFile,
      directoryExists: ts.sys.directoryExists,
      realpath: ts.sys.realpath,
    },
    registry,
  );
  // What the files are read and parsed for is no completion; the program is there when somebody types.
  service.getProgram();
  const first = ask(service, file, shown);
  version = 2;
  shown = `${text}\n`;
  service.getProgram();
  return { first, next: ask(service, file, shown) };
}

/** Milliseconds for all places. */
function ask(service, file, text) {
  const start = performance.now();
  for (const place of places) {
    const found = service.getCompletionsAtPosition(file, text.indexOf(place) + place.length, {});
    if (!found?.entries.some(({ name }) => name === "industry" || name === "create" || name === "createdAt")) {
      throw new Error(`Nothing is offered behind ${place}`);
    }
  }
  return performance.now() - start;
}
