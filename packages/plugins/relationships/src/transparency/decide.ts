/**
 * What statements of a party say of a use: pure. A refusal stands until a later permission that is no less explicit lifts it: who permits everything has not
 * permitted what was refused by name. A permission stands until a later refusal that it falls under. What is stated at one instant is weighed by how explicit it is, and then the
 * refusal stands.
 */
import { compareText } from "@relata/core/plugin";
import type { RecordIn } from "../parts.ts";

export type StatementRecord = RecordIn<"partyStatements">;

/** What a use is about, and what a statement is about; a statement that leaves one out is about any. */
export const dimensions = ["purpose", "channel", "field", "relationshipId", "type"] as const;
type Dimension = (typeof dimensions)[number];

export type StatementScope = Pick<StatementRecord, Dimension>;
export type UseScope = { readonly [D in Dimension]?: string | undefined };

export interface Decision {
  /** Undefined: nothing was said of it. */
  readonly effect: "allow" | "deny" | undefined;
  /** The statement by which it is so. */
  readonly by: StatementRecord | undefined;
  /** All that were weighed, the latest first. */
  readonly weighed: readonly StatementRecord[];
}

export function decide(statements: readonly StatementRecord[], use: UseScope, on: string): Decision {
  const weighed = statements
    .filter((each) => each.effect !== null && each.archivedAt === null && countsOn(each, on) && isAbout(each, use))
    .toSorted(compareStatements);
  const permissions = weighed.filter(({ effect }) => effect === "allow");
  const refusal = weighed.find((each) => each.effect === "deny" && !permissions.some((other) => lifts(other, each)));
  if (refusal) return { effect: "deny", by: refusal, weighed };
  return { effect: permissions[0] ? "allow" : undefined, by: permissions[0], weighed };
}

export function countsOn({ validFrom, validUntil }: StatementRecord, on: string): boolean {
  return (validFrom === null || validFrom <= on) && (validUntil === null || on <= validUntil);
}

function isAbout(statement: StatementScope, use: UseScope): boolean {
  return dimensions.every((each) => statement[each] === null || statement[each] === use[each]);
}

function lifts(permission: StatementRecord, refusal: StatementRecord): boolean {
  const isNoLess = dimensions.every((each) => refusal[each] === null || permission[each] === refusal[each]);
  const later = permission.statedAt.getTime() - refusal.statedAt.getTime();
  return isNoLess && (later > 0 || (later === 0 && explicitness(permission) > explicitness(refusal)));
}

/** How much it names. */
function explicitness(statement: StatementScope): number {
  return dimensions.filter((each) => statement[each] !== null).length;
}

/** The latest first, then the most explicit. */
export function compareStatements(a: StatementRecord, b: StatementRecord): number {
  return b.statedAt.getTime() - a.statedAt.getTime() || explicitness(b) - explicitness(a) || compareText(b.id, a.id);
}
