// What an application pays for a CRM in memory: createCrm from the built core plus the memory adapter, bundled, minified, gzipped.

import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const limitBytes = 165_000;

const entry = `
  import { createCrm } from "@relata/core";
  import { memory } from "./dist/index.js";
  globalThis.crm = createCrm({ storage: memory() });
`;

const result = await build({
  stdin: { contents: entry, resolveDir: "packages/adapters/memory" },
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: "esm",
  platform: "browser",
  target: "es2023",
  logLevel: "error",
});

const bytes = gzipSync(result.outputFiles[0].contents).length;
console.log(`note: core + memory is ${(bytes / 1000).toFixed(1)} kB gzipped, of at most ${limitBytes / 1000} kB`);
if (bytes > limitBytes) {
  const inputs = Object.values(result.metafile.outputs)[0].inputs;
  const largest = Object.entries(inputs).sort(([, a], [, b]) => b.bytesInOutput - a.bytesInOutput);
  for (const [file, { bytesInOutput }] of largest.slice(0, 15))
    console.error(`${String(bytesInOutput).padStart(8)} ${file}`);
  console.error(
    "Too large: take something out, or raise limitBytes in scripts/check-size.mjs and say why in the commit.",
  );
  process.exitCode = 1;
}
