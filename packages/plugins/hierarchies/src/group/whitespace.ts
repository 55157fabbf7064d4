/** Whitespace: what which members of a group have bought, and what not. */
import { compareText, count, foldText, inputIssues, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { askedDay, DEFAULT_HIERARCHY, type HierarchyQuery, queryFields } from "../asked-hierarchy.ts";
import type { HierarchiesContext } from "../parts.ts";
import { treeOfDay } from "../read-tree.ts";
import { accountPath, conditionOf, groupKeyOf, pathOf, type ReferencePath } from "../roll-up/reference-path.ts";

export interface WhitespaceQuery extends HierarchyQuery {
  /** Whose records say what was bought: "opportunityProduct" unless given. */
  readonly entity?: string | undefined;
  /** How they refer to accounts, as in a roll-up; of opportunity products, by their opportunity. */
  readonly by?: string | undefined;
  /** Where they name the product: a field, or one of a record that they refer to ("product.name"); of opportunity products, their key, or else their name. */
  readonly product?: string | undefined;
  /** Which of them; of opportunities, and of what belongs to them, those that are won and not archived unless given. */
  readonly where?: object | undefined;
  /** The products to look for; unless given, those that any member has bought. */
  readonly products?: readonly string[] | undefined;
}

export interface WhitespaceProduct {
  /** What the records call it: the value of the field that names it. */
  readonly product: string;
  /** Of opportunity products with a key, the name; else the same. */
  readonly name: string;
  /** The members that have bought it, with how many records say so, from the top down. */
  readonly bought: readonly { readonly accountId: string; readonly count: number }[];
  /** Those that have not. */
  readonly missing: readonly string[];
}

export interface Whitespace {
  /** The account and all below it, from the top down. */
  readonly accountIds: readonly string[];
  /** In the order that was given, or by name. */
  readonly products: readonly WhitespaceProduct[];
}

const whitespaceSchema = z.strictObject({
  ...queryFields,
  entity: z.string().min(1).default("opportunityProduct"),
  by: z.string().min(1).optional(),
  product: z.string().min(1).optional(),
  where: z.record(z.string(), z.unknown()).optional(),
  products: z.array(z.string().min(1)).optional(),
});

const QUERY = "whitespace";

/** @throws `not_found`, `unknown_hierarchy`, `invalid_input`, `invalid_query` */
export async function whitespace(
  context: HierarchiesContext,
  id: string,
  query: WhitespaceQuery = {},
): Promise<Whitespace> {
  const parsed = whitespaceSchema.safeParse(query);
  if (!parsed.success) throw invalidInput(QUERY, inputIssues(parsed.error.issues, query));
  const asked = askWhitespace(context, parsed.data);
  const { nodes } = await treeOfDay(context, await askedDay(context, parsed.data), id);
  const accountIds = nodes.map((node) => node.id);
  const accounts = parsed.data.hierarchy === DEFAULT_HIERARCHY ? { atOrUnder: id } : { in: accountIds };
  const rows = await context.repository(asked.path.entity.name).aggregate({
    where: { and: [conditionOf(asked.path, accounts), asked.where] },
    groupBy: { account: groupKeyOf(asked.path), ...asked.productKeys },
    measures: { count: count() },
  });
  const sold = soldBy(rows.flatMap(asked.saleOf));
  const named = parsed.data.products ?? namesOf(sold);
  return { accountIds, products: named.map((product) => productOf(product, sold.get(keyOf(product)), accountIds)) };
}

interface AskedWhitespace {
  readonly path: ReferencePath;
  readonly where: object;
  readonly productKeys: object;
  readonly saleOf: (row: { readonly [key: string]: unknown }) => readonly Sale[];
}

interface Sale {
  readonly accountId: string;
  readonly product: string;
  readonly name: string;
  readonly count: number;
}

function askWhitespace(
  context: HierarchiesContext,
  { entity: name, by, product, where }: z.output<typeof whitespaceSchema>,
): AskedWhitespace {
  const entities = context.entities();
  const ofProducts = name === "opportunityProduct";
  const path = accountPath(entities, {
    ...{ entity: name, query: QUERY },
    by: by ?? (ofProducts ? "opportunity.accountId" : undefined),
  });
  const filter = where ?? wonOnly(path);
  if (product === undefined && !ofProducts) {
    const message = `must say where ${name} names what was bought, such as "product.name"`;
    throw invalidInput(QUERY, [{ field: "product", code: "missing_field", message }]);
  }
  const keys = product === undefined ? ["productKey", "name"] : [product];
  const paths = keys.map((key) => pathOf(entities, path.entity, { path: key, query: QUERY, field: "product" }));
  return {
    path,
    where: filter,
    productKeys: Object.fromEntries(paths.map((each, i) => [`product${i}`, groupKeyOf(each)])),
    saleOf: ({ account, product0, product1, count: records }) => {
      const named = product0 ?? product1 ?? null;
      if (named === null) return [];
      return [
        {
          accountId: account as string,
          product: String(named),
          name: String(product1 ?? named),
          count: Number(records),
        },
      ];
    },
  };
}

function wonOnly({ entity, relations }: ReferencePath): object {
  if (entity.name === "opportunity") return { status: "won" };
  const at = relations.indexOf("opportunity");
  if (at < 0) return {};
  return relations
    .slice(0, at + 1)
    .reduceRight<object>((inner, relation) => ({ [relation]: inner }), { status: "won", archivedAt: null });
}

interface Sold {
  product: string;
  name: string;
  readonly counts: Map<string, number>;
}

/** Products by what they are called, however it is written; called as the first of all ways of writing it. */
function soldBy(sales: readonly Sale[]): ReadonlyMap<string, Sold> {
  const sold = new Map<string, Sold>();
  for (const { accountId, product, name, count: records } of sales) {
    const known = sold.get(keyOf(product)) ?? { product, name, counts: new Map<string, number>() };
    if (compareText(product, known.product) < 0) known.product = product;
    if (compareText(name, known.name) < 0) known.name = name;
    known.counts.set(accountId, (known.counts.get(accountId) ?? 0) + records);
    sold.set(keyOf(product), known);
  }
  return sold;
}

function keyOf(product: string): string {
  return foldText(product).trim();
}

function namesOf(sold: ReadonlyMap<string, Sold>): readonly string[] {
  const byName = (a: Sold, b: Sold) => compareText(keyOf(a.name), keyOf(b.name)) || compareText(a.product, b.product);
  return [...sold.values()].sort(byName).map(({ product }) => product);
}

function productOf(product: string, sold: Sold | undefined, accountIds: readonly string[]): WhitespaceProduct {
  const counts = sold?.counts ?? new Map<string, number>();
  return {
    product,
    name: sold?.name ?? product,
    bought: accountIds.flatMap((accountId) => {
      const records = counts.get(accountId);
      return records === undefined ? [] : [{ accountId, count: records }];
    }),
    missing: accountIds.filter((accountId) => !counts.has(accountId)),
  };
}
