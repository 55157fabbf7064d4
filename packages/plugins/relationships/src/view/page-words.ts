/** The words of the page that are not data. */

export interface NeighbourhoodWords {
  readonly around: string;
  /** Before a day. */
  readonly on: string;
  readonly onAnyDay: string;
  /** Before the instant that was read. */
  readonly asOf: string;
  readonly thing: string;
  readonly role: string;
  readonly relatedTo: string;
  readonly from: string;
  readonly until: string;
  readonly strength: string;
  /** Of the drawing, for those who cannot see it. */
  readonly tableSaysTheSame: string;
  readonly nothing: string;
}

export const englishNeighbourhoodWords: NeighbourhoodWords = {
  ...{ around: "Relationships of", on: "on", onAnyDay: "on any day", asOf: "as of", thing: "Thing", role: "Role" },
  ...{ relatedTo: "Related to", from: "From", until: "Until", strength: "Strength" },
  ...{ tableSaysTheSame: "The table below says the same.", nothing: "There are no relationships." },
};
