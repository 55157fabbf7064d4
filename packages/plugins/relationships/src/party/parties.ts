/** Accounts of a kind. */
import * as z from "zod";
import { keySchema, parsed } from "../asked.ts";
import type { AccountRecord, PartyProfileRecord, RelationshipsContext } from "../parts.ts";
import { type AttributeFilter, attributeConditions } from "./attribute-filter.ts";
import { kindsByKey } from "./define-party-kinds.ts";

type AccountQuery = NonNullable<Parameters<RelationshipsContext["accounts"]["cursorAfter"]>[1]>;

export interface PartiesQuery {
  /** The key of the kind. */
  readonly kind: string;
  /** Conditions on the accounts. */
  readonly where?: AccountQuery["where"];
  /** Conditions on the attributes of the kind: `{ status: "approved", payment_days: { lte: 30 } }`. */
  readonly attributes?: AttributeFilter | undefined;
  /** By name unless given. */
  readonly orderBy?: AccountQuery["orderBy"];
  /** 1 to 1,000; 50 unless said. */
  readonly limit?: number | undefined;
  /** The `next` of the page before, of the same query. */
  readonly after?: string | undefined;
}

export interface Party {
  readonly account: AccountRecord;
  readonly profile: PartyProfileRecord;
}

export interface PartyPage {
  readonly items: readonly Party[];
  readonly next: string | undefined;
}

const querySchema = z.strictObject({
  kind: keySchema,
  where: z.unknown().optional(),
  attributes: z.record(z.string(), z.unknown()).optional(),
  orderBy: z.unknown().optional(),
  limit: z.int().optional(),
  after: z.string().optional(),
});

/** Three queries a page. @throws `unknown_party_kind`, `invalid_input`, `invalid_query`, `invalid_cursor` */
export async function partiesOf(context: RelationshipsContext, query: PartiesQuery): Promise<PartyPage> {
  parsed("partyProfile", querySchema, query);
  const { where = {}, orderBy = [{ name: "asc" }], limit = 50, after } = query;
  const [kind] = await kindsByKey(context, [query.kind]);
  const conditions = attributeConditions(kind!, query.attributes ?? {});
  const isOfKind = { partyProfiles: { some: { and: [{ kindId: kind!.id, archivedAt: null }, ...conditions] } } };
  const page = await context.accounts.list({ where: { and: [isOfKind, where] }, orderBy, limit, after });
  const ids = page.items.map(({ id }) => id);
  const own = { where: { kindId: kind!.id, accountId: { in: ids } } };
  const profiles = new Map(
    (await Array.fromAsync(context.partyProfiles.iterate(own))).map((each) => [each.accountId, each]),
  );
  return {
    items: page.items.map((account) => ({ account, profile: profiles.get(account.id)! })),
    next: page.next,
  };
}
