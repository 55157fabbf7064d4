/** Who owns and who controls what on a day. */
import { foldText } from "@relata/core/plugin";
import * as z from "zod";
import { type AskedDay, accountSchema, askedDay, type HierarchyQuery, parsed, queryFields } from "./asked-hierarchy.ts";
import { controllersOf, nearestControllers, type OwnedEdge, ownedEdges } from "./control.ts";
import { effectiveShares } from "./effective-shares.ts";
import type { HierarchiesContext } from "./parts.ts";
import { edgesUpFrom, readTree } from "./read-tree.ts";
import { chunksOf } from "./require-accounts.ts";

/** What one account has of another, in per cent, exact. */
export interface Ownership {
  /** By its own share. "0" where there is none, and where it is not known. */
  readonly direct: string;
  /** Through all paths together: 60 % of 60 % are "36". */
  readonly effective: string;
  /** Its shares and those of all that it controls together exceed half: whoever controls 60 % of who has 60 % controls, and owns 36 %. */
  readonly controls: boolean;
  /** False: a share on the way is not known, and counts as nothing. */
  readonly isComplete: boolean;
}

export interface Owned extends Ownership {
  /** Who is owned, or who owns. */
  readonly id: string;
}

const querySchema = z.strictObject(queryFields);

/** What an account owns, from the top down, without itself. */
export async function holdingsOf(
  context: HierarchiesContext,
  ownerId: string,
  query: HierarchyQuery = {},
): Promise<readonly Owned[]> {
  const under = parsed(accountSchema, ownerId);
  const { asked, nodes, edges: found } = await readTree(context, { ...parsed(querySchema, query), under });
  const edges = ownedEdges(found, asked.shape);
  const shares = effectiveShares(edges, ownerId, "down");
  const direct = new Map(edges.flatMap((edge) => (edge.parentId === ownerId ? [[edge.childId, edge]] : [])));
  const controllers = nearestControllers(edges);
  const controlled = new Set([ownerId]);
  return nodes.flatMap(({ id }) => {
    if (id === ownerId) return [];
    // The nearest controller stands above, and was looked at before.
    const controls = controlled.has(controllers.get(id) ?? "");
    if (controls) controlled.add(id);
    const { effective, isComplete } = shares.get(id)!;
    return [{ id, direct: directOf(direct.get(id)), effective: effective.toFixed(), controls, isComplete }];
  });
}

/** Who owns an account: those above it, the lowest first. */
export async function ownersOf(
  context: HierarchiesContext,
  id: string,
  query: HierarchyQuery = {},
): Promise<readonly Owned[]> {
  return ownersOn(context, id, await askedDay(context, parsed(querySchema, query)));
}

async function ownersOn(context: HierarchiesContext, id: string, asked: AskedDay): Promise<readonly Owned[]> {
  const edges = await edgesAboveOn(context, id, asked);
  const shares = effectiveShares(edges, id, "up");
  const direct = new Map(edges.flatMap((edge) => (edge.childId === id ? [[edge.parentId, edge]] : [])));
  const controlling = new Set(controllersOf(nearestControllers(edges), id));
  return [...shares].flatMap(([ownerId, { effective, isComplete }]) =>
    ownerId === id
      ? []
      : [
          {
            ...{ id: ownerId, direct: directOf(direct.get(ownerId)), effective: effective.toFixed() },
            ...{ controls: controlling.has(ownerId), isComplete },
          },
        ],
  );
}

/** What one account has of another one. */
export async function ownershipOf(
  context: HierarchiesContext,
  { ownerId, id }: { readonly ownerId: string; readonly id: string },
  query: HierarchyQuery = {},
): Promise<Ownership> {
  const asked = await askedDay(context, parsed(querySchema, query));
  await context.accounts.get(parsed(accountSchema, ownerId), { select: ["id"] });
  if (ownerId === id) return { direct: "100", effective: "100", controls: true, isComplete: true };
  const found = (await ownersOn(context, id, asked)).find((owner) => owner.id === ownerId);
  if (!found) return { direct: "0", effective: "0", controls: false, isComplete: true };
  const { direct, effective, controls, isComplete } = found;
  return { direct, effective, controls, isComplete };
}

/** The account, and all who control it, the nearest first. */
async function chainOf(context: HierarchiesContext, id: string, query: HierarchyQuery): Promise<readonly string[]> {
  const edges = await edgesAboveOn(context, id, await askedDay(context, parsed(querySchema, query)));
  return [id, ...controllersOf(nearestControllers(edges), id)];
}

/** Who controls it and is controlled by nobody; itself, where nobody controls it. */
export async function globalUltimateOf(
  context: HierarchiesContext,
  id: string,
  query: HierarchyQuery = {},
): Promise<string> {
  return (await chainOf(context, id, query)).at(-1)!;
}

/** The highest of itself and those who control it in its own country; undefined where its country is not known. */
export async function domesticUltimateOf(
  context: HierarchiesContext,
  id: string,
  query: HierarchyQuery = {},
): Promise<string | undefined> {
  const chain = await chainOf(context, id, query);
  const countries = new Map<string, string>();
  for (const part of chunksOf(chain)) {
    const accounts = { where: { id: { in: part } }, select: ["id", "country"], archived: "include" } as const;
    for await (const { id: each, country } of context.accounts.iterate(accounts))
      if (country !== null) countries.set(each, foldText(country));
  }
  const own = countries.get(id);
  return own === undefined ? undefined : chain.findLast((each) => countries.get(each) === own);
}

async function edgesAboveOn(context: HierarchiesContext, id: string, asked: AskedDay): Promise<readonly OwnedEdge[]> {
  return ownedEdges(await edgesUpFrom(context, asked, id), asked.shape);
}

function directOf(edge: OwnedEdge | undefined): string {
  return edge?.owned?.toFixed() ?? "0";
}
