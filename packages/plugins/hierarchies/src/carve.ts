/** Days cut out of the edges of one account, to make room for what holds instead: pure functions. */
import type { EdgeKind } from "./parts.ts";
import { dayAfter, dayBefore, firstDay, lastDay, overlap, type Validity } from "./valid-on.ts";

/** An edge of an account as it is to be. */
export interface PlannedEdge extends Validity {
  /** Absent: it is new. */
  readonly id?: string;
  readonly childId: string;
  readonly parentId: string;
  readonly share: string | null;
  readonly kind: EdgeKind;
}

/** The edges without these days; what lasts longer on both sides becomes two. Those that `isReplaced` does not name stay whole. */
export function carve(
  edges: readonly PlannedEdge[],
  days: Validity,
  isReplaced: (edge: PlannedEdge) => boolean = () => true,
): readonly PlannedEdge[] {
  return edges.flatMap((edge) => (isReplaced(edge) && overlap(edge, days) ? piecesOf(edge, days) : [edge]));
}

function piecesOf(edge: PlannedEdge, days: Validity): readonly PlannedEdge[] {
  const pieces: PlannedEdge[] = [];
  const ends = dayBefore(firstDay(days));
  if (ends !== undefined && firstDay(edge) <= ends) pieces.push({ ...edge, validUntil: ends });
  const begins = dayAfter(lastDay(days));
  if (begins === undefined || lastDay(edge) < begins) return pieces;
  const { id, ...values } = edge;
  const later = { ...values, validFrom: begins };
  return [...pieces, pieces.length === 0 && id !== undefined ? { id, ...later } : later];
}

/** The days on which both hold; undefined where there is none. */
export function commonDays(a: Validity, b: Validity): Validity | undefined {
  if (!overlap(a, b)) return undefined;
  return {
    validFrom: firstDay(a) >= firstDay(b) ? a.validFrom : b.validFrom,
    validUntil: lastDay(a) <= lastDay(b) ? a.validUntil : b.validUntil,
  };
}

/** What must be written for some edges to become others. */
export interface EdgeChanges {
  readonly deleted: readonly string[];
  /** They only lose days. */
  readonly shortened: readonly ({ readonly id: string } & Validity)[];
  /** They get another share or kind. */
  readonly revised: readonly ({ readonly id: string } & Validity & Pick<PlannedEdge, "share" | "kind">)[];
  readonly created: readonly PlannedEdge[];
}

export function changesBetween(
  before: readonly (PlannedEdge & { readonly id: string })[],
  after: readonly PlannedEdge[],
): EdgeChanges {
  const kept = new Map(after.flatMap((edge) => (edge.id === undefined ? [] : [[edge.id, edge] as const])));
  const isRevised = (edge: PlannedEdge, was: PlannedEdge) => edge.share !== was.share || edge.kind !== was.kind;
  return {
    deleted: before.flatMap(({ id }) => (kept.has(id) ? [] : [id])),
    shortened: before.flatMap((was) => {
      const edge = kept.get(was.id);
      if (!edge || isRevised(edge, was)) return [];
      if (edge.validFrom === was.validFrom && edge.validUntil === was.validUntil) return [];
      return [{ id: was.id, validFrom: edge.validFrom, validUntil: edge.validUntil }];
    }),
    revised: before.flatMap((was) => {
      const edge = kept.get(was.id);
      if (!edge || !isRevised(edge, was)) return [];
      const { share, kind, validFrom, validUntil } = edge;
      return [{ id: was.id, share, kind, validFrom, validUntil }];
    }),
    created: after.filter(({ id }) => id === undefined),
  };
}
