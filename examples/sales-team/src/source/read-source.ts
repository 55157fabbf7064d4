/** A source folder as typed rows, each row checked by itself; how the rows fit together is checked in clean.ts. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { CrmError } from "@relata/core";
import { type CsvProblem, csvInvalid, csvMissing } from "./csv-error.ts";
import { columnsOf, type SourceName, type SourceRow, sourceFiles } from "./files.ts";
import { type CsvFile, readCsv } from "./read-csv.ts";

export type Line<Row> = Row & { readonly line: number };

interface SourceTable<N extends SourceName> {
  readonly rows: readonly Line<SourceRow<N>>[];
  /** False for an optional file that is not there: `rows` is empty then. */
  readonly present: boolean;
  readonly trimmed: number;
  readonly unread: readonly string[];
}

export type Source = { readonly [N in SourceName]: SourceTable<N> };

/**
 * Reads every file of `folder` and reports the problems of all of them together.
 *
 * @throws `csv_missing`, `csv_unreadable`, `csv_invalid`
 */
export async function readSource(folder: string): Promise<Source> {
  await checkFolder(folder);
  const problems: CsvProblem[] = [];
  const read = async <N extends SourceName>(source: N): Promise<SourceTable<N>> => {
    try {
      return await readTable(folder, source);
    } catch (error) {
      if (!CrmError.is(error, "csv_invalid")) throw error;
      problems.push(...(error.details.problems as readonly CsvProblem[]));
      return emptyTable;
    }
  };
  const source: Source = {
    teams: await read("teams"),
    accounts: await read("accounts"),
    products: await read("products"),
    pipeline: await read("pipeline"),
    contacts: await read("contacts"),
    activities: await read("activities"),
  };
  if (problems.length > 0) throw csvInvalid(problems);
  return source;
}

const emptyTable = { rows: [], present: false, trimmed: 0, unread: [] };

async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) throw csvMissing(folder, `There is no folder ${folder}.`);
  if (!found.isDirectory()) throw csvMissing(folder, `${folder} is a file: name the folder that holds the CSV files.`);
}

async function readTable<N extends SourceName>(folder: string, source: N): Promise<SourceTable<N>> {
  const { file, optional } = sourceFiles[source];
  const csv = await readCsv(join(folder, file), columnsOf(source)).catch((error: unknown) => {
    if (optional && CrmError.is(error, "csv_missing")) return undefined;
    throw error;
  });
  if (csv === undefined) return emptyTable;
  if (csv.rows.length === 0 && !optional) throw csvInvalid([{ file, message: "there is no row below the header" }]);
  return { rows: parseRows(source, csv), present: true, trimmed: csv.trimmed, unread: csv.unread };
}

function parseRows<N extends SourceName>(source: N, csv: CsvFile): readonly Line<SourceRow<N>>[] {
  const { file, row: schema, key } = sourceFiles[source];
  const problems: CsvProblem[] = [];
  const rows: Line<SourceRow<N>>[] = [];
  const lineByKey = new Map<string, number>();
  for (const { line, cells } of csv.rows) {
    const parsed = schema.safeParse(cells);
    if (parsed.success) rows.push({ ...(parsed.data as SourceRow<N>), line });
    for (const { path, message } of parsed.error?.issues ?? []) {
      const column = String(path[0]);
      const value = cells[column];
      problems.push({ file, line, column, message: value ? `${JSON.stringify(value)} ${message}` : message });
    }
    const id = cells[key] ?? "";
    const firstLine = lineByKey.get(id);
    if (firstLine === undefined) lineByKey.set(id, line);
    else if (id !== "") problems.push({ file, line, column: key, message: `"${id}" is on line ${firstLine} already` });
  }
  if (problems.length > 0) throw csvInvalid(problems);
  return rows;
}
