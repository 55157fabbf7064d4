// Type-checks every TypeScript fence of the Markdown files and doc comments, and runs those marked `ts run`.
//
//   ```ts                     type-checked as a module of its own
//   ```ts run                 and executed, in an empty folder; it must exit with 0
//   ```ts continue            appended to the fence before it in the same file
//   ```ts run as <name>       and what the fences `with` this name begin with, in whichever file they stand
//   ```ts with <name>         a block after a copy of that fence, which has its imports; `ts run with <name>` is executed, too
//   ```ts no-check <reason>   left alone
//
// Arguments choose files: those with one of these words in their path, beside the ones that they begin with.
//
// The modules are written to .cache/docs, where every workspace and every dependency of one can be imported.

import { execFile } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { forEachLimited, workspaces } from "./workspace.mjs";

const run = promisify(execFile);
const out = resolve(".cache/docs");
const markdown = ["*.md", "docs/**/*.md", "packages/**/*.md", "examples/**/*.md"];
const sources = ["packages/*/src/**/*.ts", "packages/{adapters,plugins}/*/src/**/*.ts"];
const nodeFlags = [
  "--experimental-strip-types",
  "--disable-warning=ExperimentalWarning",
  "--conditions=@relata/source",
];

const importAll = "for (const path of process.argv.slice(1)) await import(path);";

const problems = [];
const words = process.argv.slice(2);
const found = [...find(markdown), ...find(sources)].flatMap((file) => modulesOf(file));
const modules = found.filter(({ file }) => words.length === 0 || words.some((word) => file.includes(word)));
for (const module of modules)
  if (module.with !== undefined) module.lines = [...beginningOf(module), ...blockOf(module)];
prepareFolder();
for (const module of modules) writeFileSync(join(out, module.name), module.lines.map(({ text }) => text).join("\n"));
await typeCheck();
const runnable = modules.filter((module) => module.run);
if (problems.length === 0) await forEachLimited(processesOf(runnable), availableParallelism(), execute);

for (const problem of problems) console.error(problem);
console.log(`note: ${modules.length} modules from fences type-checked, ${runnable.length} run`);
process.exitCode = problems.length === 0 ? 0 : 1;

function find(patterns) {
  return globSync(patterns, { exclude: ["**/node_modules/**", "**/dist/**", "docs/api/**", "**/CHANGELOG.md"] })
    .map((file) => file.replaceAll("\\", "/"))
    .sort();
}

/** The fences of one file as modules; each line remembers where it came from. */
function modulesOf(file) {
  const found = [];
  for (const { info, lines, line } of fencesOf(file)) {
    const where = `${file}:${line}`;
    const [mark, ...rest] = info;
    const said = /^(run)?(?: ?(as|with) ([a-z]+))?$/.exec(info.join(" "));
    if (mark === "no-check") {
      if (rest.length === 0) problems.push(`${where}: \`ts no-check\` needs a reason after it.`);
    } else if (mark === "continue") {
      if (found.length === 0) problems.push(`${where}: \`ts continue\` has no fence before it in this file.`);
      else found.at(-1).lines.push(...lines);
    } else if (said) {
      const name = `${file.replace(/\.(md|ts)$/, "").replace(/[^A-Za-z0-9-]+/g, "-")}-${line}.ts`;
      const [, run, relation, other] = said;
      found.push({ name, file, line, run: run !== undefined, lines, ...(relation && { [relation]: other }) });
    } else {
      problems.push(`${where}: unknown words after \`ts\`: ${info.join(" ")}.`);
    }
  }
  return found;
}

/** The lines of the fence that a module says it comes after. */
function beginningOf(module) {
  const named = found.filter(({ as }) => as === module.with);
  if (named.length === 1) return named[0].lines;
  problems.push(
    `${module.file}:${module.line}: ${named.length} fences are \`ts run as ${module.with}\`: there must be one.`,
  );
  return [];
}

/** In a scope of its own, a fence may use the names of the one before it again. */
function blockOf({ file, line, lines }) {
  const brace = (text) => ({ text, file, line });
  return [brace("{"), ...lines, brace("}")];
}

function fencesOf(file) {
  const inCode = file.endsWith(".ts");
  const fences = [];
  let inComment = !inCode;
  let open;
  for (const [index, raw] of readFileSync(file, "utf8").split(/\r?\n/).entries()) {
    if (inCode && !inComment && /^\s*\/\*\*/.test(raw)) inComment = true;
    if (!inComment) continue;
    const text = inCode ? raw.replace(/^\s*(\/\*\*|\*(?!\/)) ?/, "") : raw;
    const fence = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(text);
    if (open === undefined && fence) {
      const [language, ...info] = fence[3].trim().split(/\s+/);
      const wanted = language === "ts" || language === "typescript";
      open = { ticks: fence[2], indent: fence[1].length, wanted, info, line: index + 1, lines: [] };
    } else if (open !== undefined && fence?.[2].startsWith(open.ticks) && fence[3] === "") {
      if (open.wanted) fences.push(open);
      open = undefined;
    } else {
      open?.lines.push({ text: text.slice(Math.min(open.indent, text.search(/\S|$/))), file, line: index + 1 });
    }
    if (inCode && raw.includes("*/")) {
      inComment = false;
      open = undefined;
    }
  }
  return fences;
}

/** An empty folder from which every workspace, and everything that one depends on, resolves. */
function prepareFolder() {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, "node_modules"), { recursive: true });
  const link = (name, target) => {
    const path = join(out, "node_modules", name);
    if (existsSync(path)) return;
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(resolve(target), path, "junction");
  };
  for (const { name, folder } of workspaces()) link(name, folder);
  for (const { folder, manifest } of workspaces()) {
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
      if (existsSync(join(folder, "node_modules", name))) link(name, join(folder, "node_modules", name));
    }
  }
  writeFileSync(join(out, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const tsconfig = { extends: "../../tsconfig.json", compilerOptions: { types: ["node"] }, include: ["*.ts"] };
  writeFileSync(join(out, "tsconfig.json"), JSON.stringify(tsconfig));
}

async function typeCheck() {
  if (modules.length === 0) return;
  const { stdout } = await run("tsc", ["-p", join(out, "tsconfig.json"), "--pretty", "false"], {
    shell: process.platform === "win32",
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error) => error);
  for (const line of stdout.split("\n")) {
    if (line.trim() !== "") problems.push(inSource(line));
  }
}

/** Turns "…/name.ts(3,5): error …" into "README.md:42:5: error …". */
function inSource(line) {
  const place = /^(?:.*[\\/])?([^\\/(]+)\((\d+),(\d+)\)(: .*)$/.exec(line);
  const module = place && modules.find(({ name }) => name === place[1]);
  const origin = module?.lines[Number(place[2]) - 1] ?? module?.lines.at(-1);
  return origin ? `${origin.file}:${origin.line}:${place[3]}${place[4]}` : line;
}

/** A process for each module; those that begin alike share one, since most of their time goes into loading the same code. */
function processesOf(all) {
  const [alone, alike] = [all.filter((each) => each.with === undefined), all.filter((each) => each.with !== undefined)];
  return [...alone.map((each) => [each]), ...Map.groupBy(alike, (each) => each.with).values()];
}

async function execute(together) {
  const paths = together.map(({ name }) => join(out, name));
  const what =
    paths.length === 1
      ? paths
      : ["--input-type=module", "--eval", importAll, ...paths.map((path) => pathToFileURL(path).href)];
  const folder = mkdtempSync(join(tmpdir(), "relata-docs-"));
  try {
    await run(process.execPath, [...nodeFlags, ...what], { cwd: folder, timeout: 60_000 });
  } catch (error) {
    const why = error.killed ? "did not end within 60 s" : `exited with ${error.code}`;
    const [module] = together;
    const where = paths.length === 1 ? `${module.file}:${module.line}` : `fences with ${module.with}, see the stack`;
    problems.push(`${where}: ${why}\n${error.stdout}${error.stderr}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
