/** Brings relationships in, and tells of each row what became of it. */
import { parsed } from "../asked.ts";
import type { RelationshipsContext } from "../parts.ts";
import {
  type CheckedOptions,
  choiceOf,
  type ImportOptions,
  type ImportSource,
  optionsSchema,
} from "./import-options.ts";
import { importOutcome } from "./import-outcome.ts";
import { type ImportReport, importProblems } from "./import-report.ts";
import type { Plan, PlannedEdge } from "./plan-edges.ts";
import { type ImportPlanner, importPlanner } from "./plan-import.ts";
import { readSource } from "./read-source.ts";
import { wrongText } from "./read-text.ts";
import type { SourcePart, SourceRow } from "./source-row.ts";
import { storeEdges } from "./store-edges.ts";
import { storeParts } from "./store-parts.ts";

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
  // What is rejected takes what was written before it along.
  const isWhole = options.dryRun || importProblems.some((each) => choiceOf(options, each) === "reject");
  if (!isWhole) return run(context, source, options);
  try {
    return await context.transaction(async (tx) => {
      const report = await run(tx, source, options);
      if (options.dryRun) throw new DryRunDone(report);
      return report;
    });
  } catch (error) {
    if (error instanceof DryRunDone) return error.report;
    throw error;
  }
}

async function run(
  context: RelationshipsContext,
  source: ImportSource,
  options: CheckedOptions,
): Promise<ImportReport> {
  const outcome = importOutcome(context, options, Array.isArray(source) ? source.length : undefined);
  const writing = unitWriter(context, options, outcome);
  let planner: ImportPlanner | undefined;
  for await (const batch of batchesOf(readSource(source, requiredColumns(options)))) {
    options.signal?.throwIfAborted();
    if ("part" in batch) {
      if (planner) throw wrongText(`json.${batch.part}`, "must stand before the edges where JSON is a stream");
      await storeParts(context, batch, options);
      continue;
    }
    planner ??= await importPlanner(context, options);
    const first = outcome.read(batch.rows);
    await writing.take(await planner.plan(batch.rows, first));
    outcome.progress();
  }
  planner ??= await importPlanner(context, options);
  await writing.take(planner.rest());
  await writing.end();
  return outcome.report();
}

/** Relationships wait until there are enough of them for a unit. */
function unitWriter(context: RelationshipsContext, options: CheckedOptions, outcome: ReturnType<typeof importOutcome>) {
  let waiting: readonly PlannedEdge[] = [];
  const write = async (isLast: boolean) => {
    for (let from = 0; from < waiting.length; ) {
      const unit = waiting.slice(from, from + options.unitSize);
      if (unit.length < options.unitSize && !isLast) {
        waiting = waiting.slice(from);
        return;
      }
      options.signal?.throwIfAborted();
      // Nothing will be imported: the rest is only read, so that all that is wrong is told.
      if (!outcome.isRejected()) outcome.stored(await storeEdges(context, unit, options));
      from += unit.length;
      outcome.done(unit);
      outcome.progress();
    }
    waiting = [];
  };
  return {
    async take({ edges, problems }: Plan): Promise<void> {
      outcome.tell(problems);
      waiting = waiting.length === 0 ? edges : [...waiting, ...edges];
      await write(false);
    },
    end: () => write(true),
  };
}

/** Of CSV: no row can be without them. */
function requiredColumns({ columns }: CheckedOptions): readonly string[] {
  const { attributes = {}, from = "from", to = "to", ...others } = columns;
  const named = Object.values(others).filter((column) => column !== undefined);
  return [...new Set([from, to, ...named, ...Object.values(attributes)])];
}

/** So many rows are read and resolved together. */
const BATCH = 1_000;

interface Parts {
  readonly part: SourcePart["part"];
  readonly values: readonly unknown[];
}

/** Rows that stand together, and parts of one list. */
async function* batchesOf(
  items: AsyncIterable<SourceRow | SourcePart>,
): AsyncGenerator<{ readonly rows: readonly SourceRow[] } | Parts, void, undefined> {
  let rows: SourceRow[] = [];
  let parts: { readonly part: SourcePart["part"]; readonly values: unknown[] } | undefined;
  for await (const item of items) {
    if ("part" in item) {
      if (rows.length > 0) yield { rows };
      rows = [];
      if (parts && (parts.part !== item.part || parts.values.length >= BATCH)) {
        yield parts;
        parts = undefined;
      }
      parts ??= { part: item.part, values: [] };
      parts.values.push(item.value);
      continue;
    }
    if (parts) yield parts;
    parts = undefined;
    rows.push(item);
    if (rows.length < BATCH) continue;
    yield { rows };
    rows = [];
  }
  if (parts) yield parts;
  if (rows.length > 0) yield { rows };
}
