/** Brings edges in, in any order, and tells what is wrong with them: whole, or not at all. */
import { type AbortSignalLike, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { type AskedHierarchy, askedHierarchy, hierarchySchema, parsed } from "../asked-hierarchy.ts";
import { changesBetween } from "../carve.ts";
import { createEdges } from "../create-edges.ts";
import type { HierarchiesContext } from "../parts.ts";
import { lockHierarchies } from "../propose-edges.ts";
import { type Accepted, type AccountRow, acceptRows, type RowProblem, type StoredEdges } from "./accept-rows.ts";
import { type Accounts, accountsByKey } from "./import-keys.ts";
import type {
  ImportChoice,
  ImportFinding,
  ImportOptions,
  ImportProblem,
  ImportReport,
  ImportRow,
} from "./import-report.ts";
import { type ReadRow, readRow } from "./import-rows.ts";
import { storedEdges } from "./import-stored.ts";

const choice = z.enum(["reject", "detach"]).optional();
const optionsSchema = z.strictObject({
  hierarchy: hierarchySchema,
  by: z.union([z.strictObject({ field: z.string() }), z.strictObject({ source: z.string() })]).optional(),
  ends: z.enum(["included", "excluded"]).default("included"),
  existing: z.enum(["keep", "replace"]).default("keep"),
  choices: z
    .strictObject({
      ...{ invalid: choice, dangling: choice, ambiguous: choice, self_loop: choice, duplicate: choice },
      ...{ top_and_below: choice, shares_above_whole: choice, cycle: choice, otherwise: choice },
      several_parents: z.enum(["reject", "detach", "graph"]).optional(),
    })
    .default({}),
  dryRun: z.boolean().default(false),
  signal: z
    .custom<AbortSignalLike>((value) => typeof value === "object" && value !== null && "throwIfAborted" in value, {
      message: "must be an AbortSignal",
    })
    .optional(),
});

/**
 * One unit, with a bounded number of statements for every thousand rows.
 *
 * @throws `import_rejected` where a problem is found that is to be rejected, with all `findings` in the details, and `count` of those that are
 * to be rejected; `unknown_hierarchy`; `invalid_input` for options
 */
export async function importEdges(
  context: HierarchiesContext,
  source: Iterable<ImportRow> | AsyncIterable<ImportRow>,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const { hierarchy, dryRun, signal, ...rest } = parsed(optionsSchema, options);
  const given = await rowsOf(source, signal);
  const choiceOf = (problem: ImportProblem): ImportChoice =>
    rest.choices[problem] ?? rest.choices.otherwise ?? "reject";
  return context.transaction(async (tx) => {
    const asked = await askedHierarchy(tx, hierarchy);
    if (asked.id !== undefined) await lockHierarchies(tx, [asked.id]);
    else if (choiceOf("several_parents") === "graph")
      throw invalidInput("accountHierarchy", [
        { field: "choices.several_parents", code: "not_allowed", message: "is not graph for the default hierarchy" },
      ]);
    const read = await readRows(tx, given, { ...rest, isDefault: asked.id === undefined });
    const stored = await storedEdges(tx, asked, read.rows);
    const accepted = acceptRows(read.rows, stored, { shape: asked.shape, existing: rest.existing, choiceOf });
    const findings = [...read.problems, ...accepted.problems]
      .toSorted((a, b) => a.row - b.row)
      .map(({ row, problem, message, path }): ImportFinding => {
        const { child, parent } = namesOf(given[row]);
        return { problem, choice: choiceOf(problem), row, child, parent, message, ...(path ? { path } : {}) };
      });
    const report = reportOf({ given, accepted, findings, asked });
    if (dryRun) return report;
    const rejected = findings.filter(({ choice: chosen }) => chosen === "reject");
    if (rejected[0]) {
      const first = `row ${rejected[0].row} (${rejected[0].child}) ${rejected[0].message}`;
      throw tx.error("import_rejected", { entity: "accountEdge", count: rejected.length, first, findings });
    }
    signal?.throwIfAborted();
    await store(tx, { asked, stored, accepted, shape: report.shape });
    return report;
  });
}

/** All of them: what stands in the last row can close a circle with the first. @throws `invalid_input` for what is no list and no iteration */
async function rowsOf(
  source: Iterable<ImportRow> | AsyncIterable<ImportRow>,
  signal: ImportOptions["signal"],
): Promise<readonly ImportRow[]> {
  const isIterable =
    typeof source === "object" && source !== null && (Symbol.iterator in source || Symbol.asyncIterator in source);
  if (!isIterable) {
    const message = "must be a list, or an iteration of rows";
    throw invalidInput("accountHierarchy", [{ field: "rows", code: "invalid_type", message }]);
  }
  const rows: ImportRow[] = [];
  signal?.throwIfAborted();
  for await (const row of source) {
    rows.push(row);
    signal?.throwIfAborted();
  }
  return rows;
}

interface ReadRows {
  readonly rows: readonly AccountRow[];
  readonly problems: readonly RowProblem[];
}

/** The rows by the accounts that they name. */
async function readRows(
  context: HierarchiesContext,
  given: readonly ImportRow[],
  { by, ends, isDefault }: Pick<ImportOptions, "by"> & Parameters<typeof readRow>[1],
): Promise<ReadRows> {
  const read = given.map((each) => readRow(each, { ends, isDefault }));
  const keys = read.flatMap((row) => (typeof row === "string" ? [] : keysOf(row)));
  const accounts = await accountsByKey(context, keys, by);
  const judged = read.map((each, row) =>
    typeof each === "string" ? { row, problem: "invalid" as const, message: each } : namedRow(each, row, accounts),
  );
  return {
    rows: judged.flatMap((each) => ("problem" in each ? [] : [each])),
    problems: judged.flatMap((each) => ("problem" in each ? [each] : [])),
  };
}

function keysOf({ child, parent }: ReadRow): readonly string[] {
  return parent === null ? [child] : [child, parent];
}

function namedRow(read: ReadRow, row: number, accounts: Accounts): AccountRow | RowProblem {
  const wrong = keysOf(read).find((key) => accounts.get(key)?.length !== 1);
  if (wrong !== undefined) {
    const isDangling = !accounts.get(wrong)?.length;
    const message = `names "${wrong}", which ${isDangling ? "no live account is" : "several accounts are"}`;
    return { row, problem: isDangling ? "dangling" : "ambiguous", message };
  }
  const { child, parent, kind, share, validFrom, validUntil } = read;
  const place = { row, childId: accounts.get(child)![0]!, validFrom, validUntil };
  return parent === null
    ? { ...place, parentId: null }
    : { ...place, parentId: accounts.get(parent)![0]!, kind, share };
}

function namesOf(row: unknown): { readonly child: string; readonly parent: string | null } {
  const { child, parent } = (row ?? {}) as { readonly child?: unknown; readonly parent?: unknown };
  return { child: String(child ?? ""), parent: parent === undefined || parent === null ? null : String(parent) };
}

function reportOf(of: {
  readonly given: readonly ImportRow[];
  readonly accepted: Accepted;
  readonly findings: readonly ImportFinding[];
  readonly asked: AskedHierarchy;
}): ImportReport {
  const kept = of.findings.filter((finding) => finding.choice === "graph").length;
  const unchanged = of.accepted.unchanged.length;
  const leftOut = of.findings.length - kept;
  const atTop = of.accepted.atTop.length;
  const created = of.given.length - unchanged - atTop - leftOut;
  return { created, unchanged, atTop, leftOut, findings: of.findings, shape: kept > 0 ? "graph" : of.asked.shape };
}

async function store(
  context: HierarchiesContext,
  to: {
    readonly asked: AskedHierarchy;
    readonly stored: StoredEdges;
    readonly accepted: Accepted;
    readonly shape: ImportReport["shape"];
  },
): Promise<void> {
  const { asked, stored, accepted, shape } = to;
  if (asked.id === undefined) {
    const moved = [...accepted.standing].flatMap(([id, [edge]]) => {
      const parentId = edge?.parentId ?? null;
      return parentId === (stored.byChild.get(id)?.[0]?.parentId ?? null) ? [] : [{ id, parentId }];
    });
    await context.accounts.updateMany(moved);
    return;
  }
  if (shape !== asked.shape) await context.accountHierarchies.update(asked.id, { shape });
  const before = [...accepted.standing.keys()].flatMap((id) => stored.byChild.get(id) ?? []);
  const { deleted, shortened, created } = changesBetween(
    before.map((edge) => ({ ...edge, id: edge.id! })),
    [...accepted.standing.values()].flat(),
  );
  await context.accountEdges.deleteMany(deleted);
  await context.accountEdges.updateMany(shortened);
  await createEdges(context, asked.id, created);
}
