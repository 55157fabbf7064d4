/** A CSV file as rows by column name, each with the line that it begins on. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { CsvError, parse } from "csv-parse/sync";
import { csvInvalid, csvMissing, csvUnreadable } from "./csv-error.ts";

interface CsvRow {
  readonly line: number;
  readonly cells: { readonly [column: string]: string };
}

export interface CsvFile {
  readonly rows: readonly CsvRow[];
  /** How many cells had blanks around them, which are taken off. */
  readonly trimmed: number;
  /** The columns that nobody asked for. */
  readonly unread: readonly string[];
}

/**
 * UTF-8, comma-separated, with a header; columns in any order, blank lines skipped, text in Unicode NFC.
 *
 * @throws `csv_missing`, `csv_unreadable`; `csv_invalid` when it is empty, not UTF-8, lacks one of `columns`, or has broken
 * quotes or rows of another width than the header.
 */
export async function readCsv(path: string, columns: readonly string[]): Promise<CsvFile> {
  const file = basename(path);
  const records = parseRecords(file, decode(file, await readBytes(path)));
  const [header, ...body] = records;
  if (header === undefined) throw csvInvalid([{ file, message: "the file is empty" }]);
  const names = header.cells.map((cell) => cell.trim());
  checkHeader(file, names, columns);
  checkWidths(file, names.length, body);

  let trimmed = 0;
  const rows = body.map(({ line, cells }) => {
    const entries = cells.map((cell, index) => {
      const text = cell.trim();
      if (text !== cell) trimmed += 1;
      return [names[index] ?? "", text.normalize("NFC")] as const;
    });
    return { line, cells: Object.fromEntries(entries) };
  });
  return { rows, trimmed, unread: names.filter((name) => !columns.includes(name)) };
}

interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const file = basename(path);
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw csvMissing(file, `${file} is missing: there is no ${path}.`, error);
    }
    throw csvUnreadable(file, error);
  }
}

function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw csvInvalid([{ file, message: "the file is not UTF-8 text" }]);
  }
}

function parseRecords(file: string, content: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let previousEnd = 0;
  try {
    parse(content, {
      relax_column_count: true,
      on_record: (cells: string[], { lines }) => {
        const blank = cells.length === 1 && cells[0]?.trim() === "";
        if (!blank) records.push({ line: previousEnd + 1, cells });
        previousEnd = lines;
        return null;
      },
    });
    return records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The parser names the line on which it noticed; what is broken is the row that began after the last whole one.
    throw csvInvalid([{ file, line: previousEnd + 1, message: quoteProblems.get(error.code) ?? error.message }]);
  }
}

const quoteProblems: ReadonlyMap<string, string> = new Map([
  ["CSV_QUOTE_NOT_CLOSED", "broken quotes: one is opened and never closed"],
  ["CSV_INVALID_CLOSING_QUOTE", "broken quotes: text follows a closing one"],
  ["INVALID_OPENING_QUOTE", "broken quotes: one stands within a cell that is not quoted"],
]);

function checkHeader(file: string, names: readonly string[], columns: readonly string[]): void {
  const missing = columns.filter((column) => !names.includes(column));
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  const problems = [
    ...missing.map((column) => ({ file, line: 1, column, message: "this needed column is missing" })),
    ...repeated.map((column) => ({ file, line: 1, column, message: "this column is there twice" })),
  ];
  if (problems.length > 0) throw csvInvalid(problems);
}

function checkWidths(file: string, width: number, records: readonly CsvRecord[]): void {
  const ragged = records.filter(({ cells }) => cells.length !== width);
  if (ragged.length === 0) return;
  throw csvInvalid(
    ragged.map(({ line, cells }) => ({ file, line, message: `${cells.length} cells where the header has ${width}` })),
  );
}
