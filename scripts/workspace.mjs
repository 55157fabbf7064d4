// The packages of this workspace, for the check scripts.

import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** Every workspace below the root, sorted by name: its folder (relative to the root) and its manifest. */
export function workspaces() {
  return globSync([
    "packages/core/package.json",
    "packages/{adapters,plugins}/*/package.json",
    "examples/*/package.json",
  ])
    .map((file) => ({ folder: dirname(file), manifest: JSON.parse(readFileSync(file, "utf8")) }))
    .map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The workspaces that are published. */
export function publicPackages() {
  return workspaces().filter(({ manifest }) => manifest.private !== true);
}

/** Runs `action` on each item, at most `limit` at a time. */
export async function forEachLimited(items, limit, action) {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await action(item);
  };
  await Promise.all(Array.from({ length: limit }, lane));
}
