/** Who belongs where on a day: questions about affiliations. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { Page } from "../../kernel/repository/repository.ts";
import type { Where } from "../../kernel/repository/where.ts";
import { isDate } from "../../kernel/value/calendar.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { today } from "../settings/tenant-settings.ts";
import { validOn } from "./affiliation-rules.ts";
import type { AccountRecord, ContactRecord } from "./find-parties.ts";

export interface AffiliatedQuery {
  /** The day, "YYYY-MM-DD"; today for the organisation, unless given. */
  readonly on?: string;
  /** Only by affiliations of this kind. */
  readonly kind?: "employer" | "household" | "other";
  /** 1 to 1,000; 50 unless said. */
  readonly limit?: number;
  readonly after?: string | undefined;
}

/** The contacts that have an affiliation with the account on the day, each once, by id. */
export async function contactsOfAccount(
  context: DomainContext,
  accountId: string,
  query: AffiliatedQuery = {},
): Promise<Page<ContactRecord>> {
  const { affiliation, page } = await asked(context, query);
  return context.contacts.list({ where: { affiliations: { some: { ...affiliation, accountId } } }, ...page });
}

/** The accounts that the contact has an affiliation with on the day, each once, by id. */
export async function accountsOfContact(
  context: DomainContext,
  contactId: string,
  query: AffiliatedQuery = {},
): Promise<Page<AccountRecord>> {
  const { affiliation, page } = await asked(context, query);
  return context.accounts.list({ where: { affiliations: { some: { ...affiliation, contactId } } }, ...page });
}

const querySchema = z.strictObject({
  on: z.string().refine(isDate, { message: "is not a day that exists, as YYYY-MM-DD" }).optional(),
  kind: z.enum(["employer", "household", "other"]).optional(),
  limit: z.number().optional(),
  after: z.string().optional(),
});

async function asked(context: DomainContext, query: AffiliatedQuery) {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) throw invalidInput("affiliation", inputIssues(parsed.error.issues, query));
  const { on = await today(context), kind, limit, after } = parsed.data;
  const affiliation: Where<DomainModel, "affiliation"> = {
    ...validOn(on),
    archivedAt: null,
    ...(kind === undefined ? {} : { kind }),
  };
  return { affiliation, page: { after, ...(limit === undefined ? {} : { limit }) } };
}
