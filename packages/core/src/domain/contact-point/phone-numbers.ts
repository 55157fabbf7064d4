/** The rules of phone numbers: of one contact or account, compared in one form, one of each owner the primary one. */
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
import { normalPhone } from "./normal-phone.ts";
import { type NormalizedAgain, type NormalizeOptions, normalizePhonesAgain } from "./normalize-phones.ts";
import { accountField, contactField, textIssues } from "./owner-fields.ts";
import { keptPrimary, type PrimaryRule, proposePrimary, settlePrimary } from "./primary.ts";

const FIELDS = [...POINT_FIELDS, "number", "normalized"] as const;
type PhoneRow = Pick<RecordOf<DomainModel, "phoneNumber">, (typeof FIELDS)[number] | "id">;

const ofEither: Pick<MirroredField<PhoneRow>, "valueOf" | "find" | "adopt" | "clear"> = {
  valueOf: ({ number }) => number,
  find: (rows, value, context) => {
    const { normalized } = normalPhone(context, value);
    return preferred(rows.filter((row) => row.normalized === normalized));
  },
  adopt: (context, rows) =>
    context.phoneNumbers.updateMany(rows.map(({ id, value }) => ({ id, number: value, isPrimary: true }))),
  clear: (context, rows) => context.phoneNumbers.deleteMany(rows.map(({ id }) => id)),
};

export const phoneOfContact: MirroredField<PhoneRow> = {
  ...ofEither,
  ...contactField("phone"),
  ownerOf: ({ contactId }) => contactId,
  rowsOf: (context, contactIds) =>
    allIn(chunksOf(contactIds), (part) =>
      context.phoneNumbers.iterate({ where: { contactId: { in: part } }, orderBy: byAge, select: FIELDS }),
    ),
  add: (context, rows) =>
    context.phoneNumbers.createMany(
      rows.map(({ ownerId, value }) => ({ contactId: ownerId, number: value, isPrimary: true })),
    ),
};

export const phoneOfAccount: MirroredField<PhoneRow> = {
  ...ofEither,
  ...accountField("phone"),
  ownerOf: ({ accountId }) => accountId,
  rowsOf: (context, accountIds) =>
    allIn(chunksOf(accountIds), (part) =>
      context.phoneNumbers.iterate({ where: { accountId: { in: part } }, orderBy: byAge, select: FIELDS }),
    ),
  add: (context, rows) =>
    context.phoneNumbers.createMany(
      rows.map(({ ownerId, value }) => ({ accountId: ownerId, number: value, isPrimary: true })),
    ),
};

const rule: PrimaryRule<PhoneRow> = {
  always: true,
  groupOf: ownerOf,
  ownerOf,
  besides: (context, rows) =>
    allIn(ofOwners(rows), (where) => context.phoneNumbers.iterate({ where, archived: "include", select: FIELDS })),
  setPrimary: (context, rows) => context.phoneNumbers.updateMany(rows),
  said: async (context, rows) =>
    new Set([...(await rowsSaid(context, phoneOfContact, rows)), ...(await rowsSaid(context, phoneOfAccount, rows))]),
  settled: async (context, groups) => {
    await fieldFollows(context, phoneOfContact, groups);
    await fieldFollows(context, phoneOfAccount, groups);
  },
};

export async function checkPhoneNumbers(
  context: DomainContext,
  batch: readonly Proposed<"phoneNumber">[],
): Promise<readonly RowPatch[]> {
  const normal = (number: string) => normalPhone(context, number);
  const kept = await keptPrimary(context, rule, batch);
  refuseWrong("phoneNumber", batch, (proposed) => [
    ...ownerIssues(draftOf(proposed)),
    ...(changes(proposed, "number") ? textIssues("number", proposed.input.number, normal) : []),
    ...kept(proposed),
  ]);
  const primary = await proposePrimary(context, rule, batch);
  return batch.map((proposed, i) => ({
    ...(changes(proposed, "number") ? { normalized: normal(proposed.input.number!).normalized! } : {}),
    ...(primary[i] === undefined ? {} : { isPrimary: primary[i] }),
  }));
}

export function settlePhoneNumbers(context: DomainContext, batch: readonly Changed<"phoneNumber">[]): Promise<void> {
  return settlePrimary(context, rule, batch);
}

export interface PhoneNumberOperations {
  /**
   * Has all numbers compared by the normaliser that is installed now: for a plugin of phone numbers that is new, or knows more. Each
   * thousand is a unit of its own, and tells of itself; what was interrupted is done by another run. Inside of a unit it is whole.
   */
  normalizeAgain(options?: NormalizeOptions): Promise<NormalizedAgain>;
}

export function phoneNumberOperations(context: DomainContext): PhoneNumberOperations {
  return { normalizeAgain: (options) => normalizePhonesAgain(context, options) };
}
