/** Accounts get their parents: many at once, in a bounded number of statements, for the days that are named. */
import { compareText, inputIssues, invalidInput } from "@relata/core/plugin";
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
import { edgesOfChildren } from "./stored-edges.ts";
import { FIRST_DAY, firstDay, includes, lastDay, overlap, type Validity } from "./valid-on.ts";

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
  /**
   * In a graph: the parent whose edges make room; all parents, unless given. With the `option` by which the caller names it, there must be
   * such an edge.
   */
  readonly instead?: { readonly parentId: string; readonly option?: "instead" | "parentId" } | undefined;
  /** Kind and share that are not given are those of the edge that it takes the place of, where that is one. */
  readonly inherits?: boolean;
}

/**
 * Each account stands below its parent on the days of its placement, and nowhere else on them; in a graph, beside its other parents.
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
    refuseBackwards(placements);
    if (asked.id !== undefined) refuseRepeated(placements, isGraph);
    await placeAll(
      tx,
      asked,
      placements.map(({ parentId, ...each }) =>
        isGraph && parentId !== null ? { ...each, parentId, instead: { parentId } } : { ...each, parentId },
      ),
    );
  });
}

/** In the unit of the context. Placings of one account follow each other in their order; none ends before it starts. */
export async function placeAll(
  context: HierarchiesContext,
  asked: AskedHierarchy,
  placings: readonly Placing[],
): Promise<void> {
  if (placings.length === 0) return;
  if (asked.id === undefined) return placeInDefault(context, placings);
  await lockHierarchies(context, [asked.id]);
  const childIds = [...new Set(placings.map(({ childId }) => childId))];
  const parentIds = placings.flatMap(({ parentId, instead }) => [parentId ?? [], instead?.parentId ?? []].flat());
  await requireAccounts(context, [...childIds, ...parentIds]);
  const before = (await edgesOfChildren(context, asked.id, childIds)).map(plannedOf);
  const byChild = new Map<string, readonly PlannedEdge[]>(Map.groupBy(before, ({ childId }) => childId));
  for (const placing of placings) byChild.set(placing.childId, placed(byChild.get(placing.childId) ?? [], placing));
  const { deleted, shortened, created } = changesBetween(before, [...byChild.values()].flat());
  // What makes room goes first: no rule is broken in between.
  await context.accountEdges.deleteMany(deleted);
  await context.accountEdges.updateMany(shortened);
  await createEdges(context, asked.id, created);
}

/** The edges of an account when it is placed anew. What is so already stays as it is. */
function placed(edges: readonly PlannedEdge[], placing: Placing): readonly PlannedEdge[] {
  const { childId, parentId, instead } = placing;
  const days: Validity = { validFrom: placing.validFrom ?? null, validUntil: placing.validUntil ?? null };
  const isReplaced = (edge: PlannedEdge) => instead === undefined || edge.parentId === instead.parentId;
  const replaced = edges.filter((edge) => isReplaced(edge) && overlap(edge, days));
  if (instead && replaced.length === 0) refuseAbsent(childId, instead);
  const others = carve(edges, days, isReplaced);
  if (parentId === null) return others;
  const left = placing.inherits ? leftEdge(replaced, days) : undefined;
  const kind = placing.kind ?? left?.kind ?? "subsidiary";
  // The share of a branch is no share of its own.
  const inherited = left && left.kind !== "branch" ? left.share : null;
  const share = kind === "branch" ? (placing.share ?? "100") : placing.share === undefined ? inherited : placing.share;
  const [only] = replaced;
  if (only && replaced.length === 1 && isSame(only, { parentId, kind, share }) && includes(only, days)) return edges;
  return [...others, { childId, parentId, kind, share, ...days }];
}

/** The only one that holds on the first day; of those that make room since ever, the only one. */
function leftEdge(replaced: readonly PlannedEdge[], { validFrom }: Validity): PlannedEdge | undefined {
  // Each holds on some of the days: what has begun by the first one still holds on it.
  const there = validFrom === null ? replaced : replaced.filter((edge) => firstDay(edge) <= validFrom);
  return there.length === 1 ? there[0] : undefined;
}

/** @throws `invalid_input` for a parent below which the account does not stand, by the option that names it */
function refuseAbsent(childId: string, { parentId, option }: NonNullable<Placing["instead"]>): void {
  if (option === undefined) return;
  const message = `names "${parentId}", below which "${childId}" does not stand on these days`;
  throw invalidInput("accountHierarchy", [{ field: option, code: "not_allowed", message }]);
}

function isSame(edge: PlannedEdge, wanted: Pick<PlannedEdge, "parentId" | "kind" | "share">): boolean {
  return edge.parentId === wanted.parentId && edge.kind === wanted.kind && edge.share === wanted.share;
}

export function plannedOf(edge: PlannedEdge & { readonly id: string }): PlannedEdge & { readonly id: string } {
  const { id, childId, parentId, share, kind, validFrom, validUntil } = edge;
  return { id, childId, parentId, share, kind, validFrom, validUntil };
}

/** @throws `invalid_input` for a last day before the first one */
function refuseBackwards(placements: readonly Placement[]): void {
  const issues = placements.flatMap(({ validFrom, validUntil }, index) =>
    validFrom && validUntil && validUntil < validFrom
      ? [{ field: "validUntil", index, code: "out_of_range", message: `is before the first day, ${validFrom}` }]
      : [],
  );
  if (issues.length > 0) throw invalidInput("accountEdge", issues);
}

/**
 * In a tree an account has one place on a day; in a graph it does not stand below one parent twice, nor below one and at the top.
 *
 * @throws `invalid_input` with the `index` of a placement that takes days of another one
 */
function refuseRepeated(placements: readonly Placement[], isGraph: boolean): void {
  const numbered = placements.map(({ childId, parentId, validFrom, validUntil }, index) => ({
    ...{ childId, parentId, index, validFrom: validFrom ?? null, validUntil: validUntil ?? null },
  }));
  type Numbered = (typeof numbered)[number];
  const issues = [...Map.groupBy(numbered, ({ childId }) => childId).values()].flatMap((own) => {
    /** Of those that began already, the one that lasts the longest: by parent, at the top, and of all. */
    const lasting = new Map<string, Numbered>();
    for (const each of own.toSorted((a, b) => compareText(firstDay(a), firstDay(b)))) {
      const place = each.parentId ?? "top";
      const against = isGraph && each.parentId !== null ? [place, "top"] : ["any"];
      const before = against.map((key) => lasting.get(key)).find((other) => other && overlap(other, each));
      if (before) return repeatedIssue(before, each);
      for (const key of [place, "any"]) {
        const longest = lasting.get(key);
        if (!longest || lastDay(longest) < lastDay(each)) lasting.set(key, each);
      }
    }
    return [];
  });
  if (issues.length > 0) throw invalidInput("accountHierarchy", issues);
}

/** Of two on the same days, in the order of their first days. */
function repeatedIssue(earlier: { readonly index: number }, later: { readonly index: number } & Validity) {
  const [first, second] = earlier.index < later.index ? [earlier, later] : [later, earlier];
  const day = firstDay(later);
  const message = `has a place on ${day === FIRST_DAY ? "these days" : day} by input ${first.index} already`;
  return { field: "childId", index: second.index, code: "repeated", message };
}

/** The tree of `account.parentId` has no days, shares or kinds. */
async function placeInDefault(context: HierarchiesContext, placings: readonly Placing[]): Promise<void> {
  const issues = placings.flatMap((placing, index) =>
    (["kind", "share", "validFrom", "validUntil"] as const)
      .filter((field) => placing[field] !== undefined && placing[field] !== null)
      .map((field) => ({ field, index, code: "not_allowed", message: "is not kept by the default hierarchy" })),
  );
  if (issues.length > 0) throw invalidInput("accountHierarchy", issues);
  const changes = [];
  for (const { childId, parentId, instead } of placings) {
    const below = instead ? await versionBelow(context, childId, instead) : {};
    changes.push({ id: childId, parentId, ...below });
  }
  await context.accounts.updateMany(changes);
}

/** So that it stands there still when it is moved. */
async function versionBelow(
  context: HierarchiesContext,
  childId: string,
  instead: NonNullable<Placing["instead"]>,
): Promise<{ readonly version: number }> {
  await requireAccounts(context, [instead.parentId]);
  const { parentId, version } = await context.accounts.get(childId, { select: ["parentId", "version"] });
  if (parentId !== instead.parentId) refuseAbsent(childId, instead);
  return { version };
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
