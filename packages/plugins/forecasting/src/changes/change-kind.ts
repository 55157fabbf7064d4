/** The bars of a waterfall, in the order in which a change is attributed to them. */
export const changeKinds = [
  /** Created after the first instant: with all that it is at the second one, whatever that is. */
  "new",
  /** Won since: it leaves its open category, and is closed on the day on which it was won. */
  "won",
  /** Lost since. */
  "lost",
  /** Open again. */
  "reopened",
  /** Its date has come into the period: from a later day, from an earlier one, or from none. */
  "pulled_in",
  /** Its date has left the period. */
  "pushed_out",
  "increased",
  "decreased",
  /** Open at both instants, and in another category: nothing in the whole, unless one of the two is omitted. */
  "recategorised",
  /** It has come into the scope that was chosen, or more of it is credited there. */
  "transferred_in",
  "transferred_out",
  /** Deleted or archived since. */
  "deleted",
  /** There before, not there at the first instant, and there again. */
  "restored",
  /** What the rates of the second instant make of what is there then, against those of the first. */
  "exchange_rate",
] as const;

export type ChangeKind = (typeof changeKinds)[number];
