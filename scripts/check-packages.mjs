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
  const imports = entries.map((entry) => `await import("${entry}");`).join("");
  await attempt(name, process.execPath, ["--input-type=module", "--eval", imports], { cwd: folder, shell: false });
  const requires = entries.map((entry) => `require("${entry}");`).join("");
  await attempt(name, process.execPath, ["--input-type=commonjs", "--eval", requires], { cwd: folder, shell: false });
});

async function attempt(name, command, args, options) {
  try {
    await run(command, args, { shell: process.platform === "win32", ...options });
  } catch (error) {
    process.exitCode = 1;
    console.error(`${name}: ${command} ${args[0]} failed\n${error.stdout}${error.stderr}`);
  }
}
