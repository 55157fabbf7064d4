/** Kinds of parties, as services. */
import type { PartyKindRecord, PartyProfileRecord, RelationshipsContext } from "../parts.ts";
import { definePartyKinds, type PartyKindDefinition } from "./define-party-kinds.ts";
import { type PartiesQuery, type PartyPage, partiesOf } from "./parties.ts";
import { type Described, type ProfileInput, profilesOf, removeProfile, setProfile } from "./profiles.ts";

export function partyServices(context: RelationshipsContext) {
  return {
    /**
     * Makes kinds of parties, known by their keys, or makes those that are there as they are given; in the order given. One unit.
     * `standardPartyKinds` are ready to be given.
     *
     * @throws `invalid_input`; `party_kind_in_use` where an account is described otherwise
     */
    definePartyKinds: (kinds: readonly PartyKindDefinition[]): Promise<readonly PartyKindRecord[]> =>
      definePartyKinds(context, kinds),
    /**
     * Says that an account is of a kind, and describes it by the kind's attributes; those that are not named stay. An account may be of several kinds.
     * One unit.
     *
     * @throws `unknown_party_kind`; `reference_not_found`; `invalid_input`, naming each attribute that is wrong
     * @example
     * ```ts run with relationships
     * await crm.relationships.definePartyKinds([{ key: "press", attributes: [{ key: "reach", kind: "number" }] }]);
     * await crm.relationships.setProfile(acme.id, { kind: "press", attributes: { reach: 120_000 } });
     * const { items } = await crm.relationships.partiesOf({ kind: "press", attributes: { reach: { gte: 100_000 } } });
     * console.log(items[0]?.account.name); // Acme
     * ```
     */
    setProfile: (accountId: string, input: ProfileInput): Promise<PartyProfileRecord> =>
      setProfile(context, accountId, input),
    /** Takes that back: the account is of the kind no more. @throws `invalid_input`, `unknown_party_kind`, `not_found` */
    removeProfile: (accountId: string, kind: string): Promise<void> => removeProfile(context, accountId, kind),
    /** The kinds that an account is of, in the order in which that was said. @throws `invalid_input`, `not_found` */
    profilesOf: (accountId: string): Promise<readonly Described[]> => profilesOf(context, accountId),
    /**
     * Accounts of a kind, by conditions on them and on the kind's attributes, page by page.
     *
     * @throws `unknown_party_kind`, `invalid_query`, `invalid_cursor`; `invalid_input`, naming each attribute that is wrong
     */
    partiesOf: (query: PartiesQuery): Promise<PartyPage> => partiesOf(context, query),
  };
}
