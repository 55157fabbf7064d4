/** The accounts of a hierarchy on a day, or of what is under one of them, and the edges between them. */
import { CrmError, count } from "@relata/core/plugin";
import * as z from "zod";
import { arrange, type DayEdge, type HierarchyNode } from "./arrange.ts";
import { type AskedDay, accountSchema, askedDay, type HierarchyQuery, parsed, queryFields } from "./asked-hierarchy.ts";
import type { HierarchiesContext } from "./parts.ts";
import { chunksOf } from "./require-accounts.ts";
import { validOn } from "./valid-on.ts";

export interface TreeQuery extends HierarchyQuery {
  /** Only this account and what stands below it. */
  readonly under?: string | undefined;
}

const treeSchema = z.strictObject({ ...queryFields, under: accountSchema.optional() });

/** The accounts of a day, and what lies between them. */
export interface DayTree {
  readonly asked: AskedDay;
  /** From the top down, each once. */
  readonly nodes: readonly HierarchyNode[];
  /** Those between the nodes: in a tree one for each that is not at the top, in a graph any number. */
  readonly edges: readonly DayEdge[];
}

/** @throws `invalid_input`, `unknown_hierarchy`; `not_found` for `under` */
export async function readTree(context: HierarchiesContext, query: TreeQuery = {}): Promise<DayTree> {
  const { under, ...rest } = parsed(treeSchema, query);
  return treeOfDay(context, await askedDay(context, rest), under);
}

/** The same, of a hierarchy that is known. */
export async function treeOfDay(context: HierarchiesContext, asked: AskedDay, under?: string): Promise<DayTree> {
  if (under !== undefined) await context.accounts.get(under, { select: ["id"] });
  const { edges, alone } = await (asked.id === undefined
    ? defaultEdges(context, under)
    : datedEdges(context, asked, under));
  const nodes = arrange(edges, alone);
  const ids = new Set([...alone, ...edges.flatMap(({ childId, parentId }) => [childId, parentId])]);
  if (nodes.length < ids.size) {
    // The CRM refuses to write one: it was written past it.
    const place = under === undefined ? "" : ` below ${under}`;
    const wrong = `${ids.size - nodes.length} accounts stand in it, or below it`;
    const message = `Hierarchy "${asked.key}" has a circle${place}: ${wrong}. Take one of them out of it.`;
    throw new CrmError("hierarchy_cycle", message, { details: { entity: "account", hierarchy: asked.key } });
  }
  return { asked, nodes, edges };
}

/** The accounts from the top down, each once: of the default hierarchy all, of others those that have an edge on the day. */
export async function nodesOf(context: HierarchiesContext, query?: TreeQuery): Promise<readonly HierarchyNode[]> {
  return (await readTree(context, query)).nodes;
}

/** The edges of the day. */
export async function edgesOf(context: HierarchiesContext, query?: TreeQuery): Promise<readonly DayEdge[]> {
  return (await readTree(context, query)).edges;
}

interface FoundEdges {
  readonly edges: readonly DayEdge[];
  readonly alone: readonly string[];
}

/** One query: groups come in one answer, where a list would come in pages. */
async function defaultEdges(context: HierarchiesContext, under: string | undefined): Promise<FoundEdges> {
  const found = await context.accounts.aggregate({
    where: under === undefined ? {} : { id: { atOrUnder: under } },
    groupBy: { id: "id", parentId: "parentId" },
    measures: { accounts: count() },
    archived: "include",
  });
  // Whoever is asked for and absent is refused as everywhere.
  if (under !== undefined && found.length === 0) await context.accounts.get(under, { select: ["id"] });
  const edges = found.flatMap(({ id, parentId }) => {
    if (parentId === null || id === under) return [];
    return [{ id: undefined, childId: id, parentId, share: null, kind: null }];
  });
  return { edges, alone: found.map(({ id }) => id) };
}

async function datedEdges(
  context: HierarchiesContext,
  { id: hierarchyId, on }: AskedDay,
  under: string | undefined,
): Promise<FoundEdges> {
  const where = { hierarchyId: hierarchyId!, ...validOn(on!) };
  if (under === undefined) return { edges: await collectEdges(context, where), alone: [] };
  const reached = await context.accountEdges.traverse({
    ...{ from: "parentId", to: "childId", start: under, validOn: on!, where: { hierarchyId: hierarchyId! } },
  });
  const inside = new Set([under, ...reached.map(({ id }) => id)]);
  const edges: DayEdge[] = [];
  for (const part of chunksOf(reached.map(({ id }) => id))) {
    const found = await collectEdges(context, { ...where, childId: { in: part } });
    edges.push(...found.filter(({ parentId }) => inside.has(parentId)));
  }
  return { edges, alone: [under] };
}

type EdgeWhere = NonNullable<NonNullable<Parameters<HierarchiesContext["accountEdges"]["list"]>[0]>["where"]>;

/** Those that match, without archived ones. One query for each thousand. */
export async function collectEdges(context: HierarchiesContext, where: EdgeWhere): Promise<readonly DayEdge[]> {
  const edges: DayEdge[] = [];
  const found = context.accountEdges.iterate({ where, select: ["childId", "parentId", "share", "kind"] });
  for await (const { id, childId, parentId, share, kind } of found) edges.push({ id, childId, parentId, share, kind });
  return edges;
}

/** The edges of the day that lead up from an account, from its parents, and so on. @throws `not_found` */
export async function edgesUpFrom(
  context: HierarchiesContext,
  { id: hierarchyId, on }: AskedDay,
  id: string,
): Promise<readonly DayEdge[]> {
  const { parentId } = await context.accounts.get(parsed(accountSchema, id), { select: ["parentId"] });
  if (hierarchyId === undefined) {
    const above = await context.accounts.ancestors(id, { select: ["id", "parentId"], archived: "include" });
    return [{ id, parentId }, ...above.map(({ record }) => record)].flatMap((each) =>
      each.parentId === null
        ? []
        : [{ id: undefined, childId: each.id, parentId: each.parentId, share: null, kind: null }],
    );
  }
  const reached = await context.accountEdges.traverse({
    ...{ from: "childId", to: "parentId", start: id, validOn: on!, where: { hierarchyId } },
  });
  const edges: DayEdge[] = [];
  for (const part of chunksOf([id, ...reached.map((each) => each.id)]))
    edges.push(...(await collectEdges(context, { hierarchyId, ...validOn(on!), childId: { in: part } })));
  return edges;
}
