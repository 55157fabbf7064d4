/** Writes a part of docs/benchmarks.md and leaves the others as they are. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const FILE = join("docs", "benchmarks.md");
/** At the end of the page, each written by a benchmark of its own. */
const OWN_SECTION = /\n## History\n/;

/** What stands before the sections that have a benchmark of their own. */
export function writePage(text: string): void {
  const own = read().slice(startOfOwn(read()));
  mkdirSync("docs", { recursive: true });
  writeFileSync(FILE, text + own);
}

/** At the end of the page. */
export function writeSection(title: "History", text: string): void {
  const page = read();
  writeFileSync(FILE, `${page.slice(0, startOfOwn(page)).trimEnd()}\n\n## ${title}\n\n${text}`);
}

function startOfOwn(page: string): number {
  return OWN_SECTION.exec(page)?.index ?? page.length;
}

function read(): string {
  return existsSync(FILE) ? readFileSync(FILE, "utf8") : "";
}
