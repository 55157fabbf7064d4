/** What is told of rows. Pure. */
import { type CheckedOptions, choiceOf, type RowField } from "./import-options.ts";
import type { ImportFinding, ImportProblem, ImportReport, UnmappedRole } from "./import-report.ts";
import type { RowProblem } from "./read-row.ts";
import type { SourceRow } from "./read-source.ts";

export function findingOf(problem: RowProblem, { cells, line }: SourceRow, options: CheckedOptions): ImportFinding {
  const { columns } = options;
  const text = (field: RowField) => textOf(cells[columns[field] ?? field]);
  const { role = text("role"), inverseRole = text("inverseRole"), of } = problem;
  const key = text("key");
  return {
    problem: problem.problem,
    code: problem.code ?? problem.problem,
    choice: choiceOf(options, problem.problem),
    row: problem.row,
    ...(line === undefined ? {} : { line }),
    ...(key === "" ? {} : { key }),
    ...{ field: problem.field, from: text("from"), to: text("to") },
    ...(role === "" ? {} : { role }),
    ...(inverseRole === "" ? {} : { inverseRole }),
    message: problem.message,
    ...(of === undefined ? {} : { of }),
  };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? Object.values(value).join(" ") : String(value);
}

/** A row as it is called in a sentence. */
export function rowText({ row, line, from, to, message }: ImportFinding): string {
  return `row ${row}${line === undefined ? "" : ` (line ${line})`}, from "${from}" to "${to}": ${message}`;
}

export function countsOf(findings: readonly ImportFinding[]): ImportReport["counts"] {
  const counts: { [P in ImportProblem]?: number } = {};
  for (const { problem } of findings) counts[problem] = (counts[problem] ?? 0) + 1;
  return counts;
}

export function unmappedIn(findings: readonly ImportFinding[]): readonly UnmappedRole[] {
  const found = new Map<string, { readonly roles: Omit<UnmappedRole, "count">; count: number }>();
  for (const { problem, role, inverseRole } of findings) {
    if (problem !== "unmapped_role" && problem !== "ambiguous_role") continue;
    const roles = { ...(role === undefined ? {} : { role }), ...(inverseRole === undefined ? {} : { inverseRole }) };
    const key = JSON.stringify([role, inverseRole]);
    const known = found.get(key) ?? { roles, count: 0 };
    known.count += 1;
    found.set(key, known);
  }
  return [...found.values()].sort((a, b) => b.count - a.count).map(({ roles, count }) => ({ ...roles, count }));
}
