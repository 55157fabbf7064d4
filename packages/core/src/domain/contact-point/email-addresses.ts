/** The rules of e-mail addresses: of one contact or account, compared in one form, one of each owner the primary one. */
import type { RecordOf } from "../../kernel/entity/model.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { type Changed, changes, draftOf, type Proposed, refuseWrong } from "../hook-batch.ts";
import {
  allIn,
  byAge,
  chunksOf,
  ofOwners,
  ownerIssues,
  ownerOf,
  POINT_FIELDS,
  preferred,
  type RowPatch,
} from "./contact-points.ts";
import { fieldFollows, type MirroredField, rowsSaid } from "./mirrored.ts";
import { normalEmail } from "./normal-email.ts";
import { contactField, textIssues } from "./owner-fields.ts";
import { keptPrimary, type PrimaryRule, proposePrimary, settlePrimary } from "./primary.ts";

const FIELDS = [...POINT_FIELDS, "address", "normalized"] as const;
type EmailRow = Pick<RecordOf<DomainModel, "emailAddress">, (typeof FIELDS)[number] | "id">;

export const emailOfContact: MirroredField<EmailRow> = {
  ...contactField("email"),
  ownerOf: ({ contactId }) => contactId,
  valueOf: ({ address }) => address,
  rowsOf: (context, contactIds) =>
    allIn(chunksOf(contactIds), (part) =>
      context.emailAddresses.iterate({ where: { contactId: { in: part } }, orderBy: byAge, select: FIELDS }),
    ),
  find: (rows, value) => {
    const { normalized } = normalEmail(value);
    return preferred(rows.filter((row) => row.normalized === normalized));
  },
  adopt: (context, rows) =>
    context.emailAddresses.updateMany(rows.map(({ id, value }) => ({ id, address: value, isPrimary: true }))),
  add: (context, rows) =>
    context.emailAddresses.createMany(
      rows.map(({ ownerId, value }) => ({ contactId: ownerId, address: value, isPrimary: true })),
    ),
  clear: (context, rows) => context.emailAddresses.deleteMany(rows.map(({ id }) => id)),
};

const rule: PrimaryRule<EmailRow> = {
  always: true,
  groupOf: ownerOf,
  ownerOf,
  besides: (context, rows) =>
    allIn(ofOwners(rows), (where) => context.emailAddresses.iterate({ where, archived: "include", select: FIELDS })),
  setPrimary: (context, rows) => context.emailAddresses.updateMany(rows),
  said: (context, rows) => rowsSaid(context, emailOfContact, rows),
  settled: (context, groups) => fieldFollows(context, emailOfContact, groups),
};

export async function checkEmailAddresses(
  context: DomainContext,
  batch: readonly Proposed<"emailAddress">[],
): Promise<readonly RowPatch[]> {
  const kept = await keptPrimary(context, rule, batch);
  refuseWrong("emailAddress", batch, (proposed) => [
    ...ownerIssues(draftOf(proposed)),
    ...(changes(proposed, "address") ? textIssues("address", proposed.input.address, normalEmail) : []),
    ...kept(proposed),
  ]);
  const primary = await proposePrimary(context, rule, batch);
  return batch.map((proposed, i) => ({
    ...(changes(proposed, "address") ? { normalized: normalEmail(proposed.input.address!).normalized! } : {}),
    ...(primary[i] === undefined ? {} : { isPrimary: primary[i] }),
  }));
}

export function settleEmailAddresses(context: DomainContext, batch: readonly Changed<"emailAddress">[]): Promise<void> {
  return settlePrimary(context, rule, batch);
}
