/** The contacts of a group: of an account and of all below it. */
import { inputIssues, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { askedDay, DEFAULT_HIERARCHY, type HierarchyQuery, queryFields } from "../asked-hierarchy.ts";
import type { HierarchiesContext } from "../parts.ts";
import { treeOfDay } from "../read-tree.ts";
import { validOn } from "../valid-on.ts";

type ContactRecord = Awaited<ReturnType<HierarchiesContext["contacts"]["get"]>>;
type AffiliationRecord = Awaited<ReturnType<HierarchiesContext["affiliations"]["get"]>>;

export interface GroupContactsQuery extends HierarchyQuery {
  /** Only by affiliations of this kind. */
  readonly kind?: "employer" | "household" | "other" | undefined;
  /** 1 to 1,000; 50 unless said. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

/** A contact, and where in the group it belongs. */
export interface GroupContact {
  readonly contact: ContactRecord;
  /** Its affiliations with members of the group on the day, by account. */
  readonly affiliations: readonly AffiliationRecord[];
}

export interface GroupContactsPage {
  readonly items: readonly GroupContact[];
  readonly next: string | undefined;
}

const contactsSchema = z.strictObject({
  ...queryFields,
  kind: z.enum(["employer", "household", "other"]).optional(),
  limit: z.int().min(1).max(1_000).optional(),
  after: z.string().optional(),
});

/**
 * Those that have an affiliation with a member on the day, each once, by id. The day is that of the edges and of the affiliations; the
 * default hierarchy has none for its edges.
 *
 * @throws `not_found`, `unknown_hierarchy`, `invalid_input`, `invalid_cursor`
 */
export async function groupContacts(
  context: HierarchiesContext,
  id: string,
  query: GroupContactsQuery = {},
): Promise<GroupContactsPage> {
  const parsed = contactsSchema.safeParse(query);
  if (!parsed.success) throw invalidInput("groupContacts", inputIssues(parsed.error.issues, query));
  const { hierarchy, on = await context.settings.today(), kind, limit, after } = parsed.data;
  const affiliation = {
    ...validOn(on),
    archivedAt: null,
    ...(kind === undefined ? {} : { kind }),
    accountId: await membersOf(context, { id, hierarchy, on }),
  };
  const page = await context.contacts.list({
    where: { affiliations: { some: affiliation } },
    include: { affiliations: { where: affiliation, orderBy: [{ accountId: "asc" }, { id: "asc" }] } },
    after,
    ...(limit === undefined ? {} : { limit }),
  });
  const items = page.items.map(({ affiliations, ...contact }) => ({ contact, affiliations }));
  return { items, next: page.next };
}

/** The condition on a reference to an account of the group. */
async function membersOf(
  context: HierarchiesContext,
  { id, hierarchy, on }: { readonly id: string; readonly hierarchy: string; readonly on: string },
): Promise<{ readonly atOrUnder: string } | { readonly in: readonly string[] }> {
  if (hierarchy === DEFAULT_HIERARCHY) {
    await context.accounts.get(id, { select: ["id"] });
    return { atOrUnder: id };
  }
  const { nodes } = await treeOfDay(context, await askedDay(context, { hierarchy, on }), id);
  return { in: nodes.map((node) => node.id) };
}
