/** Brings the register in: parties first, then what relates them. Again, it changes nothing. */
import { upsertByExternalId } from "@relata/core";
import type { ImportReport } from "@relata/relationships";
import type { Office } from "./crm.ts";
import { organisations, people, register } from "./register.ts";

const source = "register";

/** Titles that are offices of their own, and what else roles mean. */
const rules = [
  { role: /^minister$|^head of |^spokes/i, type: "office_holder", office: { isSingleHolder: true } },
  { role: /director$/i, type: "board_member", roleAttribute: "position" },
] as const;

export async function takeIn(crm: Office): Promise<ImportReport> {
  await upsertByExternalId(
    crm,
    { source, entityType: "contact", into: (tx: Office) => tx.contacts },
    people.map((name) => {
      const [givenName, familyName] = name.split(" ");
      return { key: name, input: { givenName: givenName!, familyName: familyName! } };
    }),
  );
  await upsertByExternalId(
    crm,
    { source, entityType: "account", into: (tx: Office) => tx.accounts },
    organisations.map((name) => ({ key: name, input: { name } })),
  );
  return crm.relationships.importRelationships(
    { csv: register },
    {
      columns: { key: "nr", from: "person", to: "organisation", role: "post", validFrom: "from", validUntil: "to" },
      from: { entity: "contact", by: { source } },
      to: { entity: "account", by: { source } },
      ...{ rules, source, endsAreExclusive: true },
    },
  );
}

/** A party of the register by its name. @throws `not_found` */
export async function partyOf(crm: Office, entityType: "contact" | "account", name: string) {
  const found = await crm.externalIds.find({ where: { source, entityType, key: name } });
  return { entityType, id: found?.recordId ?? name };
}
