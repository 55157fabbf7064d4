/** Hierarchies to look at: as text, as a flowchart of Mermaid, and as a page, with figures beside each account. */
import { inputIssues, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import type { DayEdge } from "../arrange.ts";
import { accountSchema, askedDay, type HierarchyQuery, queryFields } from "../asked-hierarchy.ts";
import type { HierarchiesContext } from "../parts.ts";
import { type DayTree, treeOfDay } from "../read-tree.ts";
import { chunksOf } from "../require-accounts.ts";
import { askFigures, type FiguresQuery } from "../roll-up/ask-figures.ts";
import type { Values } from "../roll-up/read-figures.ts";
import { valuesOfTree } from "../roll-up/roll-up.ts";
import { type DrawnEdge, type DrawnLine, drawnLines } from "./drawn-tree.ts";
import { figureTexts } from "./figure-text.ts";
import { treeMermaid } from "./tree-mermaid.ts";
import { englishWords, type PageWords, treePage } from "./tree-page.ts";
import { type TextNode, treeText } from "./tree-text.ts";

export interface DrawQuery extends HierarchyQuery {
  /** Only this account and what stands below it. */
  readonly under?: string | undefined;
  /** What is said of each account: the names of the measures are what is read. */
  readonly rollUps?: readonly FiguresQuery[] | undefined;
  /** A language tag, by which names are sorted and figures are written; "en" unless given. */
  readonly locale?: string | undefined;
}

export interface DrawPageQuery extends DrawQuery {
  /** Unless given, the name of the account `under` which it is drawn, or else the key of the hierarchy. */
  readonly title?: string | undefined;
  /** The words of the page in another language than English. */
  readonly words?: Partial<PageWords> | undefined;
}

/** As lines of text, for a terminal or a message. @throws `not_found`, `unknown_hierarchy`, `invalid_input`, `invalid_query`, `missing_rate` */
export async function drawText(context: HierarchiesContext, query: DrawQuery = {}): Promise<string> {
  const { lines, factsOf } = await readDrawing(context, query);
  return treeText(lines, factsOf);
}

/**
 * As a flowchart in the language of Mermaid, edges of graphs included. Mermaid itself draws 500 edges and 50,000 characters, unless its
 * `maxEdges` and `maxTextSize` say more. @throws as `drawText`
 */
export async function drawMermaid(context: HierarchiesContext, query: DrawQuery = {}): Promise<string> {
  const { lines, edges, factsOf } = await readDrawing(context, query);
  const ids = [...new Set(lines.map(({ id }) => id))];
  return treeMermaid(ids, edges, factsOf);
}

/** As a whole page of HTML, which loads nothing. @throws as `drawText` */
export async function drawPage(context: HierarchiesContext, query: DrawPageQuery = {}): Promise<string> {
  const { title, words, ...rest } = query;
  const given = checked(pageSchema, { title, words });
  const own = Object.entries(given.words ?? {}).filter(([, word]) => word !== undefined);
  const all: PageWords = { ...englishWords, ...Object.fromEntries(own) };
  const { asked, lines, names, figures, textOf, locale } = await readDrawing(context, rest);
  const top = rest.under === undefined ? undefined : names.get(rest.under)?.name;
  const known = `${all.asOf} ${textOf(context.now())}`;
  return treePage({
    title: given.title ?? top ?? asked.key,
    caption: asked.on === undefined ? known : `${asked.on}, ${known}`,
    language: locale,
    words: all,
    figures: figures.map(([name]) => name),
    lines,
    nodeOf: (id) => ({
      ...names.get(id)!,
      figures: figures.map(([, values]) => [textOf(values.own(id)), textOf(values.total(id))]),
    }),
  });
}

const drawSchema = z.strictObject({
  ...queryFields,
  under: accountSchema.optional(),
  rollUps: z.array(z.unknown()).default([]),
  locale: z.string().refine(isLocale, { message: 'is no language tag, such as "en" or "zh-TW"' }).default("en"),
});

const wordSchema = z.string().optional();
const pageSchema = z.strictObject({
  title: z.string().optional(),
  words: z.partialRecord(z.enum(Object.keys(englishWords) as (keyof PageWords)[]), wordSchema).optional(),
});

interface Named {
  readonly name: string;
  readonly archived: boolean;
}

interface Drawing {
  readonly asked: DayTree["asked"];
  readonly locale: string;
  readonly lines: readonly DrawnLine[];
  readonly edges: readonly DrawnEdge[];
  readonly names: ReadonlyMap<string, Named>;
  readonly figures: readonly (readonly [string, Values])[];
  readonly textOf: ReturnType<typeof figureTexts>;
  /** The name, and the figures as they stand in a sentence. */
  factsOf(id: string): TextNode;
}

async function readDrawing(context: HierarchiesContext, query: DrawQuery): Promise<Drawing> {
  const { under, rollUps, locale, ...rest } = checked(drawSchema, query);
  const asked = rollUps.map((each) => askFigures(context, each));
  refuseSharedNames(asked.flatMap(({ measures }) => measures.map(({ name }) => name)));
  const tree = await treeOfDay(context, await askedDay(context, rest), under);
  const names = await namesOf(context, tree);
  const figures: (readonly [string, Values])[] = [];
  for (const each of asked) figures.push(...(await valuesOfTree(context, each, { tree, under })));
  const collator = new Intl.Collator(locale, { numeric: true });
  const textOf = figureTexts(locale);
  const edges = tree.edges.map((edge) => ({ parentId: edge.parentId, childId: edge.childId, label: edgeLabel(edge) }));
  const byName = (a: string, b: string) =>
    collator.compare(names.get(a)!.name, names.get(b)!.name) || (a < b ? -1 : Number(a > b));
  return {
    ...{ asked: tree.asked, locale, edges, names, figures, textOf },
    lines: drawnLines({ edges, ids: tree.nodes.map(({ id }) => id), compare: byName }),
    factsOf(id) {
      const { name, archived } = names.get(id)!;
      const said = figures.map(([measure, values]) =>
        factOf(measure, textOf(values.own(id)), textOf(values.total(id))),
      );
      return { name, facts: [...(archived ? ["archived"] : []), ...said.filter((fact) => fact !== "")] };
    },
  };
}

/** "Won 5 (own 1)"; without its own where that is all there is. */
function factOf(measure: string, own: string, total: string): string {
  if (total === "") return "";
  return own === total ? `${measure} ${total}` : `${measure} ${total} (own ${own === "" ? "–" : own})`;
}

/** "60 %", "branch", "joint venture 50 %": what is usual is not said. */
function edgeLabel({ share, kind }: DayEdge): string {
  const named = kind === null || kind === "subsidiary" ? [] : [kind.replaceAll("_", " ")];
  return [...named, ...(share === null || kind === "branch" ? [] : [`${share} %`])].join(" ");
}

async function namesOf(context: HierarchiesContext, { nodes }: DayTree): Promise<ReadonlyMap<string, Named>> {
  const names = new Map<string, Named>();
  for (const part of chunksOf(nodes.map(({ id }) => id))) {
    const select = ["name", "archivedAt"] as const;
    const { items } = await context.accounts.list({
      ...{ where: { id: { in: part } }, archived: "include", limit: part.length, select },
    });
    for (const { id, name, archivedAt } of items) names.set(id, { name, archived: archivedAt !== null });
  }
  return names;
}

function refuseSharedNames(names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice === undefined) return;
  const message = `name the measure "${twice}" twice: each figure has a name of its own`;
  throw invalidInput("drawing", [{ field: "rollUps", code: "not_allowed", message }]);
}

function checked<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const result = schema.safeParse(given);
  if (!result.success) throw invalidInput("drawing", inputIssues(result.error.issues, given));
  return result.data;
}

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}
