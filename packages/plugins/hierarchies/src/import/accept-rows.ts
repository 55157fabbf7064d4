/** Which rows of an import can stand together with each other and with what is stored: pure functions. */
import { carve, type PlannedEdge } from "../carve.ts";
import { findClash, findExcess } from "../check-children.ts";
import { shownPath } from "../check-edges.ts";
import { type Cycle, findCycles } from "../find-cycle.ts";
import type { ImportChoice, ImportProblem } from "./import-report.ts";

/** An edge that is stored (`id`), is imported (`row`), or is what is left of a stored one. */
export interface StandingEdge extends PlannedEdge {
  readonly row?: number;
}

export interface RowProblem {
  readonly row: number;
  readonly problem: ImportProblem;
  readonly message: string;
  readonly path?: readonly string[];
}

export interface Accepted {
  /** By child: its edges as they would be. */
  readonly standing: ReadonlyMap<string, readonly StandingEdge[]>;
  /** The rows that are stored already. */
  readonly unchanged: readonly number[];
  readonly problems: readonly RowProblem[];
}

export interface AcceptRules {
  readonly shape: "tree" | "graph";
  readonly existing: "keep" | "replace";
  readonly choiceOf: (problem: ImportProblem) => ImportChoice;
}

/** `above`: what else is stored, and may close a circle. */
export interface StoredEdges {
  readonly byChild: ReadonlyMap<string, readonly PlannedEdge[]>;
  readonly above: readonly PlannedEdge[];
}

/** Rows come in their order: of two that cannot be together, the first one stays. Of a circle, its last row goes. */
export function acceptRows(rows: readonly StandingEdge[], stored: StoredEdges, rules: AcceptRules): Accepted {
  const closing = new Map<number, Cycle<StandingEdge>>();
  for (;;) {
    const accepted = withoutCircles(
      rows.filter(({ row }) => !closing.has(row!)),
      stored,
      rules,
    );
    const edges = [...accepted.standing.values()].flat();
    const others = stored.above.filter(({ childId }) => !accepted.standing.has(childId));
    const before = closing.size;
    for (const cycle of findCycles<StandingEdge>([...others, ...edges])) {
      const last = cycle.edges.reduce((most, { row = -1 }) => Math.max(most, row), -1);
      if (last >= 0) closing.set(last, cycle);
    }
    if (closing.size > before) continue;
    const cycles = [...closing].map(([row, { path, on }]) => ({
      ...{ row, problem: "cycle" as const, message: `would close a circle on ${on}: ${shownPath(path)}`, path },
    }));
    return { ...accepted, problems: [...accepted.problems, ...cycles] };
  }
}

function withoutCircles(rows: readonly StandingEdge[], stored: StoredEdges, rules: AcceptRules): Accepted {
  const standing = new Map<string, readonly StandingEdge[]>();
  const claimed = new Set<string>();
  const unchanged: number[] = [];
  const problems: RowProblem[] = [];
  for (const row of rows) {
    const edges = standing.get(row.childId) ?? stored.byChild.get(row.childId) ?? [];
    const same = edges.find((edge) => edge.id !== undefined && isEqual(edge, row));
    const found = same && claimed.has(same.id!) ? again(row) : problemOf(edges, row, { rules, same });
    if (found) problems.push({ row: row.row!, ...found });
    if (found && rules.choiceOf(found.problem) !== "graph") continue;
    if (same) {
      claimed.add(same.id!);
      unchanged.push(row.row!);
    }
    standing.set(row.childId, same ? edges : [...roomFor(edges, row, rules), row]);
  }
  return { standing, unchanged, problems };
}

type Found = Omit<RowProblem, "row">;

function problemOf(
  edges: readonly StandingEdge[],
  row: StandingEdge,
  { rules, same }: { readonly rules: AcceptRules; readonly same: StandingEdge | undefined },
): Found | undefined {
  if (row.childId === row.parentId) return { problem: "self_loop", message: "is its own parent" };
  if (same) return undefined;
  const together = [...roomFor(edges, row, rules), row];
  if (findClash(together, { sameParent: true })) return again(row);
  const excess = findExcess(together);
  if (excess)
    return { problem: "shares_above_whole", message: `would make ${excess.total} % of it owned on ${excess.on}` };
  const clash = rules.shape === "tree" ? findClash(together, { sameParent: false }) : undefined;
  if (!clash) return undefined;
  const [one, other] = clash.edges;
  const parents = [...new Set([one.parentId, other.parentId])].join(" and ");
  return { problem: "several_parents", message: `would have two parents on ${clash.on}: ${parents}` };
}

function again({ parentId }: StandingEdge): Found {
  return { problem: "duplicate", message: `stands below ${parentId} on some of these days already` };
}

/** What is stored makes room where it is to be replaced; what was imported before does not. */
function roomFor(edges: readonly StandingEdge[], row: StandingEdge, { shape, existing }: AcceptRules) {
  if (existing === "keep") return edges;
  return carve(
    edges,
    row,
    (edge: StandingEdge) => edge.row === undefined && (shape === "tree" || edge.parentId === row.parentId),
  ) as readonly StandingEdge[];
}

function isEqual(a: PlannedEdge, b: PlannedEdge): boolean {
  return (["parentId", "kind", "share", "validFrom", "validUntil"] as const).every((field) => a[field] === b[field]);
}
