// What an application pays for a CRM in memory: the built core plus the memory adapter, bundled, minified, gzipped. First what is loaded up
// to the first record, then all of it (docs/decisions/0034). Both kinds of bundles, with and without splitting, are run.

import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Zod is in both. */
const limits = { first: 115_000, whole: 200_000, relationships: 70_000 };
const folder = resolve(".cache/check-size");

const start = `
  import { createCrm } from "@relata/core";
  import { memory } from "./dist/index.js";
  const crm = await createCrm({ storage: memory() });
  const acme = await crm.accounts.create({ name: "Acme" });
`;
// Something of each piece that is loaded when it is first called.
const more = `
  const deal = await crm.opportunities.create({ name: "Acme rollout", accountId: acme.id });
  await crm.opportunities.moveTo(deal.id, "proposal");
  await crm.tags.add({ entityType: "account", id: acme.id }, ["Key account"]);
  const { items } = await crm.tags.list({ where: { taggings: { some: { recordId: acme.id } } } });
  const versions = await crm.opportunities.history(deal.id);
  if (items.length !== 1 || versions.length < 2) throw new Error("Something is missing.");
`;

rmSync(folder, { recursive: true, force: true });
const { entry, first, files, inputs } = await bundled("split", start, { splitting: true });
await runs("only what is loaded at first", entry, new Map([...files].filter(([name]) => first.has(name))));
for (const splitting of [true, false]) {
  const name = splitting ? "split, whole" : "one file";
  const whole = await bundled(name, start + more, { splitting });
  await runs(name, whole.entry, whole.files);
}

report("what is loaded up to the first record", [...first], limits.first);
report("all of it", [...files.keys()], limits.whole);
await checkRelationships();

/** The largest plugin, without core and zod: its graph library, its CSV parser and its drawings are loaded when they are first asked for. */
async function checkRelationships() {
  const plugin = await bundled("relationships", `export { relationships } from "./dist/index.js";`, {
    splitting: true,
    resolveDir: "packages/plugins/relationships",
    external: ["@relata/core", "zod"],
  });
  const names = [...plugin.first];
  const bytes = names.reduce((total, name) => total + gzipSync(plugin.files.get(name), { level: 9 }).length, 0);
  console.log(
    `note: @relata/relationships beside them: ${kilobytes(bytes)} gzipped, of at most ${kilobytes(limits.relationships)}`,
  );
  const early = names.flatMap((name) =>
    Object.keys(plugin.inputs.get(name)).filter((file) => file.includes("node_modules")),
  );
  if (early.length > 0)
    console.error(`Importing @relata/relationships loads ${early.join(", ")}: import it where it is used.`);
  if (bytes > limits.relationships)
    console.error("@relata/relationships is too large: load a part of it when it is first called.");
  if (early.length > 0 || bytes > limits.relationships) process.exitCode = 1;
}

function report(what, names, limit) {
  const bytes = names.reduce((total, name) => total + gzipSync(files.get(name), { level: 9 }).length, 0);
  console.log(`note: core + memory, ${what}: ${kilobytes(bytes)} gzipped, of at most ${kilobytes(limit)}`);
  if (bytes <= limit) return;
  const sizes = new Map();
  for (const name of names)
    for (const [file, { bytesInOutput }] of Object.entries(inputs.get(name)))
      sizes.set(file, (sizes.get(file) ?? 0) + bytesInOutput);
  const largest = [...sizes].sort(([, a], [, b]) => b - a);
  for (const [file, size] of largest.slice(0, 15)) console.error(`${String(size).padStart(8)} ${file}`);
  console.error(
    "Too large: take something out, or raise the limit in scripts/check-size.mjs and say why in the commit.",
  );
  process.exitCode = 1;
}

async function bundled(name, contents, { splitting, resolveDir = "packages/adapters/memory", external = [] }) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir, sourcefile: "application.mjs" },
    external,
    bundle: true,
    splitting,
    minify: true,
    write: false,
    outdir: name,
    outExtension: { ".js": ".mjs" },
    metafile: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    logLevel: "error",
  });
  const { outputs } = metafile;
  const first = new Set();
  const add = (path) => {
    if (first.has(basename(path))) return;
    first.add(basename(path));
    for (const imported of outputs[path].imports)
      if (imported.kind === "import-statement" && !imported.external) add(imported.path);
  };
  const entry = Object.keys(outputs).find((path) => outputs[path].entryPoint?.endsWith("application.mjs"));
  add(entry);
  return {
    entry: basename(entry),
    first,
    files: new Map(outputFiles.map((file) => [basename(file.path), file.contents])),
    inputs: new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output.inputs])),
  };
}

async function runs(what, entry, files) {
  const place = join(folder, what.replaceAll(/\W+/g, "-"));
  mkdirSync(place, { recursive: true });
  for (const [file, code] of files) writeFileSync(join(place, file), code);
  const { status, stderr } = spawnSync(process.execPath, [join(place, entry)], { encoding: "utf8" });
  if (status === 0) return;
  console.error(`The bundle (${what}) does not run: ${stderr}`);
  process.exitCode = 1;
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
