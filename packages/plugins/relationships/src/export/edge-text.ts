/** Relationships in words, for people to read. */
import type { RelationshipRecord } from "../parts.ts";

type Bound = RelationshipRecord["validFromIs"];

const SIGNS: Readonly<Record<Bound, string>> = { exact: "", about: "c. ", at_latest: "≤ ", at_earliest: "≥ " };

/** "≤ 2018-12-31": a day with how it is meant; empty for one that is open. */
export function dayText(day: string | null, is: Bound): string {
  return day === null ? "" : `${SIGNS[is]}${day}`;
}

/** "2010-03-01 – c. 2014-12-31", "– 2014-12-31"; empty where both are open. */
export function daysText({
  validFrom,
  validFromIs,
  validUntil,
  validUntilIs,
}: Pick<RelationshipRecord, "validFrom" | "validFromIs" | "validUntil" | "validUntilIs">): string {
  return validFrom === null && validUntil === null
    ? ""
    : `${dayText(validFrom, validFromIs)} – ${dayText(validUntil, validUntilIs)}`.trim();
}
