/** The rules of postal addresses: of one contact or account, one of each owner the primary one. */
import type { InputIssue } from "../../errors.ts";
import type { DomainContext } from "../domain-model.ts";
import { type Changed, changes, draftOf, type Proposed, refuseWrong } from "../hook-batch.ts";
import { allIn, type ContactPoint, ofOwners, ownerIssues, ownerOf, POINT_FIELDS } from "./contact-points.ts";
import { keptPrimary, type PrimaryRule, proposePrimary, settlePrimary } from "./primary.ts";

const rule: PrimaryRule<ContactPoint> = {
  always: true,
  groupOf: ownerOf,
  ownerOf,
  besides: (context, rows) =>
    allIn(ofOwners(rows), (where) =>
      context.postalAddresses.iterate({ where, archived: "include", select: POINT_FIELDS }),
    ),
  setPrimary: (context, rows) => context.postalAddresses.updateMany(rows),
  settled: async () => {},
};

export async function checkPostalAddresses(
  context: DomainContext,
  batch: readonly Proposed<"postalAddress">[],
): Promise<readonly { readonly country?: string; readonly isPrimary?: boolean }[]> {
  const kept = await keptPrimary(context, rule, batch);
  refuseWrong("postalAddress", batch, (proposed) => [
    ...ownerIssues(draftOf(proposed)),
    ...countryIssues(proposed.input.country),
    ...kept(proposed),
  ]);
  const primary = await proposePrimary(context, rule, batch);
  return batch.map((proposed, i) => ({
    ...(changes(proposed, "country") && proposed.input.country
      ? { country: proposed.input.country.toUpperCase() }
      : {}),
    ...(primary[i] === undefined ? {} : { isPrimary: primary[i] }),
  }));
}

export function settlePostalAddresses(
  context: DomainContext,
  batch: readonly Changed<"postalAddress">[],
): Promise<void> {
  return settlePrimary(context, rule, batch);
}

function countryIssues(country: string | null | undefined): readonly InputIssue[] {
  if (country === null || country === undefined || /^[a-zA-Z]{2}$/.test(country)) return [];
  return [{ field: "country", code: "invalid_value", message: 'is not a code of two letters, such as "DE"' }];
}
