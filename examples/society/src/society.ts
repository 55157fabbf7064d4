/** The society's CRM: core, memberships, and the levels that one can be a member at. */
import { type CrmOptions, createCrm } from "@relata/core";
import { memberships } from "@relata/memberships";

/** Defining the program again changes nothing, so this is done whenever the application starts. */
export async function openSociety(options: Pick<CrmOptions, "storage" | "clock">) {
  const crm = await createCrm({ ...options, plugins: [memberships()] });
  const { plans } = await crm.memberships.defineProgram({
    key: "society",
    name: "The Society",
    currency: "EUR",
    levels: [
      {
        key: "friend",
        rank: 1,
        autoRenewal: "optional",
        renewalLeadDays: 10,
        reminderDays: [30, 7],
        plans: [{ key: "annual", unit: "year", price: "60.00" }],
      },
      { key: "patron", rank: 2, plans: [{ key: "annual", unit: "year", price: "240.00" }] },
      { key: "life", rank: 3, plans: [{ key: "life", unit: "lifetime", price: "1200.00" }] },
    ],
  });
  return { crm, plans };
}

export type Society = Awaited<ReturnType<typeof openSociety>>;
export type SocietyCrm = Society["crm"];
