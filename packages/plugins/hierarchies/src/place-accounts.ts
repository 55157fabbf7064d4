/** Accounts get their parents: many at once, in a bounded number of statements, for the days that are named. */
import { inputIssues, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { kinds } from "./account-edge.ts";
import {
  type AskedHierarchy,
  accountSchema,
  askedHierarchy,
  daySchema,
  hierarchySchema,
  parsed,
} from "./asked-hierarchy.ts";
import { carve, changesBetween, type PlannedEdge } from "./carve.ts";
import { createEdges } from "./create-edges.ts";
import type { EdgeKind, HierarchiesContext } from "./parts.ts";
import { lockHierarchies } from "./propose-edges.ts";
import { requireAccounts } from "./require-accounts.ts";
import { shareSchema } from "./share.ts";
import { edgesOfChildren, groupBy } from "./stored-edges.ts";
import { firstDay, includes, overlap, type Validity } from "./valid-on.ts";

/** Where an account stands. */
export interface Placement {
  readonly childId: string;
  /** Null: nowhere; it is at the top. */
  readonly parentId: string | null;
  readonly kind?: EdgeKind | undefined;
  /** Per cent, exact: "33.33". */
  readonly share?: string | null | undefined;
  /** The first day; since ever unless given. */
  readonly validFrom?: string | null | undefined;
  /** The last day; for ever unless given. */
  readonly validUntil?: string | null | undefined;
}

const placementSchema = z.strictObject({
  childId: accountSchema,
  parentId: accountSchema.nullable(),
  kind: z.enum(kinds).optional(),
  share: shareSchema.nullish(),
  validFrom: daySchema.nullish(),
  validUntil: daySchema.nullish(),
});

const optionsSchema = z.strictObject({ hierarchy: hierarchySchema });

/** A placement, and what it takes the place of. */
interface Placing extends Placement {
  /** In a graph: the parent whose edges make room; all parents, unless given. */
  readonly instead?: string | undefined;
  /** Kind and share that are not given are those of the edge that it takes the place of. */
  readonly inherits?: boolean;
}

/**
 * Each account stands below its parent on the days of its placement, and nowhere else on them; in a graph, beside its other parents.
 * Placements of one account follow each other in their order.
 *
 * @throws `invalid_input` with the `index` of each placement that is wrong, `unknown_hierarchy`, and what edges must be
 */
export async function setParents(
  context: HierarchiesContext,
  given: readonly Placement[],
  options: { readonly hierarchy?: string | undefined } = {},
): Promise<void> {
  const { hierarchy } = parsed(optionsSchema, options);
  const placements = parsedPlacements(given);
  await context.transaction(async (tx) => {
    const asked = await askedHierarchy(tx, hierarchy);
    const isGraph = asked.shape === "graph";
    await placeAll(
      tx,
      asked,
      placements.map((each) => (isGraph && each.parentId !== null ? { ...each, instead: each.parentId } : each)),
    );
  });
}

/** In the unit of the context. */
export async function placeAll(
  context: HierarchiesContext,
  asked: AskedHierarchy,
  placings: readonly Placing[],
): Promise<void> {
  if (placings.length === 0) return;
  if (asked.id === undefined) return placeInDefault(context, placings);
  refuseBackwards(placings);
  await lockHierarchies(context, [asked.id]);
  const childIds = [...new Set(placings.map(({ childId }) => childId))];
  await requireAccounts(context, [...childIds, ...placings.flatMap(({ parentId }) => parentId ?? [])]);
  const before = (await edgesOfChildren(context, asked.id, childIds)).map(plannedOf);
  const byChild = new Map<string, readonly PlannedEdge[]>(groupBy(before, ({ childId }) => childId));
  for (const placing of placings) byChild.set(placing.childId, placed(byChild.get(placing.childId) ?? [], placing));
  const { deleted, shortened, created } = changesBetween(before, [...byChild.values()].flat());
  // What makes room goes first: no rule is broken in between.
  await context.accountEdges.deleteMany(deleted);
  await context.accountEdges.updateMany(shortened);
  await createEdges(context, asked.id, created);
}

/** The edges of an account when it is placed anew. What is so already stays as it is. */
function placed(edges: readonly PlannedEdge[], placing: Placing): readonly PlannedEdge[] {
  const { childId, parentId, instead, inherits = false } = placing;
  const days: Validity = { validFrom: placing.validFrom ?? null, validUntil: placing.validUntil ?? null };
  const isReplaced = (edge: PlannedEdge) => instead === undefined || edge.parentId === instead;
  const replaced = edges.filter((edge) => isReplaced(edge) && overlap(edge, days));
  const left = carve(edges, days, isReplaced);
  if (parentId === null) return left;
  const first = inherits ? replaced.toSorted((a, b) => (firstDay(a) < firstDay(b) ? -1 : 1))[0] : undefined;
  const kind = placing.kind ?? first?.kind ?? "subsidiary";
  const inherited = first && first.kind === kind ? first.share : null;
  const share = kind === "branch" ? (placing.share ?? "100") : placing.share === undefined ? inherited : placing.share;
  const [only] = replaced;
  if (only && replaced.length === 1 && isSame(only, { parentId, kind, share }) && includes(only, days)) return edges;
  return [...left, { childId, parentId, kind, share, ...days }];
}

function isSame(edge: PlannedEdge, wanted: Pick<PlannedEdge, "parentId" | "kind" | "share">): boolean {
  return edge.parentId === wanted.parentId && edge.kind === wanted.kind && edge.share === wanted.share;
}

export function plannedOf(edge: PlannedEdge & { readonly id: string }): PlannedEdge & { readonly id: string } {
  const { id, childId, parentId, share, kind, validFrom, validUntil } = edge;
  return { id, childId, parentId, share, kind, validFrom, validUntil };
}

/** @throws `invalid_input` for a last day before the first one */
function refuseBackwards(placings: readonly Placing[]): void {
  const issues = placings.flatMap(({ validFrom, validUntil }, index) =>
    validFrom && validUntil && validUntil < validFrom
      ? [{ field: "validUntil", index, code: "out_of_range", message: `is before the first day, ${validFrom}` }]
      : [],
  );
  if (issues.length > 0) throw invalidInput("accountEdge", issues);
}

/** The tree of `account.parentId` has no days, shares or kinds. */
async function placeInDefault(context: HierarchiesContext, placings: readonly Placing[]): Promise<void> {
  const issues = placings.flatMap((placing, index) =>
    (["kind", "share", "validFrom", "validUntil"] as const)
      .filter((field) => placing[field] !== undefined && placing[field] !== null)
      .map((field) => ({ field, index, code: "not_allowed", message: "is not kept by the default hierarchy" })),
  );
  if (issues.length > 0) throw invalidInput("accountHierarchy", issues);
  await context.accounts.updateMany(placings.map(({ childId, parentId }) => ({ id: childId, parentId })));
}

function parsedPlacements(given: readonly Placement[]): readonly Placement[] {
  if (!Array.isArray(given))
    throw invalidInput("accountHierarchy", [
      { field: "placements", code: "invalid_type", message: "must be a list, each with childId and parentId" },
    ]);
  const results = given.map((each) => placementSchema.safeParse(each));
  const issues = results.flatMap((result, index) =>
    result.success ? [] : inputIssues(result.error.issues, given[index], index),
  );
  if (issues.length > 0) throw invalidInput("accountHierarchy", issues);
  return results.map((result) => result.data!);
}
