// Compiles programs against core as an application gets it: from declaration files, through the manifest's `exports`.

import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import ts from "typescript";

const core = resolve("packages/core");

export const options = {
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts"],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  allowImportingTsExtensions: true,
  rewriteRelativeImportExtensions: true,
  skipLibCheck: true,
  declaration: true,
};

/** Empties `folder` and installs `@relata/core` there: its declaration files, made from its sources, and what they import. */
export function installCore(folder) {
  const manifest = JSON.parse(readFileSync(join(core, "package.json"), "utf8"));
  const target = join(folder, "node_modules", manifest.name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const sources = Object.entries(manifest.exports).map(([name, { "@relata/source": source }]) => ({ name, source }));
  const exports = sources.map(({ name, source }) => [name, source.replace("./src/", "./").replace(/\.ts$/, ".d.ts")]);
  writeFileSync(
    join(target, "package.json"),
    JSON.stringify({ name: manifest.name, type: "module", exports: Object.fromEntries(exports) }),
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const installed = join(core, "node_modules", name);
    if (name.startsWith("@relata/") || !existsSync(installed)) continue;
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(realpathSync(installed), link, "junction");
  }
  // The inner files by themselves: a type must not come to be named through an entry point that its user does not import.
  const output = { rootDir: join(core, "src"), outDir: target };
  const entries = sources.map(({ source }) => join(core, source));
  const program = ts.createProgram(entries, { ...options, ...output, emitDeclarationOnly: true });
  const own = program.getSourceFiles().filter(({ fileName }) => resolve(fileName).startsWith(output.rootDir));
  const isEntry = ({ fileName }) => entries.includes(resolve(fileName));
  const inner = own.filter((file) => !isEntry(file)).map(({ fileName }) => fileName);
  declare(inner, output);
  for (const entry of own.filter(isEntry)) program.emit(entry);
}

/** Writes the declaration files of `files`, and says what is wrong with them, and what checking them has cost. */
export function declare(files, { rootDir, outDir }) {
  const program = ts.createProgram(files, { ...options, rootDir, outDir, emitDeclarationOnly: true });
  const diagnostics = program.getSemanticDiagnostics();
  const emitted = program.emit();
  return {
    problems: texts([...program.getOptionsDiagnostics(), ...diagnostics, ...emitted.diagnostics]),
    instantiations: program.getInstantiationCount(),
  };
}

/** Checks single programs that exist as text only; what they import is read once. */
export function createChecker() {
  const known = new Map();
  return (file, text) => {
    const host = ts.createCompilerHost(options);
    const { fileExists, getSourceFile, readFile } = host;
    host.fileExists = (name) => name === file || fileExists.call(host, name);
    host.readFile = (name) => (name === file ? text : readFile.call(host, name));
    host.getSourceFile = (name, language) => {
      if (name === file) return ts.createSourceFile(name, text, language, true);
      if (!known.has(name)) known.set(name, getSourceFile.call(host, name, language));
      return known.get(name);
    };
    const program = ts.createProgram([file], { ...options, noEmit: true }, host);
    const source = program.getSourceFile(file);
    const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return { diagnostics, instantiations: program.getInstantiationCount() };
  };
}

/** What an editor shows for the first mention of `name` in `file`. */
export function hover(file, name) {
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({ ...options, noEmit: true }),
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) =>
      existsSync(path) ? ts.ScriptSnapshot.fromString(readFileSync(path, "utf8")) : undefined,
    getCurrentDirectory: () => dirname(file),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    realpath: ts.sys.realpath,
  });
  const position = readFileSync(file, "utf8").search(new RegExp(`\\b${name}\\b`));
  return ts.displayPartsToString(service.getQuickInfoAtPosition(file, position)?.displayParts);
}

export function texts(diagnostics) {
  return diagnostics.map(({ code, file, start, messageText }) => {
    const place = file ? `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}: ` : "";
    return `${place}TS${code}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
  });
}
