/** An account changes its place, and with it all that stands below it; or it leaves, and somebody takes its children. */
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { kinds } from "./account-edge.ts";
import {
  type AskedHierarchy,
  accountSchema,
  askedHierarchy,
  DEFAULT_HIERARCHY,
  daySchema,
  hierarchySchema,
  parsed,
  requireTree,
  undated,
} from "./asked-hierarchy.ts";
import { commonDays } from "./carve.ts";
import type { EdgeKind, HierarchiesContext } from "./parts.ts";
import { placeAll, plannedOf } from "./place-accounts.ts";
import { lockHierarchies } from "./propose-edges.ts";
import { requireAccounts } from "./require-accounts.ts";
import { shareSchema } from "./share.ts";
import { edgesOfChildren } from "./stored-edges.ts";
import type { Validity } from "./valid-on.ts";

export interface MoveDays {
  /** The key of the hierarchy; "default" unless given, which has no days. */
  readonly hierarchy?: string | undefined;
  /** The first day; today in the tenant's time zone unless given. Null: it has always been so. */
  readonly from?: string | null | undefined;
  /** The last day; afterwards it is as it would have been. For ever unless given. */
  readonly until?: string | null | undefined;
}

export interface MoveOptions extends MoveDays {
  /**
   * Unless given, those of the edge that it leaves: the only one that makes room and holds on the first day; of a move since ever, the only
   * one that makes room. Where there is none, or several, a subsidiary whose share is not known.
   */
  readonly kind?: EdgeKind | undefined;
  readonly share?: string | null | undefined;
  /** In a graph: only the edges to this parent make room, and there must be one. All of them, unless given. */
  readonly instead?: string | undefined;
}

export interface DetachOptions extends MoveDays {
  /** In a graph: only from this parent, below which it must stand. From all, unless given. */
  readonly parentId?: string | undefined;
}

export interface TakeOutOptions extends Omit<MoveDays, "until"> {
  /** What becomes of those directly below: they stand below its own parent, or at the top. */
  readonly children: "lift" | "detach";
}

const days = { hierarchy: hierarchySchema, from: daySchema.nullish(), until: daySchema.nullish() };
const moveSchema = z.strictObject({
  ...days,
  kind: z.enum(kinds).optional(),
  share: shareSchema.nullish(),
  instead: accountSchema.optional(),
});
const detachSchema = z.strictObject({ ...days, parentId: accountSchema.optional() });
const takeOutSchema = z.strictObject({
  hierarchy: hierarchySchema,
  from: daySchema.nullish(),
  children: z.enum(["lift", "detach"]),
});

/** @throws `hierarchy_cycle`, `not_found`, `unknown_hierarchy`, `invalid_input`, and what else edges must be */
export async function moveAccount(
  context: HierarchiesContext,
  ids: { readonly id: string; readonly parentId: string },
  options: MoveOptions = {},
): Promise<void> {
  const { id, parentId } = parsed(z.strictObject({ id: accountSchema, parentId: accountSchema }), ids);
  const { hierarchy, from, until, ...values } = parsed(moveSchema, options);
  const instead = leftParent(values.instead, "instead");
  await inHierarchy(context, { hierarchy, from, until }, (tx, asked, validity) =>
    placeAll(tx, asked, [{ childId: id, parentId, ...validity, ...values, instead, inherits: true }]),
  );
}

/** @throws `not_found`, `unknown_hierarchy`, `invalid_input` */
export async function detachAccount(
  context: HierarchiesContext,
  id: string,
  options: DetachOptions = {},
): Promise<void> {
  const childId = parsed(accountSchema, id);
  const { parentId, ...rest } = parsed(detachSchema, options);
  const instead = leftParent(parentId, "parentId");
  await inHierarchy(context, rest, (tx, asked, validity) =>
    placeAll(tx, asked, [{ childId, parentId: null, ...validity, instead }]),
  );
}

function leftParent(parentId: string | undefined, option: "instead" | "parentId") {
  return parentId === undefined ? undefined : { parentId, option };
}

/** @throws `tree_required` for children that are lifted in a graph; `not_found`, `unknown_hierarchy`, `invalid_input` */
export async function takeOutAccount(context: HierarchiesContext, id: string, options: TakeOutOptions): Promise<void> {
  parsed(accountSchema, id);
  const { children, ...rest } = parsed(takeOutSchema, options);
  await inHierarchy(context, rest, async (tx, asked, validity) => {
    if (children === "lift") requireTree(tx, asked, "who takes the children");
    if (asked.id === undefined) return takeOutOfDefault(tx, id, children);
    await requireAccounts(tx, [id]);
    const own = await edgesOfChildren(tx, asked.id, [id]);
    const below = await Array.fromAsync(tx.accountEdges.iterate({ where: { hierarchyId: asked.id, parentId: id } }));
    const orphaned = below.flatMap((edge) => {
      const lost = commonDays(edge, validity);
      return lost ? [{ ...plannedOf(edge), ...lost }] : [];
    });
    const lifted = orphaned.flatMap((edge) =>
      (children === "lift" ? own : []).flatMap(({ parentId, validFrom, validUntil }) => {
        const common = commonDays({ validFrom, validUntil }, edge);
        return common ? [{ ...edge, ...common, parentId }] : [];
      }),
    );
    const leaving = { ...validity, parentId: null };
    await placeAll(tx, asked, [
      ...orphaned.map(({ childId, validFrom, validUntil }) => ({
        ...{ childId, parentId: null, validFrom, validUntil, instead: { parentId: id } },
      })),
      ...lifted,
      { ...leaving, childId: id },
    ]);
    if (validity.validFrom !== null) return;
    // Archived edges hold on no day, and would keep the account from being deleted.
    const where = { hierarchyId: asked.id, parentId: id };
    const archived = await Array.fromAsync(tx.accountEdges.iterate({ where, select: ["id"], archived: "only" }));
    await tx.accountEdges.deleteMany(archived.map((edge) => edge.id));
  });
}

async function takeOutOfDefault(
  context: HierarchiesContext,
  id: string,
  children: TakeOutOptions["children"],
): Promise<void> {
  const { parentId } = await context.accounts.get(id, { select: ["parentId"] });
  const below = await Array.fromAsync(
    context.accounts.iterate({ where: { parentId: id }, select: ["id"], archived: "include" }),
  );
  const to = children === "lift" ? parentId : null;
  await context.accounts.updateMany([
    ...below.map((child) => ({ id: child.id, parentId: to })),
    ...(parentId === null ? [] : [{ id, parentId: null }]),
  ]);
}

/** One unit, in turn with others in the same hierarchy. */
async function inHierarchy(
  context: HierarchiesContext,
  given: { readonly hierarchy: string } & Omit<MoveDays, "hierarchy">,
  work: (tx: HierarchiesContext, asked: AskedHierarchy, days: Validity) => Promise<void>,
): Promise<void> {
  if (given.hierarchy === DEFAULT_HIERARCHY) {
    for (const field of ["from", "until"] as const)
      if (given[field] !== undefined && given[field] !== null) throw undated(field);
    const asked = await askedHierarchy(context, given.hierarchy);
    return context.transaction((tx) => work(tx, asked, { validFrom: null, validUntil: null }));
  }
  return context.transaction(async (tx) => {
    const asked = await askedHierarchy(tx, given.hierarchy);
    await lockHierarchies(tx, [asked.id!]);
    const validFrom = given.from === undefined ? await tx.settings.today() : given.from;
    const validUntil = given.until ?? null;
    if (validFrom !== null && validUntil !== null && validUntil < validFrom)
      throw invalidInput("accountHierarchy", [
        { field: "until", code: "out_of_range", message: `is before the first day, ${validFrom}` },
      ]);
    await work(tx, asked, { validFrom, validUntil });
  });
}
