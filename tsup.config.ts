import { readFileSync } from "node:fs";
import { defineConfig } from "tsup";

// Shared by every package (`tsup --config ../../tsup.config.ts`, run in the package's folder): what its `exports` name as source is
// what is built, so a new entry point is written once, in package.json.
interface Manifest {
  readonly exports: Readonly<Record<string, { readonly "@relata/source": string }>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const needsNode = manifest.devDependencies?.["@types/node"] !== undefined;

export default defineConfig({
  entry: Object.values(manifest.exports).map((target) => target["@relata/source"]),
  format: "esm",
  platform: needsNode ? "node" : "neutral",
  target: "es2023",
  dts: true,
  sourcemap: true,
  clean: true,
  treeshake: true,
  // `node:sqlite` has no other name.
  removeNodeProtocol: false,
});
