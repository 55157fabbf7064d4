/**
 * The smallest useful application, core and the memory adapter, as a bundler makes it of their sources that splits what is imported when it
 * is called (docs/decisions/0034).
 */
import { basename, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build, type Metafile } from "esbuild";

const SOURCE = "application.mjs";
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

export interface Bundle {
  /** Of the file that is run. */
  readonly entry: string;
  /** By name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The names of those that are loaded before the application begins; it loads no others up to its first record. */
  readonly first: ReadonlySet<string>;
}

export async function bundle({ end = "", minify = false, withoutZod = false }: BundleOptions): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: entry + end, resolveDir: join(import.meta.dirname, "../.."), sourcefile: SOURCE },
    bundle: true,
    splitting: true,
    minify,
    write: false,
    metafile: true,
    outdir: "application",
    outExtension: { ".js": ".mjs" },
    format: "esm",
    platform: "node",
    target: "es2023",
    conditions: ["@relata/source"],
    external: withoutZod ? ["zod", "zod/*"] : [],
    logLevel: "error",
  });
  const entryPath = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint?.endsWith(SOURCE))![0];
  return {
    entry: basename(entryPath),
    files: new Map(outputFiles.map(({ path, contents }) => [basename(path), contents])),
    first: firstOf(metafile, entryPath),
  };
}

/** The file that is run, and all that it imports otherwise than by a call. */
function firstOf({ outputs }: Metafile, entryPath: string): ReadonlySet<string> {
  const first = new Set<string>();
  const add = (path: string) => {
    if (first.has(basename(path))) return;
    first.add(basename(path));
    for (const { path: imported, kind, external } of outputs[path]!.imports)
      if (kind === "import-statement" && !external) add(imported);
  };
  add(entryPath);
  return first;
}

/** Minified, and each file compressed, in kilobytes of 1,000 bytes. */
export async function importSizes(): Promise<{
  /** Of what is loaded up to the first record. */
  readonly gzip: number;
  readonly brotli: number;
  readonly withZod: number;
  /** Of everything, without zod: whatever the application calls. */
  readonly whole: number;
}> {
  const own = await bundle({ minify: true, withoutZod: true });
  const all = await bundle({ minify: true });
  return {
    gzip: sizeOf(own, gzip),
    brotli: sizeOf(own, brotliCompressSync),
    withZod: sizeOf(all, gzip),
    whole: [...own.files.values()].reduce((total, code) => total + gzip(code).length, 0) / 1_000,
  };
}

function gzip(code: Uint8Array): Uint8Array {
  return gzipSync(code, { level: 9 });
}

function sizeOf({ files, first }: Bundle, compress: (code: Uint8Array) => Uint8Array): number {
  return [...first].reduce((total, name) => total + compress(files.get(name)!).length, 0) / 1_000;
}
