/** What members have a right to, as `crm.memberships` has it. */
import type { BenefitRecord, BenefitUseRecord, MembershipsContext } from "../parts.ts";
import { type BenefitDefinition, defineBenefits } from "./define-benefits.ts";
import { type BenefitMember, holdingsOf, type MayUse, mayUse } from "./may-use.ts";
import { askedUse, benefitsOf, giveBack, type UseOptions, type UseRecording, useBenefit } from "./use-benefit.ts";

/**
 * A benefit is asked for by its key. Where the member has several memberships whose programs have it, it is that by which the member may:
 * its own first, then those through others, higher levels first. All throw `invalid_input`.
 */
export function benefitServices(context: MembershipsContext) {
  return {
    /**
     * Makes benefits, and what each level has of them, or makes them as they are defined: by their keys. One unit.
     *
     * @throws `invalid_input`, for a level that the program does not have, too; `not_found` for the program
     * @example
     * ```ts run with memberships
     * await crm.memberships.defineBenefits(program.id, [
     *   { key: "guest_ticket", levels: { friend: 4, gold: null } },
     * ]);
     * await crm.memberships.useBenefit({ contactId: anna.id }, "guest_ticket", { quantity: 3, key: "order-77" });
     * const { allowed, reason, balance } = await crm.memberships.may({ contactId: anna.id }, "guest_ticket", { quantity: 2 });
     * console.log(allowed, reason, balance?.left); // false, quota_used_up, 1
     * ```
     */
    defineBenefits: (
      programId: string,
      definitions: readonly BenefitDefinition[],
    ): Promise<{ readonly [key: string]: BenefitRecord }> => defineBenefits(context, programId, definitions),

    /**
     * Whether a member may use a benefit on a day (today unless given), by which membership, how much is left, and if not, why. Nothing is written.
     *
     * @throws `invalid_input`; `unknown_benefit`; `not_found` for a `membershipId`
     * @example
     * ```ts run with memberships
     * await crm.memberships.defineBenefits(program.id, [{ key: "library", levels: { gold: null } }]);
     * const { allowed, reason } = await crm.memberships.may({ contactId: anna.id }, "library", { on: "2026-06-01" });
     * console.log(allowed, reason); // false, not_in_level: it is the gold level's
     * ```
     */
    async may(member: BenefitMember, benefit: string, options: UseOptions = {}): Promise<MayUse> {
      const { day, quantity } = await askedUse(context, member, options);
      const benefits = await benefitsOf(context, benefit);
      return mayUse(context, { holdings: await holdingsOf(context, member, day), benefits, day, quantity });
    },

    /**
     * Records a use. However many are recorded at once, never more is used than there is. With a `key`, a use that is reported again is
     * given as it was recorded. One unit.
     *
     * @throws `invalid_input`; `unknown_benefit`; `not_found` for a `membershipId`; `benefit_refused` with the reason that `may` gives; `use_differs` for a
     * key that is recorded otherwise
     */
    useBenefit: (member: BenefitMember, benefit: string, recording: UseRecording = {}): Promise<BenefitUseRecord> =>
      useBenefit(context, member, { key: benefit, recording }),

    /** Gives a use back, or a part of it: it can be used again in its period. One unit. @throws `invalid_input`, `not_found`, `gives_back_too_much` */
    giveBackBenefit: (useId: string, options: { readonly quantity?: number } = {}): Promise<BenefitUseRecord> =>
      giveBack(context, useId, options),

    /** What a member has of every benefit on a day, by the keys: that which `may` gives for one. @throws `invalid_input`; `not_found` for a `membershipId` */
    async benefitsOf(
      member: BenefitMember,
      options: { readonly on?: string } = {},
    ): Promise<readonly (MayUse & { readonly benefit: string; readonly name: string })[]> {
      const { day } = await askedUse(context, member, options);
      const holdings = await holdingsOf(context, member, day);
      const programIds = [...new Set(holdings.map(({ programId }) => programId))];
      const byKey = new Map<string, BenefitRecord[]>();
      const query = { where: { programId: { in: programIds } }, orderBy: [{ key: "asc" as const }] };
      for await (const benefit of context.membershipBenefits.iterate(query))
        byKey.set(benefit.key, [...(byKey.get(benefit.key) ?? []), benefit]);
      const all = [];
      for (const [key, benefits] of byKey) {
        const found = await mayUse(context, { holdings, benefits, day, quantity: 1 });
        all.push({ benefit: key, name: benefits[0]!.name, ...found });
      }
      return all;
    },
  };
}
