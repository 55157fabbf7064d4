/** The rules of an account's domains: compared in one form, one of them the primary one. */
import type { RecordOf } from "../../kernel/entity/model.ts";
import { allIn, byAge, chunksOf, preferred, type RowPatch } from "../contact-point/contact-points.ts";
import { fieldFollows, type MirroredField, rowsSaid } from "../contact-point/mirrored.ts";
import { normalDomain } from "../contact-point/normal-domain.ts";
import { accountField, textIssues } from "../contact-point/owner-fields.ts";
import { keptPrimary, type PrimaryRule, proposePrimary, settlePrimary } from "../contact-point/primary.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { type Changed, changes, type Proposed, refuseWrong } from "../hook-batch.ts";

type AccountDomainRecord = RecordOf<DomainModel, "accountDomain">;

export const domainOfAccount: MirroredField<AccountDomainRecord> = {
  ...accountField("domain"),
  ownerOf: ({ accountId }) => accountId,
  valueOf: ({ domain }) => domain,
  rowsOf: (context, accountIds) =>
    allIn(chunksOf(accountIds), (part) =>
      context.accountDomains.iterate({ where: { accountId: { in: part } }, orderBy: byAge }),
    ),
  find: (rows, value) => {
    const { normalized } = normalDomain(value);
    return preferred(rows.filter((row) => row.normalized === normalized));
  },
  adopt: (context, rows) =>
    context.accountDomains.updateMany(rows.map(({ id, value }) => ({ id, domain: value, isPrimary: true }))),
  add: (context, rows) =>
    context.accountDomains.createMany(
      rows.map(({ ownerId, value }) => ({ accountId: ownerId, domain: value, isPrimary: true })),
    ),
  clear: (context, rows) => context.accountDomains.deleteMany(rows.map(({ id }) => id)),
};

const rule: PrimaryRule<AccountDomainRecord> = {
  always: true,
  groupOf: ({ accountId }) => accountId!,
  ownerOf: ({ accountId }) => `account:${accountId}`,
  besides: (context, rows) =>
    allIn(chunksOf(rows.map(({ accountId }) => accountId!)), (part) =>
      context.accountDomains.iterate({ where: { accountId: { in: part } }, archived: "include" }),
    ),
  setPrimary: (context, rows) => context.accountDomains.updateMany(rows),
  said: (context, rows) => rowsSaid(context, domainOfAccount, rows),
  settled: (context, groups) => fieldFollows(context, domainOfAccount, groups),
};

export async function checkAccountDomains(
  context: DomainContext,
  batch: readonly Proposed<"accountDomain">[],
): Promise<readonly RowPatch[]> {
  const kept = await keptPrimary(context, rule, batch);
  refuseWrong("accountDomain", batch, (proposed) => [
    ...(changes(proposed, "domain") ? textIssues("domain", proposed.input.domain, normalDomain) : []),
    ...kept(proposed),
  ]);
  const primary = await proposePrimary(context, rule, batch);
  return batch.map((proposed, i) => ({
    ...(changes(proposed, "domain") ? { normalized: normalDomain(proposed.input.domain!).normalized! } : {}),
    ...(primary[i] === undefined ? {} : { isPrimary: primary[i] }),
  }));
}

export function settleAccountDomains(
  context: DomainContext,
  batch: readonly Changed<"accountDomain">[],
): Promise<void> {
  return settlePrimary(context, rule, batch);
}
