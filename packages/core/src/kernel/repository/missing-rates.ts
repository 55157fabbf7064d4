/** What an error says of rates that there are not. */
import { CrmError } from "../../errors.ts";

export interface MissingRate {
  readonly from: string;
  readonly to: string;
  /** Null for records that have no day to convert on. */
  readonly on: string | null;
}

/** In words, at most so many. */
const NAMED = 10;

/** Each pair and day once, all of them in `details.missing`, in the order of currencies and days. */
export function missingRates(missing: readonly MissingRate[]): CrmError {
  const named = new Map(missing.map((rate) => [wordsFor(rate), rate]));
  const words = [...named.keys()].sort();
  const listed = words.slice(0, NAMED).join("; ");
  const more = words.length > NAMED ? `; and ${words.length - NAMED} more: see details.missing` : "";
  return new CrmError("missing_rate", `There is no exchange rate for ${listed}${more}.`, {
    details: { missing: words.map((word) => named.get(word)!) },
  });
}

function wordsFor({ from, to, on }: MissingRate): string {
  return on === null ? `${from} to ${to} where the day to convert on is null` : `${from} to ${to} on ${on} or before`;
}
