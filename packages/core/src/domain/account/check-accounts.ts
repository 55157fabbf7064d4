/** What hooks see to when accounts are written: that domain and phone number are ones, and that their rows follow them. */
import { type FieldChange, rowsFollow } from "../contact-point/mirrored.ts";
import { normalDomain } from "../contact-point/normal-domain.ts";
import { normalPhone } from "../contact-point/normal-phone.ts";
import { clearingIssues, lockFollowed, textIssues } from "../contact-point/owner-fields.ts";
import { phoneOfAccount } from "../contact-point/phone-numbers.ts";
import type { DomainContext } from "../domain-model.ts";
import { type Changed, changes, type Proposed, refuseWrong } from "../hook-batch.ts";
import { domainOfAccount } from "./account-domains.ts";

export async function checkAccounts(context: DomainContext, batch: readonly Proposed<"account">[]): Promise<void> {
  await lockFollowed(context, batch, { entityType: "account", fields: ["domain", "phone"] });
  const domainKept = await clearingIssues(context, batch, {
    field: "domain",
    mirrored: domainOfAccount,
    rows: "domains",
  });
  const phoneKept = await clearingIssues(context, batch, {
    field: "phone",
    mirrored: phoneOfAccount,
    rows: "phone numbers",
  });
  refuseWrong("account", batch, (proposed) => [
    ...(changes(proposed, "domain") ? textIssues("domain", proposed.input.domain, normalDomain) : []),
    ...(changes(proposed, "phone")
      ? textIssues("phone", proposed.input.phone, (number) => normalPhone(context, number))
      : []),
    ...domainKept(proposed),
    ...phoneKept(proposed),
  ]);
}

export async function accountsFollowed(context: DomainContext, batch: readonly Changed<"account">[]): Promise<void> {
  const changesOf = (field: "domain" | "phone") =>
    batch.flatMap(({ before, after }): FieldChange[] =>
      after ? [{ ownerId: after.id, isNew: before === undefined, was: before?.[field] ?? null, is: after[field] }] : [],
    );
  await rowsFollow(context, domainOfAccount, changesOf("domain"));
  await rowsFollow(context, phoneOfAccount, changesOf("phone"));
}
