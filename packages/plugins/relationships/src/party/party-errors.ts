/** What is refused about kinds of parties. */
export const partyErrors = {
  unknown_party_kind:
    'There is no kind of party "{kind}": make it with relationships.definePartyKinds, or use one of those that there are: {known}.',
  party_kind_in_use:
    'Kind of party "{kind}" cannot have these attributes: {count} accounts are described otherwise, the first of them {accountId}, where {problem}. Describe them anew first, or leave the attribute as it was.',
} as const;
