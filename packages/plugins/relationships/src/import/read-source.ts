/** The rows of an import, one after another, whatever they are given as. */
import type { ImportSource } from "./import-options.ts";
import { readCsv } from "./read-csv.ts";
import { readJson } from "./read-json.ts";
import { isTextSource, wrongText } from "./read-text.ts";
import type { ImportRow, SourcePart, SourceRow } from "./source-row.ts";

/** @throws `invalid_input` for text that is no CSV or JSON, naming the line where that is known, and for what is no row */
export async function* readSource(
  source: ImportSource,
  required: readonly string[],
): AsyncGenerator<SourceRow | SourcePart, void, undefined> {
  let at = 0;
  for await (const item of itemsOf(source, required)) {
    if ("part" in item) yield item;
    else yield checked(item, at++);
  }
}

function itemsOf(source: ImportSource, required: readonly string[]): AsyncIterable<SourceRow | SourcePart> {
  if (typeof source === "object" && source !== null) {
    if ("csv" in source && isTextSource(source.csv)) return readCsv(source, required);
    if ("json" in source && isTextSource(source.json)) return readJson(source.json);
    if ("rows" in source && isIterable(source.rows)) return rowsOf(source.rows);
    if (isIterable(source)) return rowsOf(source);
  }
  throw wrongText("", "must be rows (a list or an iteration of them), { rows }, { csv } or { json }");
}

function isIterable(value: unknown): value is Iterable<ImportRow> | AsyncIterable<ImportRow> {
  return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

async function* rowsOf(rows: Iterable<ImportRow> | AsyncIterable<ImportRow>): AsyncGenerator<SourceRow> {
  for await (const cells of rows) yield { cells };
}

function checked(row: SourceRow, at: number): SourceRow {
  const { cells } = row;
  if (typeof cells === "string" || cells instanceof Uint8Array)
    throw wrongText("", `must be rows, and row ${at} is text: give a stream of text as { csv } or { json }`);
  if (typeof cells !== "object" || cells === null || Array.isArray(cells))
    throw wrongText("", `must be an object with a value for each column, and row ${at} is not`);
  return row;
}
