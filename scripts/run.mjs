#!/usr/bin/env node
// Brings what a machine lacks, then runs a task of scripts/tasks.mjs: `node scripts/run.mjs <task> [arguments]`.
// Runs on any Node from 18 up, with npm and nothing else; what it fetches stays in the git-ignored .cache/tools.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, ".cache", "tools");
const toolsBin = join(tools, "node_modules", ".bin");
const onWindows = process.platform === "win32";

const leastNode = [22, 16];
const fetchedNodeMajor = 24;
// The platforms for which npm carries Node itself, without an install script.
const fetchableNodes = ["linux-x64", "linux-arm64", "darwin-x64", "win-x64"];
const pnpmVersion = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager.split("@")[1];

const [task, ...taskArguments] = process.argv.slice(2);
process.exitCode = main();

function main() {
  const node = findNode() ?? fetchNode();
  const path = [toolsBin, dirname(node), join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH: path, INIT_CWD: process.env.INIT_CWD ?? process.cwd() };
  ensurePnpm(node, env);
  ensureDependencies(env);
  const { status, signal } = spawnSync(node, [join(root, "scripts", "tasks.mjs"), task, ...taskArguments], {
    cwd: root,
    env,
    stdio: "inherit",
  });
  return signal ? 1 : status;
}

/** The Node that runs this script if it is new enough, else the one fetched before, else undefined. */
function findNode() {
  if (isNewEnough(process.version)) return process.execPath;
  const fetched = fetchedNodePath();
  return versionOf(fetched) === undefined ? undefined : fetched;
}

function fetchNode() {
  const platform = nodePlatform();
  const needed = `Relata needs Node ${leastNode.join(".")} or newer (this is ${process.version})`;
  if (!fetchableNodes.includes(platform)) {
    fail(`${needed}, and npm has none for ${platform}: install Node ${fetchedNodeMajor} from https://nodejs.org.`);
  }
  say(`${needed}: fetching Node ${fetchedNodeMajor} through npm.`);
  installTools([`node-${platform}@${fetchedNodeMajor}`]);
  const fetched = fetchedNodePath();
  if (versionOf(fetched) === undefined) {
    fail(
      `${needed}, and the one from npm does not run here: install Node ${fetchedNodeMajor} from https://nodejs.org.`,
    );
  }
  return fetched;
}

function ensurePnpm(node, env) {
  if (existsSync(join(tools, "node_modules", "pnpm", "package.json"))) return;
  const major = (version) => version?.split(".")[0];
  if (major(versionOf("pnpm", { env, shell: onWindows })?.trim()) === major(pnpmVersion)) return;
  say(`Fetching pnpm ${pnpmVersion} through npm.`);
  // npm removes what its command line does not name, so the Node fetched before is named again.
  const fetchedNode = node === fetchedNodePath() ? [`node-${nodePlatform()}@${fetchedNodeMajor}`] : [];
  installTools([...fetchedNode, `pnpm@${pnpmVersion}`]);
}

/** Installs when the lock file or a manifest has changed since the last install. */
function ensureDependencies(env) {
  const stampFile = join(root, "node_modules", ".relata-installed");
  const stamp = fingerprint();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
  say("Installing dependencies.");
  const args = ["install", "--prefer-offline", "--config.confirm-modules-purge=false"];
  if (env.CI) args.push("--frozen-lockfile");
  const { status } = spawnSync("pnpm", args, {
    cwd: root,
    env,
    stdio: ["ignore", "inherit", "inherit"],
    shell: onWindows,
  });
  if (status !== 0) fail("The dependencies could not be installed: see pnpm's message above.");
  writeFileSync(stampFile, fingerprint());
}

function fingerprint() {
  const hash = createHash("sha256");
  const folders = ["packages", "packages/adapters", "packages/plugins", "examples"].filter((folder) =>
    existsSync(join(root, folder)),
  );
  const manifests = folders
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name, "package.json")))
    .filter((file) => existsSync(join(root, file)))
    .sort();
  for (const file of [
    "package.json",
    "pnpm-workspace.yaml",
    "pnpm-lock.yaml",
    "benchmarks/package.json",
    ...manifests,
  ]) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)));
  }
  return hash.digest("hex");
}

function installTools(packages) {
  mkdirSync(tools, { recursive: true });
  const args = ["install", "--prefix", tools, "--no-save", "--no-audit", "--no-fund", "--loglevel=error", ...packages];
  const result = spawnSync("npm", args, { cwd: tools, stdio: ["ignore", "ignore", "inherit"], shell: onWindows });
  if (result.error) fail("npm was not found: it comes with Node, and must be on PATH.");
  if (result.status !== 0) fail(`npm could not fetch ${packages.join(" and ")}: see its message above.`);
}

function versionOf(command, options = {}) {
  const { status, stdout } = spawnSync(command, ["--version"], { encoding: "utf8", ...options });
  return status === 0 ? stdout : undefined;
}

function isNewEnough(version) {
  const [major, minor] = version.slice(1).split(".").map(Number);
  return major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1]);
}

function nodePlatform() {
  return `${onWindows ? "win" : process.platform}-${process.arch}`;
}

function fetchedNodePath() {
  return join(tools, "node_modules", `node-${nodePlatform()}`, "bin", onWindows ? "node.exe" : "node");
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}
