/** Rows of CSV, piece by piece: no more of a text is held than its pieces and one row. */

import { piecesOf, type TextSource, wrongText } from "./read-text.ts";
import type { SourceRow } from "./source-row.ts";

/** A row of more characters is taken for one whose quotes are not closed. */
const MOST = 16_777_216;

export interface CsvSource {
  readonly csv: TextSource;
  readonly delimiter?: string | undefined;
}

/**
 * By a header of which every column of `required` is one.
 *
 * @throws `invalid_input` for what is no CSV, with the line; for a header that lacks a column, or has one twice
 */
export async function* readCsv(
  { csv, delimiter = "," }: CsvSource,
  required: readonly string[],
): AsyncGenerator<SourceRow, void, undefined> {
  if (typeof delimiter !== "string" || delimiter.length !== 1) throw wrongText("delimiter", "must be one character");
  const { CsvError, parse } = await import("csv-parse/browser/esm/sync");
  let names: readonly string[] | undefined;
  let isFirst = true;
  for await (const { text, lines } of wholeRows(piecesOf(csv, "csv"))) {
    const rows: SourceRow[] = [];
    let read = 0;
    try {
      parse(text, {
        ...{ delimiter, bom: isFirst, relax_column_count: true, record_delimiter: ["\r\n", "\n", "\r"] },
        on_record: (cells) => {
          const line = lines[read++]!;
          const isBlank = cells.length === 1 && cells[0]!.trim() === "";
          if (isBlank) return null;
          if (names === undefined) names = headerOf(cells, required);
          else rows.push(rowOf(names, cells, line));
          return null;
        },
      });
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      throw wrongText("csv", `is broken in the row that begins on line ${lines[read]}: ${error.message}`);
    }
    isFirst = false;
    yield* rows;
  }
  if (names === undefined) throw wrongText("csv", "is empty: its first line names the columns");
}

interface WholeRows {
  readonly text: string;
  /** On which line each begins, from 1. */
  readonly lines: readonly number[];
}

/** Pieces that end where a row ends: a new line is the end of one unless quotes are open. */
async function* wholeRows(pieces: AsyncIterable<string>): AsyncGenerator<WholeRows, void, undefined> {
  let [rest, isQuoted, line, lines] = ["", false, 1, [1]];
  let waiting = "";
  for await (const piece of pieces) {
    // A \r at the end may go on with \n.
    const text = waiting + piece;
    waiting = text.endsWith("\r") ? "\r" : "";
    let cut = 0;
    for (const { 0: sign, index } of text.slice(0, text.length - waiting.length).matchAll(/"|\r\n|\n|\r/g)) {
      if (sign === '"') isQuoted = !isQuoted;
      else line += 1;
      if (sign === '"' || isQuoted) continue;
      cut = index + sign.length;
      lines.push(line);
    }
    rest += text.slice(0, text.length - waiting.length);
    if (cut > 0) {
      const end = rest.length - (text.length - waiting.length) + cut;
      yield { text: rest.slice(0, end), lines };
      rest = rest.slice(end);
      lines = [lines.at(-1)!];
    }
    if (rest.length > MOST) {
      const message = `has a row of more than ${MOST} characters, which begins on line ${lines[0]}: close its quotes`;
      throw wrongText("csv", message);
    }
  }
  if (rest !== "") yield { text: rest + waiting, lines };
}

function headerOf(cells: readonly string[], required: readonly string[]): readonly string[] {
  const names = cells.map((name) => name.trim());
  const twice = names.find((name, at) => name !== "" && names.indexOf(name) !== at);
  if (twice !== undefined)
    throw wrongText("csv", `has the column "${twice}" twice: give each column a name of its own`);
  const lacking = required.filter((name) => !names.includes(name));
  if (lacking.length === 0) return names;
  const each = (list: readonly string[]) => list.map((name) => `"${name}"`).join(", ");
  const hint = "name the columns in its first line, say the delimiter, or name other columns";
  throw wrongText("csv", `has no column ${each(lacking)}, but ${each(names.slice(0, 20)).slice(0, 500)}: ${hint}`);
}

function rowOf(names: readonly string[], cells: readonly string[], line: number): SourceRow {
  return {
    cells: Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""])),
    line,
    ...(cells.length === names.length ? {} : { isRagged: true }),
  };
}
