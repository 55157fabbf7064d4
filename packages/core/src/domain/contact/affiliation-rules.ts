/**
 * The rules of affiliations: at most one of each kind is a contact's primary one, and the account of the primary employer is the
 * contact's `accountId`. One that has ended stays the primary one until it is written otherwise: today is no stored fact.
 */
import type { InputIssue } from "../../errors.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import type { Where } from "../../kernel/repository/where.ts";
import { dayOf } from "../../kernel/value/calendar.ts";
import { allIn, byAge, chunksOf } from "../contact-point/contact-points.ts";
import { fieldFollows, type MirroredField, rowsSaid } from "../contact-point/mirrored.ts";
import { contactField } from "../contact-point/owner-fields.ts";
import { type PrimaryRule, proposePrimary, settlePrimary } from "../contact-point/primary.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { type Changed, draftOf, type Proposed, refuseWrong } from "../hook-batch.ts";

type AffiliationRecord = RecordOf<DomainModel, "affiliation">;

/** Both ends are part of the interval, and one that is null is open. */
export function validOn(day: string): Where<DomainModel, "affiliation"> {
  return {
    and: [
      { or: [{ validFrom: null }, { validFrom: { lte: day } }] },
      { or: [{ validUntil: null }, { validUntil: { gte: day } }] },
    ],
  };
}

export const employerOfContact: MirroredField<AffiliationRecord> = {
  ...contactField("accountId"),
  ownerOf: ({ contactId, kind }) => (kind === "employer" ? contactId : null),
  valueOf: ({ accountId }) => accountId,
  rowsOf: (context, contactIds) =>
    allIn(chunksOf(contactIds), (part) =>
      context.affiliations.iterate({ where: { contactId: { in: part }, kind: "employer" }, orderBy: byAge }),
    ),
  /** The latest one that is valid on the day of the write (UTC): whoever comes back begins a new one. */
  find: (rows, accountId, context) => {
    const today = dayOf(context.now());
    return rows.findLast((row) => row.accountId === accountId && isValidOn(row, today));
  },
  adopt: (context, rows) => context.affiliations.updateMany(rows.map(({ id }) => ({ id, isPrimary: true }))),
  add: (context, rows) =>
    context.affiliations.createMany(
      rows.map(({ ownerId, value }) => ({
        contactId: ownerId,
        accountId: value,
        kind: "employer" as const,
        isPrimary: true,
      })),
    ),
  clear: (context, rows) => context.affiliations.updateMany(rows.map(({ id }) => ({ id, isPrimary: false }))),
};

const rule: PrimaryRule<AffiliationRecord> = {
  always: false,
  groupOf: ({ contactId, kind }) => `${contactId} ${kind}`,
  ownerOf: ({ contactId }) => `contact:${contactId}`,
  besides: (context, rows) =>
    allIn(chunksOf(rows.map(({ contactId }) => contactId!)), (part) =>
      context.affiliations.iterate({ where: { contactId: { in: part } }, archived: "include" }),
    ),
  setPrimary: (context, rows) => context.affiliations.updateMany(rows),
  said: (context, rows) => rowsSaid(context, employerOfContact, rows),
  settled: (context, groups) => fieldFollows(context, employerOfContact, groups),
};

export async function checkAffiliations(
  context: DomainContext,
  batch: readonly Proposed<"affiliation">[],
): Promise<readonly ({ readonly isPrimary: boolean } | undefined)[]> {
  refuseWrong("affiliation", batch, (proposed) => intervalIssues(draftOf(proposed)));
  const primary = await proposePrimary(context, rule, batch);
  return primary.map((isPrimary) => (isPrimary === undefined ? undefined : { isPrimary }));
}

export function settleAffiliations(context: DomainContext, batch: readonly Changed<"affiliation">[]): Promise<void> {
  return settlePrimary(context, rule, batch);
}

function isValidOn({ validFrom, validUntil }: AffiliationRecord, day: string): boolean {
  return (validFrom === null || validFrom <= day) && (validUntil === null || validUntil >= day);
}

function intervalIssues({ validFrom, validUntil }: Partial<AffiliationRecord>): readonly InputIssue[] {
  if (!validFrom || !validUntil || validFrom <= validUntil) return [];
  return [{ field: "validUntil", code: "out_of_range", message: `is before the first day, ${validFrom}` }];
}
