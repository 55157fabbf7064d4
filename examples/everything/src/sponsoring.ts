/** A plugin of the application's own, on top of two others: who sponsors what, as a relationship and with a membership. */
import { definePlugin } from "@relata/core/plugin";
import { memberships } from "@relata/memberships";
import { relationships } from "@relata/relationships";

interface SponsorInput {
  readonly accountId: string;
  readonly contactId: string;
  readonly opportunityId: string;
  readonly planId: string;
}

const define = () =>
  definePlugin({
    id: "sponsoring",
    requires: [memberships(), relationships()],
    errors: { sponsor_refused: "Account {id} is not accepted as a sponsor: {reason}." },
    services: (context) => ({
      /** The deal is won, the account a member, its contact employed there: all of it or nothing. */
      sponsor: ({ accountId, contactId, opportunityId, planId }: SponsorInput) =>
        context.transaction(async (tx) => {
          await tx.opportunities.moveTo(opportunityId, "won");
          const { membership } = await tx.memberships.join({ accountId, planId, complimentary: true });
          await tx.relationships.relate({
            type: "employment",
            from: { entityType: "contact", id: contactId },
            to: { entityType: "account", id: accountId },
          });
          if ((await tx.accounts.get(accountId)).name.includes("Refused"))
            throw tx.error("sponsor_refused", { entity: "account", id: accountId, reason: "its name says so" });
          return membership.id;
        }),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Sponsoring extends Named<ReturnType<typeof define>> {}

export const sponsoring = (): Sponsoring => define();
