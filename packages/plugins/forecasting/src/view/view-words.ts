/** The words of what is drawn that are not data. */
export interface ViewWords {
  readonly forecast: string;
  /** Above the names of a forecast's lines. */
  readonly line: string;
  readonly total: string;
  /** A line's own, where lines below it are drawn too. */
  readonly own: string;
  /** What a line has for a name that has none. */
  readonly none: string;
  readonly overdue: string;
  readonly undated: string;
  /** What counts by the probability of its stage, which had no category then. */
  readonly assumed: string;
  /** Above the numbers of opportunities. */
  readonly opportunities: string;
  /** Before the instant that was read. */
  readonly asOf: string;
  readonly changes: string;
  readonly change: string;
  readonly amount: string;
  readonly period: string;
  readonly actual: string;
  readonly expected: string;
  readonly lower: string;
  readonly upper: string;
  readonly target: string;
  /** What opens the table of a chart. */
  readonly asTable: string;
  /** Of categories and of bars, by their keys; what is not named is written as its key. */
  readonly names: Readonly<Record<string, string>>;
}

const englishWords: ViewWords = {
  ...{ forecast: "Forecast", line: "Name", total: "Total", own: "own", none: "(none)", overdue: "Overdue" },
  ...{ undated: "Without a date", opportunities: "Opportunities", asOf: "as of", changes: "Changes", change: "Change" },
  ...{ amount: "Amount", period: "Period", actual: "Actual", expected: "Expected", lower: "Low", upper: "High" },
  ...{ target: "Target", asTable: "As a table", assumed: "Category assumed by probability" },
  names: {
    ...{ pipeline: "Pipeline", best_case: "Best case", most_likely: "Most likely", commit: "Commit", closed: "Closed" },
    ...{ opening: "Opening", closing: "Closing", new: "New", won: "Won", lost: "Lost", reopened: "Reopened" },
    ...{ pulled_in: "Pulled in", pushed_out: "Pushed out", increased: "Increased", decreased: "Decreased" },
    ...{ recategorised: "Recategorised", transferred_in: "Transferred in", transferred_out: "Transferred out" },
    ...{ deleted: "Deleted", restored: "Restored", exchange_rate: "Exchange rate" },
  },
};

export function wordsWith(words: Partial<ViewWords> = {}): ViewWords {
  const given = Object.entries(words).filter(([, word]) => word !== undefined);
  return { ...englishWords, ...Object.fromEntries(given), names: { ...englishWords.names, ...words.names } };
}

export function nameOf(key: string, { names }: ViewWords): string {
  return Object.hasOwn(names, key) ? names[key]! : key.replaceAll("_", " ");
}

/** "2026-11-26 17:05 UTC" */
export function instantText(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
