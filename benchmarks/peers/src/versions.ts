/** Which version of a peer is installed. */
import { readFileSync } from "node:fs";

/** By the manifest in this folder's own node_modules. */
export function versionOf(name: string): string {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string }).version;
}
