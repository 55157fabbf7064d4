/** What is told of rows. Pure. */
import { type CheckedOptions, choiceOf, type RowField } from "./import-options.ts";
import type { ImportFinding, ImportProblem, UnmappedRole } from "./import-report.ts";
import type { RowProblem } from "./read-row.ts";
import type { SourceRow } from "./source-row.ts";

/** What a row is known by in a report. */
export type RowText = Pick<ImportFinding, "line" | "key" | "from" | "to" | "role" | "inverseRole">;

export function rowTextOf({ cells, line }: SourceRow, { columns }: CheckedOptions): RowText {
  const text = (field: RowField) => clipped(textOf(cells[columns[field] ?? field]));
  const [key, role, inverseRole] = [text("key"), text("role"), text("inverseRole")];
  return {
    ...(line === undefined ? {} : { line }),
    ...(key === "" ? {} : { key }),
    ...{ from: text("from"), to: text("to") },
    ...(role === "" ? {} : { role }),
    ...(inverseRole === "" ? {} : { inverseRole }),
  };
}

export function findingOf(problem: RowProblem, text: RowText, options: CheckedOptions): ImportFinding {
  const { role = text.role, inverseRole = text.inverseRole, of } = problem;
  return {
    problem: problem.problem,
    code: problem.code ?? problem.problem,
    choice: choiceOf(options, problem.problem),
    row: problem.row,
    ...text,
    field: problem.field,
    ...(role === undefined ? {} : { role }),
    ...(inverseRole === undefined ? {} : { inverseRole }),
    message: clipped(problem.message, 2_000),
    ...(of === undefined ? {} : { of }),
  };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "object") return String(value);
  return Object.values(value)
    .map((each) => (typeof each === "object" ? "" : String(each)))
    .join(" ");
}

/** A report does not repeat what is far too long to be meant. */
function clipped(text: string, most = 500): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** A row as it is called in a sentence. */
export function rowText({ row, line, from, to, message }: ImportFinding): string {
  return `row ${row}${line === undefined ? "" : ` (line ${line})`}, from "${from}" to "${to}": ${message}`;
}

/** Counts what is told, so that the findings need not be kept. */
export function findingCounts() {
  const counts: { [P in ImportProblem]?: number } = {};
  const unmapped = new Map<string, { readonly roles: Omit<UnmappedRole, "count">; count: number }>();
  return {
    counts,
    add({ problem, role, inverseRole }: ImportFinding): void {
      counts[problem] = (counts[problem] ?? 0) + 1;
      if (problem !== "unmapped_role" && problem !== "ambiguous_role") return;
      const roles = { ...(role === undefined ? {} : { role }), ...(inverseRole === undefined ? {} : { inverseRole }) };
      const key = JSON.stringify([role, inverseRole]);
      const known = unmapped.get(key) ?? { roles, count: 0 };
      known.count += 1;
      unmapped.set(key, known);
    },
    /** Most first. */
    unmapped: (): readonly UnmappedRole[] =>
      [...unmapped.values()].sort((a, b) => b.count - a.count).map(({ roles, count }) => ({ ...roles, count })),
  };
}
