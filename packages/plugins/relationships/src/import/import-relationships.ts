/** Brings relationships in, and tells of each row what became of it. */
import { parsed } from "../asked.ts";
import type { RelationshipsContext } from "../parts.ts";
import { chunksOf } from "../things.ts";
import { defineTypes } from "../type/define-types.ts";
import { readTypes, typesOfKeys } from "../type/read-types.ts";
import { countsOf, findingOf, rowText, unmappedIn } from "./findings.ts";
import { foldEqualRows, foldMirrors, type ToldRow } from "./fold-rows.ts";
import {
  type CheckedOptions,
  choiceOf,
  type ImportOptions,
  type ImportSource,
  isFallback,
  optionsSchema,
} from "./import-options.ts";
import type { ImportFinding, ImportReport } from "./import-report.ts";
import { columnReader, roleReader } from "./parse-role.ts";
import { type PlannedEdge, planEdges, roleMapping } from "./plan-edges.ts";
import { type ReadRow, type RowProblem, readRow } from "./read-row.ts";
import { type ReadSource, readSource, type SourceRow } from "./read-source.ts";
import { resolveThings } from "./resolve-things.ts";
import { storeEdges } from "./store-edges.ts";

/** Undoes what a dry run has done. */
class DryRunDone extends Error {
  readonly report: ImportReport;
  constructor(report: ImportReport) {
    super("The dry run is done.");
    this.report = report;
  }
}

export async function importRelationships(
  context: RelationshipsContext,
  source: ImportSource,
  given: ImportOptions = {},
): Promise<ImportReport> {
  const options = parsed("relationshipImport", optionsSchema(), given);
  const read = await readSource(source);
  // What is rejected only when it is written takes what was written before it along.
  const isWhole = (["refused", "differs", "retracted"] as const).some((each) => choiceOf(options, each) === "reject");
  if (!options.dryRun && !isWhole) return run(context, read, options);
  try {
    return await context.transaction(async (tx) => {
      const report = await run(tx, read, options);
      if (options.dryRun) throw new DryRunDone(report);
      return report;
    });
  } catch (error) {
    if (error instanceof DryRunDone) return error.report;
    throw error;
  }
}

async function run(context: RelationshipsContext, read: ReadSource, options: CheckedOptions): Promise<ImportReport> {
  if (options.definesTypes) await defineMissingTypes(context, read.types);
  const { rows } = read;
  const { edges, problems } = await planImport(context, rows, options);
  const findings = problems.map((problem) => findingOf(problem, rows[problem.row]!, options));
  refuse(context, findings, options);
  let [created, fallen, unchanged, done] = [0, 0, 0, rows.length - edges.length];
  for (const unit of chunksOf(edges, options.unitSize)) {
    const stored = await storeEdges(context, unit, options);
    created += stored.created.length;
    fallen += stored.created.filter(({ isFallen }) => isFallen).length;
    unchanged += stored.unchanged;
    findings.push(...stored.problems.map((problem) => findingOf(problem, rows[problem.row]!, options)));
    done += unit.length;
    options.onProgress?.({ done, rows: rows.length });
  }
  findings.sort((a, b) => a.row - b.row);
  refuse(context, findings, options);
  const counts = countsOf(findings);
  return {
    ...{ rows: rows.length, created, fallen, unchanged, leftOut: rows.length - created - unchanged },
    ...{ mirrors: counts.mirror ?? 0, doubles: counts.double ?? 0, counts, findings },
    ...{ unmapped: unmappedIn(findings), isDryRun: options.dryRun },
  };
}

/** A dry run tells what would be rejected, and the rest. @throws `relationship_import_rejected` */
function refuse(context: RelationshipsContext, findings: readonly ImportFinding[], { dryRun }: CheckedOptions): void {
  const rejected = findings.filter(({ choice }) => choice === "reject");
  if (dryRun || !rejected[0]) return;
  const facts = { entity: "relationship", count: rejected.length, first: rowText(rejected[0]) };
  throw context.error("relationship_import_rejected", { ...facts, findings });
}

async function defineMissingTypes(context: RelationshipsContext, types: ReadSource["types"]): Promise<void> {
  const known = new Set([...(await readTypes(context)).values()].map(({ key }) => key));
  await defineTypes(
    context,
    types.filter(({ key }) => !known.has(key)),
  );
}

/** Reads, and writes nothing. */
async function planImport(
  context: RelationshipsContext,
  source: readonly SourceRow[],
  options: CheckedOptions,
): Promise<{ readonly edges: readonly PlannedEdge[]; readonly problems: readonly RowProblem[] }> {
  const fallbacks = Object.values(options.choices).flatMap((choice) => (isFallback(choice) ? [choice.type] : []));
  const named = [...options.rules.map(({ type }) => type), ...(options.type ?? []), ...fallbacks];
  if (named.length > 0) await typesOfKeys(context, named);
  const types = [...(await readTypes(context)).values()];
  const problems: RowProblem[] = [];
  const read = await readRows(context, source, options);
  const told = await nameThings(context, read.filter(isGood(problems)), options);
  const mapping = roleMapping(types, options);
  const equal = foldEqualRows(told.filter(isGood(problems)));
  const isKnownPair = (row: ToldRow, other: NonNullable<ToldRow["role"]>) => {
    const pair = row.role ? { ...row, inverseRole: other } : { ...row, role: other };
    const mapped = mapping.mapRow(pair);
    return !("problem" in mapped) && mapped.knowsBoth === true;
  };
  const once = options.isToldTwice ? foldMirrors(equal.rows, isKnownPair) : { rows: equal.rows, problems: [] };
  const planned = planEdges(once.rows, mapping, options);
  return { edges: planned.edges, problems: [...problems, ...equal.problems, ...once.problems, ...planned.problems] };
}

/** Puts what is wrong aside. */
function isGood(problems: RowProblem[]) {
  return <T extends object>(row: T | RowProblem): row is T => {
    if (!("problem" in row)) return true;
    problems.push(row);
    return false;
  };
}

async function readRows(
  context: RelationshipsContext,
  source: readonly SourceRow[],
  options: CheckedOptions,
): Promise<readonly (ReadRow | RowProblem)[]> {
  const { dateOrder, words, languages } = options;
  const reading = {
    ...{ options, readRole: roleReader({ dateOrder, words, languages }) },
    readDay: columnReader({ dateOrder, words, languages }),
    statedOn: options.statedOn ?? (await context.settings.today()),
    mayLastNoDay: choiceOf(options, "no_whole_day") === "keep",
  };
  return source.map((row, at) => readRow(row, at, reading));
}

async function nameThings(
  context: RelationshipsContext,
  rows: readonly ReadRow[],
  options: CheckedOptions,
): Promise<readonly (ToldRow | RowProblem)[]> {
  const asked = rows.flatMap(({ from, to }) => [
    { thing: from, end: "from" as const },
    { thing: to, end: "to" as const },
  ]);
  const thingOf = await resolveThings(context, asked, options);
  return rows.map((row): ToldRow | RowProblem => {
    const [from, to] = [thingOf(row.from, "from"), thingOf(row.to, "to")];
    if (typeof from === "string") return { row: row.row, problem: "unknown_thing", field: "from", message: from };
    if (typeof to === "string") return { row: row.row, problem: "unknown_thing", field: "to", message: to };
    return { ...row, from, to };
  });
}
