/** What `npm run evaluate` makes of one data set: a part of docs/forecasting.md. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Section {
  /** That of its place on the page, and of the folder of its data: "m3-monthly". */
  readonly name: string;
  /** Reads the folder, and gives the section's Markdown. Throws where the data are not what they are said to be. */
  evaluate(folder: string): Evaluation | Promise<Evaluation>;
}

export interface Evaluation {
  readonly markdown: string;
  /** What was wanted and not reached, in words. */
  readonly missed: readonly string[];
}

const PAGE = fileURLToPath(new URL("../../../docs/forecasting.md", import.meta.url));

/** Where the real data lie that the project does not ship. */
export function dataFolder(name: string): string {
  return fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url));
}

/** Why it cannot be evaluated here; undefined where it can. */
export function whyAbsent(name: string): string | undefined {
  const folder = dataFolder(name);
  return existsSync(folder) ? undefined : `there is no ${folder}`;
}

/** Puts the Markdown between `<!-- name -->` and `<!-- /name -->` of docs/forecasting.md, in place of what was there. */
export function writeSection(name: string, markdown: string): void {
  const page = readFileSync(PAGE, "utf8");
  const [open, close] = [`<!-- ${name} -->\n`, `<!-- /${name} -->`];
  const [start, end] = [page.indexOf(open), page.indexOf(close)];
  if (start < 0 || end < start)
    throw new Error(`docs/forecasting.md has no place for ${name}: ${open.trim()} … ${close}.`);
  writeFileSync(PAGE, `${page.slice(0, start + open.length)}\n${markdown.trim()}\n\n${page.slice(end)}`);
}

/** A table of Markdown; all columns but the first to the right. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
}
