/** Roll-ups: figures of whatever refers to accounts, of an account itself beside those of all that is at or below it. */
import { inputIssues, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import type { HierarchyNode } from "../arrange.ts";
import { type AskedDay, accountSchema, askedDay, type HierarchyQuery, queryFields } from "../asked-hierarchy.ts";
import type { HierarchiesContext } from "../parts.ts";
import { type DayTree, treeOfDay } from "../read-tree.ts";
import { groupOf } from "./add-up.ts";
import { type AskedFigures, askFigures, type FiguresQuery } from "./ask-figures.ts";
import { groupOfTree } from "./holdings.ts";
import type { Figures, FigureValue, RollUpMeasures } from "./measures.ts";
import { readFigures, type Values, valuesOf } from "./read-figures.ts";
import { readRates } from "./read-rates.ts";

export interface RollUpQuery<Ms extends RollUpMeasures = RollUpMeasures, E extends string = string>
  extends HierarchyQuery,
    FiguresQuery<Ms, E> {}

export interface RollUpAllQuery<Ms extends RollUpMeasures = RollUpMeasures, E extends string = string>
  extends RollUpQuery<Ms, E> {
  /** Only this account and what stands below it. */
  readonly under?: string | undefined;
}

/** Figures of what refers to the account itself, and of what refers to it or to an account below it: each record once. */
export interface RollUp<Ms extends RollUpMeasures, E extends string = string> {
  readonly own: Figures<Ms, E>;
  readonly total: Figures<Ms, E>;
}

export interface NodeRollUp<Ms extends RollUpMeasures, E extends string = string>
  extends HierarchyNode,
    RollUp<Ms, E> {}

const hierarchyShape = z.object({ ...queryFields, under: accountSchema.optional() });

interface AskedRollUp {
  readonly day: AskedDay;
  readonly under: string | undefined;
  readonly figures: AskedFigures;
}

/**
 * Of one account. In the default hierarchy the database finds what is below: two aggregates, however much that is, and two more for each
 * `latest`.
 */
export async function rollUp<const Ms extends RollUpMeasures, const E extends string>(
  context: HierarchiesContext,
  id: string,
  query: RollUpQuery<Ms, E>,
): Promise<RollUp<Ms, E>> {
  const { day, figures } = await askRollUp(context, { ...query, under: id });
  if (day.id !== undefined) {
    const tree = await treeOfDay(context, day, id);
    return rollUpOf<Ms, E>(await valuesOfTree(context, figures, { tree, under: id }), tree.nodes[0]!.id);
  }
  await context.accounts.get(id, { select: ["id"] });
  const repository = context.repository(figures.path.entity.name);
  const own = await readFigures(repository, figures, { accounts: id, byAccount: false });
  const total = await readFigures(repository, figures, { accounts: { atOrUnder: id }, byAccount: false });
  const ratesTo = await readRates(context, figures.measures, [own, total]);
  const alone = { ratesTo, group: groupOf([], []), weighted: false };
  const values = figures.measures.map((measure): readonly [string, Values] => {
    const [ofOwn, ofTotal] = [valuesOf(measure, own, alone), valuesOf(measure, total, alone)];
    return [measure.name, { own: () => ofOwn.own(""), total: () => ofTotal.own("") }];
  });
  return rollUpOf<Ms, E>(values, id);
}

/**
 * Of all accounts of a hierarchy, or of those at and below one, from the top down. The tree is read, and all figures by one aggregate, with
 * one more for each `latest`, however many accounts there are.
 */
export async function rollUpAll<const Ms extends RollUpMeasures, const E extends string>(
  context: HierarchiesContext,
  query: RollUpAllQuery<Ms, E>,
): Promise<readonly NodeRollUp<Ms, E>[]> {
  const { day, under, figures } = await askRollUp(context, query);
  const tree = await treeOfDay(context, day, under);
  const values = await valuesOfTree(context, figures, { tree, under });
  return tree.nodes.map((node) => ({ ...node, ...rollUpOf<Ms, E>(values, node.id) }));
}

/** By the name of each measure, its values at the accounts of a tree. */
export async function valuesOfTree(
  context: HierarchiesContext,
  figures: AskedFigures,
  { tree, under }: { readonly tree: DayTree; readonly under: string | undefined },
): Promise<readonly (readonly [string, Values])[]> {
  const group = groupOfTree(tree, figures);
  const repository = context.repository(figures.path.entity.name);
  const read = await readFigures(repository, figures, { accounts: accountsOf(tree, under), byAccount: true });
  const ratesTo = await readRates(context, figures.measures, [read]);
  const totalling = { ratesTo, group, weighted: figures.weighted };
  return figures.measures.map((measure) => [measure.name, valuesOf(measure, read, totalling)]);
}

/** The condition that the database finds the fewest records by that it can find without being told the whole tree. */
function accountsOf({ asked, nodes }: DayTree, under: string | undefined): unknown {
  if (asked.id !== undefined) return { in: nodes.map(({ id }) => id) };
  return under === undefined ? { ne: null } : { atOrUnder: under };
}

async function askRollUp(context: HierarchiesContext, query: RollUpAllQuery): Promise<AskedRollUp> {
  const { hierarchy, on, under, ...figures } = query ?? {};
  const parsed = hierarchyShape.safeParse({ hierarchy, on, under });
  if (!parsed.success) throw invalidInput("rollUp", inputIssues(parsed.error.issues, query));
  const asked = askFigures(context, figures);
  return { day: await askedDay(context, parsed.data), under: parsed.data.under, figures: asked };
}

function rollUpOf<Ms extends RollUpMeasures, E extends string>(
  values: readonly (readonly [string, Values])[],
  id: string,
): RollUp<Ms, E> {
  const figures = (of: (each: Values) => FigureValue) =>
    Object.fromEntries(values.map(([name, each]) => [name, of(each)])) as Figures<Ms, E>;
  return { own: figures((each) => each.own(id)), total: figures((each) => each.total(id)) };
}
