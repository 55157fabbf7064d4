/** Which hierarchy is asked, on which day. */
import { inputIssues, invalidInput, isDate } from "@relata/core/plugin";
import * as z from "zod";
import type { HierarchiesContext, HierarchyRecord } from "./parts.ts";

/** What every question takes. What the CRM knew at an instant, `crm.asOf(instant).hierarchies` answers. */
export interface HierarchyQuery {
  /** The key of the hierarchy; "default" unless given: the tree of `account.parentId`, which has no days. */
  readonly hierarchy?: string | undefined;
  /** The day, "YYYY-MM-DD", both ends of an edge included; unless given, today in the tenant's time zone. */
  readonly on?: string | undefined;
}

export const DEFAULT_HIERARCHY = "default";

/** A hierarchy that is there. The default one is a tree without a record. */
export interface AskedHierarchy {
  readonly key: string;
  readonly id: string | undefined;
  readonly shape: HierarchyRecord["shape"];
}

/** The same, on a day; the default one has none. */
export interface AskedDay extends AskedHierarchy {
  readonly on: string | undefined;
}

export const daySchema = z.string().refine(isDate, { message: "is not a day that exists, as YYYY-MM-DD" });
export const hierarchySchema = z.string().min(1).default(DEFAULT_HIERARCHY);
export const accountSchema = z.string().min(1);

/** For `z.strictObject`: what every question may have. */
export const queryFields = { hierarchy: hierarchySchema, on: daySchema.optional() };

/** @throws `invalid_input`, naming each wrong field by its entity. */
export function parsed<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const result = schema.safeParse(given);
  if (!result.success) throw invalidInput("accountHierarchy", inputIssues(result.error.issues, given));
  return result.data;
}

/** @throws `invalid_input` for a day of the default hierarchy; `unknown_hierarchy` */
export async function askedDay(
  context: HierarchiesContext,
  { hierarchy, on }: { readonly hierarchy: string; readonly on?: string | undefined },
): Promise<AskedDay> {
  const asked = await askedHierarchy(context, hierarchy);
  if (asked.id !== undefined) return { ...asked, on: on ?? (await context.settings.today()) };
  if (on !== undefined) throw undated("on");
  return { ...asked, on: undefined };
}

/** @throws `unknown_hierarchy` */
export async function askedHierarchy(context: HierarchiesContext, key: string): Promise<AskedHierarchy> {
  if (key === DEFAULT_HIERARCHY) return { key, id: undefined, shape: "tree" };
  const found = await context.accountHierarchies.find({ where: { key }, archived: "include" });
  if (found) return found;
  const { items } = await context.accountHierarchies.list({ orderBy: [{ key: "asc" }], limit: 20 });
  const known = [DEFAULT_HIERARCHY, ...items.map((each) => each.key)].join(", ");
  throw context.error("unknown_hierarchy", { entity: "accountHierarchy", field: "hierarchy", hierarchy: key, known });
}

/** The error for a day that is given where there are none. */
export function undated(field: string): Error {
  const message = "is a day, and the default hierarchy has none: leave it out, or name a hierarchy with dated edges";
  return invalidInput("accountHierarchy", [{ field, code: "not_allowed", message }]);
}

/** @throws `tree_required`, where there may be more than one answer. */
export function requireTree(context: HierarchiesContext, { key, shape }: AskedHierarchy, asked: string): void {
  if (shape === "tree") return;
  throw context.error("tree_required", { entity: "accountHierarchy", field: "hierarchy", hierarchy: key, asked });
}
