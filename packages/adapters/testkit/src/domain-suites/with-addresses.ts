/** Contacts with addresses, and what the suites ask of them again and again. */
import type { CrmBench } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

/** "ann@x.test* bea@x.test": the addresses of a contact, the earliest first, the primary one with a star. */
export async function emails(crm: DomainCrm, contactId: string): Promise<string> {
  const where = { contactId };
  const page = await crm.emailAddresses.list({
    where,
    orderBy: [{ createdAt: "asc" }],
    archived: "include",
    limit: 1_000,
  });
  return page.items.map(({ address, isPrimary }) => `${address}${isPrimary ? "*" : ""}`).join(" ");
}

export async function email(crm: DomainCrm, contactId: string): Promise<string | null> {
  return (await crm.contacts.get(contactId)).email;
}

/** A contact with three addresses, the first of them the primary one. */
export async function withThree(bench: CrmBench) {
  const crm = await openDomain(bench);
  const ann = await crm.contacts.create({ givenName: "Ann", email: "one@x.test" });
  const [one] = (await crm.emailAddresses.list({ where: { contactId: ann.id } })).items;
  const [two, three] = await crm.emailAddresses.createMany([
    { contactId: ann.id, address: "two@x.test" },
    { contactId: ann.id, address: "three@x.test" },
  ]);
  return { crm, ann, one: one!, two: two!, three: three! };
}

/** "email not_allowed, phone not_allowed": what is wrong, by field. */
export const wrongFields = (details: {
  readonly issues?: readonly { readonly field: string; readonly code: string }[];
}) => details.issues?.map((issue) => `${issue.field} ${issue.code}`).join(", ");
