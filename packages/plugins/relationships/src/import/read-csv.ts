/** Rows of CSV, piece by piece: no more of a text is held than its pieces and one row. */
import type { SourceRow } from "./read-source.ts";
import { piecesOf, type TextSource, wrongText } from "./read-text.ts";

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
  let ended = 0;
  for await (const text of wholeRows(piecesOf(csv, "csv"), () => ended + 1)) {
    const [rows, before]: [SourceRow[], number] = [[], ended];
    const read = (cells: readonly string[], line: number) => {
      // A row without a cell is a blank line.
      if (cells.length === 1 && cells[0]!.trim() === "") return;
      if (names === undefined) names = headerOf(cells, required);
      else rows.push(rowOf(names, cells, line));
    };
    try {
      parse(text, {
        ...{ delimiter, bom: before === 0, relax_column_count: true, record_delimiter: ["\r\n", "\n", "\r"] },
        on_record: (cells, { lines }) => {
          read(cells, ended + 1);
          ended = before + lines;
          return null;
        },
      });
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      throw wrongText("csv", `is broken in the row that begins on line ${ended + 1}: ${error.message}`);
    }
    yield* rows;
  }
  if (names === undefined) throw wrongText("csv", "is empty: its first line names the columns");
}

/** Pieces that end where a row ends: a new line is the end of one unless quotes are open. */
async function* wholeRows(pieces: AsyncIterable<string>, line: () => number): AsyncGenerator<string, void, undefined> {
  let rest = "";
  let isQuoted = false;
  for await (const piece of pieces) {
    let cut = 0;
    for (const { 0: sign, index } of piece.matchAll(/["\n\r]/g)) {
      if (sign === '"') isQuoted = !isQuoted;
      // What ends with \r may go on with \n.
      else if (!isQuoted && (sign === "\n" || index + 1 < piece.length)) cut = index + 1;
    }
    if (piece[cut - 1] === "\r" && piece[cut] === "\n") cut += 1;
    if (cut > 0) yield rest + piece.slice(0, cut);
    rest = cut > 0 ? piece.slice(cut) : rest + piece;
    if (rest.length > MOST) {
      const message = `has a row of more than ${MOST} characters, which begins on line ${line()}: close its quotes`;
      throw wrongText("csv", message);
    }
  }
  if (rest !== "") yield rest;
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
