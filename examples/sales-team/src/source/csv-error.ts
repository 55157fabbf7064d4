/** The errors of the source files: `CrmError`s with codes of this application's own. */
import { CrmError } from "@relata/core";

/** What is wrong at one place of a file. Lines count from 1, the header included. */
export interface CsvProblem {
  readonly file: string;
  readonly line?: number;
  readonly column?: string;
  readonly message: string;
}

const problemsShown = 10;

/** `csv_missing`: a file or its folder is not there. */
export function csvMissing(file: string, message: string, cause?: unknown): CrmError {
  return new CrmError("csv_missing", message, { details: { file }, cause });
}

/** `csv_unreadable`: the file is there, and the system does not let it be read. */
export function csvUnreadable(file: string, cause: unknown): CrmError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new CrmError("csv_unreadable", `${file} cannot be read: ${why}.`, { details: { file }, cause });
}

/** `csv_invalid`: `details.problems` has every problem found, `details.file`, `line` and `column` the first one's place. */
export function csvInvalid(problems: readonly CsvProblem[]): CrmError {
  const [first] = problems;
  const shown = problems.slice(0, problemsShown).map(sentence);
  const left = problems.length - shown.length;
  const lines = left > 0 ? [...shown, `and ${left} more.`] : shown;
  const message =
    lines.length === 1
      ? `${lines[0]} Nothing was imported.`
      : `The source files have ${problems.length} problems; nothing was imported.\n  ${lines.join("\n  ")}`;
  return new CrmError("csv_invalid", message, { details: { ...first, problems } });
}

function sentence({ file, line, column, message }: CsvProblem): string {
  const place = [file, line === undefined ? "" : `line ${line}`, column ?? ""].filter((part) => part !== "");
  return `${place.join(", ")}: ${message}.`;
}
