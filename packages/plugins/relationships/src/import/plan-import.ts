/** Makes relationships of rows, part by part: what is kept of a row is what tells it from others. Reads, and writes nothing. */
import type { RelationshipsContext } from "../parts.ts";
import { readTypes, typesOfKeys } from "../type/read-types.ts";
import { equalRowFolder, foldMirrors, type ToldRow } from "./fold-rows.ts";
import { type CheckedOptions, choiceOf, isFallback } from "./import-options.ts";
import { columnReader, roleReader } from "./parse-role.ts";
import { edgePlanner, type Mapping, type Plan, roleMapping } from "./plan-edges.ts";
import { type ReadRow, type RowProblem, type RowReading, readRow } from "./read-row.ts";
import { resolveThings } from "./resolve-things.ts";
import { sharedValues } from "./row-index.ts";
import type { SourceRow } from "./source-row.ts";

export interface ImportPlanner {
  /** The next rows; where each relationship is told twice, they are held. */
  plan(rows: readonly SourceRow[], first: number): Promise<Plan>;
  /** What was held. */
  rest(): Plan;
}

/** @throws `unknown_relationship_type`, `relationship_type_archived` for types that options name */
export async function importPlanner(context: RelationshipsContext, options: CheckedOptions): Promise<ImportPlanner> {
  const fallbacks = Object.values(options.choices).flatMap((choice) => (isFallback(choice) ? [choice.type] : []));
  const named = [...options.rules.map(({ type }) => type), ...[options.type ?? []].flat(), ...fallbacks];
  if (named.length > 0) await typesOfKeys(context, named);
  const mapping = roleMapping([...(await readTypes(context)).values()], options);
  const reading = await readingOf(context, options);
  const [foldEqual, planEdges, hold] = [equalRowFolder(), edgePlanner(options), rowHolder()];
  return {
    async plan(source, first) {
      const problems: RowProblem[] = [];
      const read = source.map((row, at) => readRow(row, first + at, reading)).filter(isGood(problems));
      const told = (await nameThings(context, read, options)).filter(isGood(problems));
      const once = foldEqual(told);
      problems.push(...once.problems);
      if (options.isToldTwice) hold.add(once.rows);
      const planned = options.isToldTwice ? { edges: [], problems: [] } : planEdges(once.rows, mapping);
      return { edges: planned.edges, problems: [...problems, ...planned.problems] };
    },
    rest() {
      const folded = foldMirrors(hold.all(), (row, other) => isKnownPair(mapping, row, other));
      const planned = planEdges(folded.rows, mapping);
      return { edges: planned.edges, problems: [...folded.problems, ...planned.problems] };
    },
  };
}

function isKnownPair(mapping: Mapping, row: ToldRow, other: NonNullable<ToldRow["role"]>): boolean {
  const mapped = mapping.mapRow(row.role ? { ...row, inverseRole: other } : { ...row, role: other });
  return !("problem" in mapped) && mapped.knowsBoth === true;
}

/** Of held rows, what several have is kept once. */
function rowHolder() {
  const held: ToldRow[] = [];
  const share = sharedValues();
  return {
    add(rows: readonly ToldRow[]): void {
      for (const row of rows) {
        const { from, to, role, inverseRole, days, values, attributes } = row;
        const shared = { from, to, role, inverseRole, days, values, attributes };
        for (const [field, value] of Object.entries(shared))
          shared[field as keyof typeof shared] = share(value) as never;
        held.push({ ...row, ...shared });
      }
    },
    all: (): readonly ToldRow[] => held,
  };
}

async function readingOf(context: RelationshipsContext, options: CheckedOptions): Promise<RowReading> {
  const { dateOrder, words, languages } = options;
  return {
    ...{ options, readRole: roleReader({ dateOrder, words, languages }) },
    readDay: columnReader({ dateOrder, words, languages }),
    statedOn: options.statedOn ?? (await context.settings.today()),
    mayLastNoDay: choiceOf(options, "no_whole_day") === "keep",
  };
}

/** Puts what is wrong aside. */
function isGood(problems: RowProblem[]) {
  return <T extends object>(row: T | RowProblem): row is T => {
    if (!("problem" in row)) return true;
    problems.push(row);
    return false;
  };
}

/** Queries for every thousand different names. */
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
