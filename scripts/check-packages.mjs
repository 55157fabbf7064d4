// Packs each public package as it would be published (publishConfig applied) and asks publint and attw whether an ESM consumer
// finds its code and its types, and Node whether it loads: by import, and by require. Needs the packages built.

import { execFile } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { forEachLimited, publicPackages } from "./workspace.mjs";

const run = promisify(execFile);
const packs = join(process.cwd(), ".cache", "packs");
rmSync(packs, { recursive: true, force: true });
mkdirSync(packs, { recursive: true });

await forEachLimited(publicPackages(), availableParallelism(), async ({ name, folder, manifest }) => {
  const tarball = join(packs, `${name.replace("@", "").replace("/", "-")}.tgz`);
  await attempt(name, "pnpm", ["--dir", folder, "pack", "--out", tarball]);
  await attempt(name, "publint", ["run", tarball, "--strict"]);
  await attempt(name, "attw", [
    tarball,
    "--profile",
    "esm-only",
    "--no-definitely-typed",
    "--no-emoji",
    "--format",
    "ascii",
  ]);
  // What needs vitest is loaded by its tests only.
  if (manifest.peerDependencies?.vitest !== undefined) return;
  const entries = Object.keys(manifest.exports).map((entry) => name + entry.slice(1));
  // From its own folder, by its name: what can be required can be imported.
  const own = JSON.stringify(join(process.cwd(), folder, "package.json"));
  const load = `require("node:module").createRequire(${own})`;
  await attempt(name, process.execPath, ["--eval", `${JSON.stringify(entries)}.forEach(${load})`]);
});

async function attempt(name, command, args) {
  try {
    await run(command, args, { shell: process.platform === "win32" && command !== process.execPath });
  } catch (error) {
    process.exitCode = 1;
    console.error(`${name}: ${command} ${args[0]} failed\n${error.stdout}${error.stderr}`);
  }
}
