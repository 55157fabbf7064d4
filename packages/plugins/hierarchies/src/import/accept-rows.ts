/** Which rows of an import can stand together with each other and with what is stored: pure functions. */
import { carve, commonDays, type PlannedEdge } from "../carve.ts";
import { findClash, findExcess } from "../check-children.ts";
import { shownPath } from "../check-edges.ts";
import { FIRST_DAY, firstDay, overlap, type Validity } from "../valid-on.ts";
import type { ImportChoice, ImportProblem } from "./import-report.ts";
import { standingGraph } from "./standing-graph.ts";

/** An edge that is stored (`id`), that a row says (`row`), or both; or what is left of a stored one (neither). */
export interface StandingEdge extends PlannedEdge {
  readonly row?: number;
}

/** A row that says that an account has no parent on these days. */
export interface TopRow extends Validity {
  readonly row: number;
  readonly childId: string;
  readonly parentId: null;
}

export type AccountRow = (StandingEdge & { readonly row: number }) | TopRow;

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
  /** The rows by which an account is at the top. */
  readonly atTop: readonly number[];
  readonly problems: readonly RowProblem[];
}

export interface AcceptRules {
  readonly shape: "tree" | "graph";
  readonly existing: "keep" | "replace";
  readonly choiceOf: (problem: ImportProblem) => ImportChoice;
}

/** `above`: all that is stored and may close a circle. */
export interface StoredEdges {
  readonly byChild: ReadonlyMap<string, readonly PlannedEdge[]>;
  readonly above: readonly PlannedEdge[];
}

/** Of an account, what stands, and the rows that say that it is at the top. */
interface Place {
  readonly edges: readonly StandingEdge[];
  readonly tops: readonly TopRow[];
}

type Found = Omit<RowProblem, "row">;

/** Without `place`, the row is left out. */
interface Verdict {
  readonly found?: Found | undefined;
  readonly place?: Place;
  readonly isUnchanged?: boolean;
  /** It would close a circle, part of which is stored and may yet make room. */
  readonly mayWait?: boolean;
}

/**
 * Rows are taken one after another, and what is taken stays: of two that cannot be together the first one does. A row that would close a
 * circle with what stands is left out; but if what is stored made room later on, it has another turn.
 */
export function acceptRows(rows: readonly AccountRow[], stored: StoredEdges, rules: AcceptRules): Accepted {
  const places = new Map<string, Place>();
  const verdicts = new Map<AccountRow, Verdict>();
  const graph = standingGraph<StandingEdge>([...stored.above, ...rows.filter((row) => row.parentId !== null)]);
  graph.exchange([], stored.above);
  const take = (row: AccountRow): boolean => {
    const before = places.get(row.childId) ?? { edges: stored.byChild.get(row.childId) ?? [], tops: [] };
    const verdict = row.parentId === null ? judgeTop(row, before, rules) : judge(row, before, { rules, graph });
    verdicts.set(row, verdict);
    if (!verdict.place) return false;
    places.set(row.childId, verdict.place);
    graph.exchange(without(before.edges, verdict.place.edges), without(verdict.place.edges, before.edges));
    return true;
  };
  for (const row of rows) take(row);
  const mayWait = (row: AccountRow) => verdicts.get(row)!.mayWait === true;
  for (let waiting = rows.filter(mayWait); waiting.length > 0; ) {
    const left = waiting.filter((row) => !take(row));
    // From the other end each time: what makes room for one another often stands in the order of the tree.
    waiting = left.length < waiting.length ? left.filter(mayWait).reverse() : [];
  }
  const rowsOf = (isMeant: (row: AccountRow, verdict: Verdict) => boolean) =>
    rows.flatMap((row) => (isMeant(row, verdicts.get(row)!) ? [row.row] : []));
  return {
    standing: new Map([...places].map(([childId, { edges }]) => [childId, edges])),
    unchanged: rowsOf((_, { isUnchanged }) => isUnchanged === true),
    atTop: rowsOf(({ parentId }, { place }) => parentId === null && place !== undefined),
    problems: rows.flatMap((row) => {
      const { found } = verdicts.get(row)!;
      return found ? [{ row: row.row, ...found }] : [];
    }),
  };
}

function judgeTop(row: TopRow, { edges, tops }: Place, { existing }: AcceptRules): Verdict {
  const left = existing === "keep" ? edges : carve(edges, row, isOnlyStored);
  const other = left.find((edge) => overlap(edge, row));
  if (other) return { found: topAndBelow(other, row) };
  return { place: { edges: left, tops: [...tops, row] } };
}

function judge(
  row: StandingEdge & { readonly row: number },
  { edges, tops }: Place,
  { rules, graph }: { readonly rules: AcceptRules; readonly graph: ReturnType<typeof standingGraph<StandingEdge>> },
): Verdict {
  if (row.childId === row.parentId) return { found: { problem: "self_loop", message: "is its own parent" } };
  const top = tops.find((each) => overlap(each, row));
  if (top) return { found: topAndBelow(row, top) };
  const same = edges.find((edge) => edge.id !== undefined && isEqual(edge, row));
  if (same?.row !== undefined) return { found: again(row) };
  if (same) {
    const marked = edges.map((edge) => (edge === same ? { ...same, row: row.row } : edge));
    return { place: { edges: marked, tops }, isUnchanged: true };
  }
  const together = [...roomFor(edges, row, rules), row];
  const found = problemOf(together, row, rules);
  if (found && rules.choiceOf(found.problem) !== "graph") return { found };
  const cycle = graph.closedBy(row);
  if (!cycle) return { found, place: { edges: together, tops } };
  const { path, on } = cycle;
  const message = `would close a circle${on === FIRST_DAY ? "" : ` on ${on}`}: ${shownPath(path)}`;
  const mayWait = rules.existing === "replace" && cycle.edges.some(isOnlyStored);
  return { found: { problem: "cycle", message, path }, mayWait };
}

function problemOf(together: readonly StandingEdge[], row: StandingEdge, { shape }: AcceptRules): Found | undefined {
  if (findClash(together, { sameParent: true })) return again(row);
  const excess = findExcess(together);
  if (excess)
    return { problem: "shares_above_whole", message: `would make ${excess.total} % of it owned on ${excess.on}` };
  const clash = shape === "tree" ? findClash(together, { sameParent: false }) : undefined;
  if (!clash) return undefined;
  const [one, other] = clash.edges;
  const parents = [...new Set([one.parentId, other.parentId])].join(" and ");
  return { problem: "several_parents", message: `would have two parents on ${clash.on}: ${parents}` };
}

function again({ parentId }: StandingEdge): Found {
  return { problem: "duplicate", message: `stands below ${parentId} on some of these days already` };
}

function topAndBelow(edge: StandingEdge, top: TopRow): Found {
  const on = firstDay(commonDays(edge, top)!);
  const days = on === FIRST_DAY ? "" : ` on ${on}`;
  return { problem: "top_and_below", message: `would be at the top and below ${edge.parentId}${days}` };
}

/** What is stored makes room where it is to be replaced; what a row says does not. */
function roomFor(edges: readonly StandingEdge[], row: StandingEdge, { shape, existing }: AcceptRules) {
  if (existing === "keep") return edges;
  return carve(edges, row, (edge) => isOnlyStored(edge) && (shape === "tree" || edge.parentId === row.parentId));
}

function isOnlyStored({ row }: StandingEdge): boolean {
  return row === undefined;
}

function isEqual(a: PlannedEdge, b: PlannedEdge): boolean {
  return (["parentId", "kind", "share", "validFrom", "validUntil"] as const).every((field) => a[field] === b[field]);
}

function without<T>(items: readonly T[], others: readonly T[]): readonly T[] {
  const known = new Set(others);
  return items.filter((item) => !known.has(item));
}
