/** What hooks see to when contacts are written: fields that must mean something, and those that follow from others. */
import type { InputIssue } from "../../errors.ts";
import { emailOfContact } from "../contact-point/email-addresses.ts";
import { type FieldChange, rowsFollow } from "../contact-point/mirrored.ts";
import { normalEmail } from "../contact-point/normal-email.ts";
import { normalPhone } from "../contact-point/normal-phone.ts";
import { clearingIssues, lockFollowed, textIssues } from "../contact-point/owner-fields.ts";
import { phoneOfContact } from "../contact-point/phone-numbers.ts";
import type { DomainContext } from "../domain-model.ts";
import { type Changed, changes, type Draft, draftOf, type Proposed, refuseWrong } from "../hook-batch.ts";
import { employerOfContact } from "./affiliation-rules.ts";
import { fullNameOf } from "./names.ts";
import { certainlyBefore, isPartialDate, monthDay } from "./partial-date.ts";

export interface Derived {
  readonly fullName?: string | null;
  readonly birthday?: string | null;
  readonly preferredLanguage?: string;
}

export async function checkContacts(
  context: DomainContext,
  batch: readonly Proposed<"contact">[],
): Promise<readonly Derived[]> {
  await lockFollowed(context, batch, { entityType: "contact", fields: ["email", "phone", "accountId"] });
  const emailKept = await clearingIssues(context, batch, {
    field: "email",
    mirrored: emailOfContact,
    rows: "e-mail addresses",
  });
  const phoneKept = await clearingIssues(context, batch, {
    field: "phone",
    mirrored: phoneOfContact,
    rows: "phone numbers",
  });
  refuseWrong("contact", batch, (proposed) => [
    ...(changes(proposed, "email") ? textIssues("email", proposed.input.email, normalEmail) : []),
    ...(changes(proposed, "phone")
      ? textIssues("phone", proposed.input.phone, (number) => normalPhone(context, number))
      : []),
    ...emailKept(proposed),
    ...phoneKept(proposed),
    ...languageIssues(proposed.input.preferredLanguage),
    ...dateIssues(proposed),
  ]);
  return batch.map(derivedOf);
}

/** The rows that an e-mail address, a phone number and an employer have besides follow them. */
export async function contactsFollowed(context: DomainContext, batch: readonly Changed<"contact">[]): Promise<void> {
  const changesOf = (field: "email" | "phone" | "accountId") =>
    batch.flatMap(({ before, after }): FieldChange[] =>
      after ? [{ ownerId: after.id, isNew: before === undefined, was: before?.[field] ?? null, is: after[field] }] : [],
    );
  await rowsFollow(context, emailOfContact, changesOf("email"));
  await rowsFollow(context, phoneOfContact, changesOf("phone"));
  await rowsFollow(context, employerOfContact, changesOf("accountId"));
}

const NAME_FIELDS = [
  "givenName",
  "middleName",
  "familyName",
  "secondFamilyName",
  "honorific",
  "suffix",
  "nameOrder",
  "preferredLanguage",
] as const;

function derivedOf(proposed: Proposed<"contact">): Derived {
  const { birthDate, preferredLanguage } = proposed.input;
  return {
    ...(NAME_FIELDS.some((field) => changes(proposed, field))
      ? { fullName: fullNameOf(draftOf(proposed)) ?? null }
      : {}),
    ...(changes(proposed, "birthDate") ? { birthday: birthDate ? monthDay(birthDate) : null } : {}),
    ...(preferredLanguage ? { preferredLanguage: canonicalLanguage(preferredLanguage)! } : {}),
  };
}

/** Undefined for what is no language tag (RFC 5646). */
function canonicalLanguage(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

function languageIssues(tag: string | null | undefined): readonly InputIssue[] {
  if (tag === null || tag === undefined || canonicalLanguage(tag) !== undefined) return [];
  return [{ field: "preferredLanguage", code: "invalid_value", message: 'is not a language tag, such as "pt-BR"' }];
}

function dateIssues(proposed: Proposed<"contact">): readonly InputIssue[] {
  const { birthDate, deathDate }: Draft<"contact"> = draftOf(proposed);
  const wrong = (["birthDate", "deathDate"] as const).filter((field) => {
    const value = proposed.input[field];
    return value !== null && value !== undefined && !isPartialDate(value);
  });
  if (wrong.length > 0) {
    const message = "is not a year, month or day that exists, as YYYY, YYYY-MM or YYYY-MM-DD";
    return wrong.map((field) => ({ field, code: "invalid_value", message }));
  }
  if (!birthDate || !deathDate || !certainlyBefore(deathDate, birthDate)) return [];
  return [{ field: "deathDate", code: "out_of_range", message: `is before the date of birth, ${birthDate}` }];
}
