/** The rows of an import, whatever they are given as: a list, an iteration, CSV, JSON. */
import { invalidInput } from "@relata/core/plugin";
import type { TypeDefinition } from "../type/define-relationship-type.ts";
import type { ImportRow, ImportSource } from "./import-options.ts";

export interface SourceRow {
  readonly cells: ImportRow;
  /** Of CSV: from 1. */
  readonly line?: number;
  /** It has not as many cells as the header. */
  readonly isRagged?: true;
}

export interface ReadSource {
  readonly rows: readonly SourceRow[];
  /** The types of a document of `exportJson`. */
  readonly types: readonly TypeDefinition[];
}

/** @throws `invalid_input` for text that is no CSV or JSON, naming the line where that is known, and for what is no list of rows */
export async function readSource(source: ImportSource): Promise<ReadSource> {
  if (Array.isArray(source)) return { rows: rowsOf(source), types: [] };
  if (typeof source === "object" && source !== null) {
    if ("csv" in source && typeof source.csv === "string")
      return { rows: await readCsv(source.csv, source.delimiter ?? ","), types: [] };
    if ("json" in source && typeof source.json === "string") return readJson(source.json);
    if ("rows" in source && isIterable(source.rows)) {
      const rows = await Array.fromAsync(source.rows);
      return { rows: rowsOf(rows), types: [] };
    }
  }
  throw wrong("", "must be a list of rows, { rows }, { csv } or { json }");
}

function isIterable(value: unknown): value is Iterable<ImportRow> {
  return typeof value === "object" && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value);
}

function rowsOf(rows: readonly unknown[]): readonly SourceRow[] {
  return rows.map((cells, at) => {
    if (typeof cells !== "object" || cells === null || Array.isArray(cells))
      throw wrong("", `must be an object with a value for each column, and row ${at} is not`);
    return { cells: cells as ImportRow };
  });
}

/** A list of rows, or a document with `edges`. */
function readJson(text: string): ReadSource {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw wrong("json", `is no JSON: ${(error as SyntaxError).message}`);
  }
  if (Array.isArray(parsed)) return { rows: rowsOf(parsed), types: [] };
  const { edges, types = [] } = (parsed ?? {}) as { readonly edges?: unknown; readonly types?: unknown };
  if (!Array.isArray(edges)) throw wrong("json", "must be a list of rows, or have a list of edges");
  if (!Array.isArray(types) || types.some((type) => typeof type !== "object" || type === null))
    throw wrong("json.types", "must be a list of types");
  return { rows: rowsOf(edges), types };
}

async function readCsv(text: string, delimiter: string): Promise<readonly SourceRow[]> {
  if (delimiter.length !== 1) throw wrong("delimiter", "must be one character");
  const { CsvError, parse } = await import("csv-parse/browser/esm/sync");
  const records: { readonly line: number; readonly cells: readonly string[] }[] = [];
  let ended = 0;
  try {
    parse(text, {
      ...{ delimiter, bom: true, relax_column_count: true },
      on_record: (cells, { lines }) => {
        const isBlank = cells.length === 1 && cells[0]!.trim() === "";
        if (!isBlank) records.push({ line: ended + 1, cells });
        ended = lines;
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw wrong("csv", `is broken in the row that begins on line ${ended + 1}: ${error.message}`);
  }
  const [header, ...rows] = records;
  if (header === undefined) throw wrong("csv", "is empty: its first line names the columns");
  const names = header.cells.map((name) => name.trim());
  const twice = names.find((name, at) => name !== "" && names.indexOf(name) !== at);
  if (twice !== undefined) throw wrong("csv", `has the column "${twice}" twice: give each column a name of its own`);
  return rows.map(({ line, cells }) => ({
    cells: Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""])),
    line,
    ...(cells.length === names.length ? {} : { isRagged: true }),
  }));
}

function wrong(field: string, message: string) {
  const code = field === "" ? "invalid_type" : "invalid_value";
  return invalidInput("relationshipImport", [{ field, code, message }]);
}
