/** Who stands above, below and beside an account on a day. Each question first sees to it that the account is there (`not_found`). */
import * as z from "zod";
import {
  type AskedDay,
  accountSchema,
  askedDay,
  type HierarchyQuery,
  parsed,
  queryFields,
  requireTree,
} from "./asked-hierarchy.ts";
import type { HierarchiesContext } from "./parts.ts";
import { collectEdges, readTree, type TreeQuery } from "./read-tree.ts";
import { chunksOf, requireAccounts } from "./require-accounts.ts";
import { validOn } from "./valid-on.ts";

/** An account above or below another: `depth` is 1 for a parent or a child; in a graph, the fewest steps. */
export interface Related {
  readonly id: string;
  readonly depth: number;
}

export interface LineageQuery extends HierarchyQuery {
  /** At most so far away. */
  readonly depth?: number | undefined;
}

const querySchema = z.strictObject(queryFields);
const lineageSchema = z.strictObject({ ...queryFields, depth: z.int().min(1).optional() });

/** The nearest first; those at one distance by id. */
export function ancestorsOf(context: HierarchiesContext, id: string, query: LineageQuery = {}) {
  return relatedTo(context, id, { query, direction: "above" });
}

/** The nearest first; those at one distance by id. */
export function descendantsOf(context: HierarchiesContext, id: string, query: LineageQuery = {}) {
  return relatedTo(context, id, { query, direction: "below" });
}

async function relatedTo(
  context: HierarchiesContext,
  id: string,
  { query, direction }: { readonly query: LineageQuery; readonly direction: "above" | "below" },
): Promise<readonly Related[]> {
  const { depth, ...rest } = parsed(lineageSchema, query);
  const asked = await askedDay(context, rest);
  await context.accounts.get(parsed(accountSchema, id), { select: ["id"] });
  return walk(context, asked, { id, direction, ...(depth === undefined ? {} : { depth }) });
}

async function walk(
  context: HierarchiesContext,
  { id: hierarchyId, on }: AskedDay,
  { id, direction, ...far }: { readonly id: string; readonly direction: "above" | "below"; readonly depth?: number },
): Promise<readonly Related[]> {
  if (hierarchyId === undefined) {
    const query = { select: ["id"], archived: "include", ...far } as const;
    const found = await (direction === "above"
      ? context.accounts.ancestors(id, query)
      : context.accounts.descendants(id, query));
    return found.map(({ depth, record }) => ({ id: record.id, depth }));
  }
  const [from, to] = direction === "above" ? (["childId", "parentId"] as const) : (["parentId", "childId"] as const);
  const reached = await context.accountEdges.traverse({
    ...{ from, to, start: id, validOn: on!, where: { hierarchyId }, ...far },
  });
  return reached
    .map((each) => ({ id: each.id, depth: each.depth }))
    .toSorted((a, b) => a.depth - b.depth || (a.id < b.id ? -1 : 1));
}

/** From the root down to the account itself. @throws `tree_required` */
export async function pathOf(
  context: HierarchiesContext,
  id: string,
  query: HierarchyQuery = {},
): Promise<readonly string[]> {
  const asked = await askedDay(context, parsed(querySchema, query));
  requireTree(context, asked, "the path of an account");
  await context.accounts.get(parsed(accountSchema, id), { select: ["id"] });
  const above = await walk(context, asked, { id, direction: "above" });
  return [...above.toReversed().map((each) => each.id), id];
}

/** The other children of its parents, by id; whoever is at the top has none. */
export async function siblingsOf(
  context: HierarchiesContext,
  id: string,
  query: HierarchyQuery = {},
): Promise<readonly string[]> {
  const asked = await askedDay(context, parsed(querySchema, query));
  const { parentId } = await context.accounts.get(parsed(accountSchema, id), { select: ["parentId"] });
  const parents =
    asked.id === undefined
      ? [parentId].filter((each) => each !== null)
      : (await parentsOf(context, asked, [id])).get(id);
  const found = new Set<string>();
  if (asked.id === undefined) {
    const where = { parentId: { in: parents ?? [] } };
    for await (const each of context.accounts.iterate({ where, select: ["id"], archived: "include" }))
      found.add(each.id);
  } else {
    const where = { hierarchyId: asked.id, ...validOn(asked.on!), parentId: { in: parents ?? [] } };
    for (const { childId } of await collectEdges(context, where)) found.add(childId);
  }
  found.delete(id);
  return [...found].toSorted();
}

/** By child; whoever is at the top is absent. One query for every thousand accounts. */
export async function parentsOf(
  context: HierarchiesContext,
  { id: hierarchyId, on }: AskedDay,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const parents = new Map<string, readonly string[]>();
  const add = (child: string, parent: string) => parents.set(child, [...(parents.get(child) ?? []), parent]);
  for (const part of chunksOf(ids)) {
    if (hierarchyId === undefined) {
      const query = { where: { id: { in: part } }, select: ["id", "parentId"], archived: "include" } as const;
      for await (const { id, parentId } of context.accounts.iterate(query)) if (parentId !== null) add(id, parentId);
    } else {
      const edges = await collectEdges(context, { hierarchyId, ...validOn(on!), childId: { in: part } });
      for (const { childId, parentId } of edges) add(childId, parentId);
    }
  }
  return parents;
}

/**
 * The lowest account that is each of these or stands above it; undefined where there is none. One query for each level, however many
 * accounts. @throws `tree_required`
 */
export async function commonAncestorOf(
  context: HierarchiesContext,
  ids: readonly string[],
  query: HierarchyQuery = {},
): Promise<string | undefined> {
  const wanted = parsed(z.array(accountSchema).min(1), ids);
  const asked = await askedDay(context, parsed(querySchema, query));
  requireTree(context, asked, "the lowest common ancestor");
  await requireAccounts(context, wanted);
  const parents = new Map<string, string | undefined>();
  for (let level = [...new Set(wanted)]; level.length > 0; ) {
    const found = await parentsOf(context, asked, level);
    for (const id of level) parents.set(id, found.get(id)?.[0]);
    level = [...new Set([...found.values()].flat())].filter((id) => !parents.has(id));
  }
  const paths = wanted.map((id) => climb(parents, id));
  const [first, ...others] = paths;
  const shared = others.map((path) => new Set(path));
  return first!.find((id) => shared.every((path) => path.has(id)));
}

/** The account, its parent, and so on. */
function climb(parents: ReadonlyMap<string, string | undefined>, start: string): readonly string[] {
  const path: string[] = [];
  for (let id: string | undefined = start; id !== undefined && path.length <= parents.size; id = parents.get(id))
    path.push(id);
  return path;
}

/** Those that nobody stands below, by id. */
export async function leavesOf(context: HierarchiesContext, query: TreeQuery = {}): Promise<readonly string[]> {
  const { nodes, edges } = await readTree(context, query);
  const parents = new Set(edges.map(({ parentId }) => parentId));
  return nodes.flatMap(({ id }) => (parents.has(id) ? [] : [id])).toSorted();
}

/** Those so many steps below the top, or below `under`, by id; in a graph, by the most steps that there are. */
export async function levelOf(
  context: HierarchiesContext,
  depth: number,
  query: TreeQuery = {},
): Promise<readonly string[]> {
  const wanted = parsed(z.int().min(0), depth);
  return (await readTree(context, query)).nodes.flatMap((node) => (node.depth === wanted ? [node.id] : []));
}
