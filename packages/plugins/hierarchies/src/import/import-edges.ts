/** Brings edges in, in any order, and tells what is wrong with them: whole, or not at all. */
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { type Accepted, acceptRows, type StandingEdge, type StoredEdges } from "./accept-rows.ts";
import { type AskedHierarchy, askedHierarchy, hierarchySchema, parsed } from "../asked-hierarchy.ts";
import { changesBetween } from "../carve.ts";
import { createEdges } from "../create-edges.ts";
import { accountsByKey } from "./import-keys.ts";
import type {
  ImportChoice,
  ImportFinding,
  ImportOptions,
  ImportProblem,
  ImportReport,
  ImportRow,
} from "./import-report.ts";
import { readRow } from "./import-rows.ts";
import { storedEdges } from "./import-stored.ts";
import type { HierarchiesContext } from "../parts.ts";
import { lockHierarchies } from "../propose-edges.ts";

const choice = z.enum(["reject", "detach"]).optional();
const optionsSchema = z.strictObject({
  hierarchy: hierarchySchema,
  by: z.union([z.strictObject({ field: z.string() }), z.strictObject({ source: z.string() })]).optional(),
  ends: z.enum(["included", "excluded"]).default("included"),
  existing: z.enum(["keep", "replace"]).default("keep"),
  choices: z
    .strictObject({
      ...{ invalid: choice, dangling: choice, ambiguous: choice, self_loop: choice, duplicate: choice },
      ...{ shares_above_whole: choice, cycle: choice, otherwise: choice },
      several_parents: z.enum(["reject", "detach", "graph"]).optional(),
    })
    .default({}),
  dryRun: z.boolean().default(false),
});

/**
 * One unit, with a bounded number of statements for every thousand rows.
 *
 * @throws `import_rejected` where a problem is found that is to be rejected, with all `findings` in the details; `unknown_hierarchy`;
 * `invalid_input` for options
 */
export async function importEdges(
  context: HierarchiesContext,
  given: readonly ImportRow[],
  options: ImportOptions = {},
): Promise<ImportReport> {
  const { hierarchy, dryRun, ...rest } = parsed(optionsSchema, options);
  if (!Array.isArray(given))
    throw invalidInput("accountHierarchy", [{ field: "rows", code: "invalid_type", message: "must be a list" }]);
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
    const stored = await storedEdges(tx, asked, read.edges);
    const accepted = acceptRows(read.edges, stored, { shape: asked.shape, existing: rest.existing, choiceOf });
    const findings = [...read.problems, ...accepted.problems]
      .toSorted((a, b) => a.row - b.row)
      .map(({ row, problem, message, path }): ImportFinding => {
        const { child, parent } = namesOf(given[row]);
        return { problem, choice: choiceOf(problem), row, child, parent, message, ...(path ? { path } : {}) };
      });
    const report = reportOf({ given, read, accepted, findings, asked });
    const rejected = findings.find((finding) => finding.choice === "reject");
    if (dryRun) return report;
    if (rejected) {
      const first = `row ${rejected.row} (${rejected.child}) ${rejected.message}`;
      throw tx.error("import_rejected", { entity: "accountEdge", count: findings.length, first, findings });
    }
    await store(tx, { asked, stored, accepted, shape: report.shape });
    return report;
  });
}

interface ReadRows {
  readonly edges: readonly StandingEdge[];
  readonly problems: Accepted["problems"];
  readonly atTop: number;
}

/** The rows as edges between accounts. */
async function readRows(
  context: HierarchiesContext,
  given: readonly ImportRow[],
  { by, ends, isDefault }: Pick<ImportOptions, "by"> & Parameters<typeof readRow>[1],
): Promise<ReadRows> {
  const rows = given.map((each) => readRow(each, { ends, isDefault }));
  const keys = rows.flatMap((row) => (typeof row === "string" || row.parent === null ? [] : [row.child, row.parent]));
  const accounts = await accountsByKey(context, keys, by);
  const judged = rows.map((row, i) => judge(row, i, accounts));
  return {
    edges: judged.flatMap(({ edge }) => edge ?? []),
    problems: judged.flatMap(({ problem }) => problem ?? []),
    atTop: judged.filter(({ edge, problem }) => !edge && !problem).length,
  };
}

/** Neither an edge nor a problem: an account at the top. */
function judge(
  read: ReturnType<typeof readRow>,
  row: number,
  accounts: Awaited<ReturnType<typeof accountsByKey>>,
): { readonly edge?: StandingEdge; readonly problem?: Accepted["problems"][number] } {
  if (typeof read === "string") return { problem: { row, problem: "invalid", message: read } };
  const { child, parent, ...values } = read;
  if (parent === null) return {};
  const wrong = [child, parent].find((key) => accounts.get(key)?.length !== 1);
  if (wrong === undefined)
    return { edge: { row, childId: accounts.get(child)![0]!, parentId: accounts.get(parent)![0]!, ...values } };
  const isDangling = !accounts.get(wrong)?.length;
  const message = `names "${wrong}", which ${isDangling ? "no live account is" : "several accounts are"}`;
  return { problem: { row, problem: isDangling ? "dangling" : "ambiguous", message } };
}

function namesOf(row: unknown): { readonly child: string; readonly parent: string | null } {
  const { child, parent } = (row ?? {}) as { readonly child?: unknown; readonly parent?: unknown };
  return { child: String(child ?? ""), parent: parent === undefined || parent === null ? null : String(parent) };
}

function reportOf(of: {
  readonly given: readonly ImportRow[];
  readonly read: ReadRows;
  readonly accepted: Accepted;
  readonly findings: readonly ImportFinding[];
  readonly asked: AskedHierarchy;
}): ImportReport {
  const kept = of.findings.filter((finding) => finding.choice === "graph").length;
  const unchanged = of.accepted.unchanged.length;
  const leftOut = of.findings.length - kept;
  const { atTop } = of.read;
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
  const standing = [...accepted.standing.values()].flat();
  if (asked.id === undefined) {
    const moved = standing.flatMap(({ row, id, childId, parentId }) =>
      row === undefined || id !== undefined ? [] : [{ id: childId, parentId }],
    );
    await context.accounts.updateMany(moved);
    return;
  }
  if (shape !== asked.shape) await context.accountHierarchies.update(asked.id, { shape });
  const before = [...accepted.standing.keys()].flatMap((id) => stored.byChild.get(id) ?? []);
  const { deleted, shortened, created } = changesBetween(
    before.map((edge) => ({ ...edge, id: edge.id! })),
    standing,
  );
  await context.accountEdges.deleteMany(deleted);
  await context.accountEdges.updateMany(shortened);
  await createEdges(context, asked.id, created);
}
