/** The smallest useful application, as a bundler makes one file of it: core and the memory adapter, from their sources. */
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const entry = `
  import { createCrm } from "@relata/core";
  import { memory } from "@relata/memory";
  const crm = await createCrm({ storage: memory() });
  await crm.accounts.create({ name: "Acme" });
`;

export interface BundleOptions {
  /** What comes after the first record. */
  readonly end?: string;
  readonly minify?: boolean;
  readonly withoutZod?: boolean;
}

export async function bundle({ end = "", minify = false, withoutZod = false }: BundleOptions): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: entry + end, resolveDir: join(import.meta.dirname, "../..") },
    bundle: true,
    minify,
    write: false,
    format: "esm",
    platform: "node",
    target: "es2023",
    conditions: ["@relata/source"],
    external: withoutZod ? ["zod", "zod/*"] : [],
    logLevel: "error",
  });
  return outputFiles[0]!.contents;
}

/** Minified and compressed, in kilobytes of 1,000 bytes. */
export async function importSizes(): Promise<{
  readonly gzip: number;
  readonly brotli: number;
  readonly withZod: number;
}> {
  const code = await bundle({ minify: true, withoutZod: true });
  const all = await bundle({ minify: true });
  return {
    gzip: gzipSync(code, { level: 9 }).length / 1_000,
    brotli: brotliCompressSync(code).length / 1_000,
    withZod: gzipSync(all, { level: 9 }).length / 1_000,
  };
}
