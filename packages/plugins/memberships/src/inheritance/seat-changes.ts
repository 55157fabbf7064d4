/** Who has gained and who has lost a seat between two days, and why: a pure function of what held on them. */
import type { MembersThrough } from "./members-through.ts";
import type { Heir, WithoutReason } from "./seats.ts";

/** `tie_ended`: there is none any more, or none that gives the membership. */
export type LossReason = WithoutReason | "tie_ended";

export interface SeatChanges {
  readonly membershipId: string;
  readonly from: string;
  readonly to: string;
  /** Those who have one on `to`, and had none on `from`. */
  readonly gained: readonly Heir[];
  /** Those who had one on `from`, as of then, and have none on `to`. */
  readonly lost: readonly (Heir & { readonly reason: LossReason })[];
}

export function seatChangesBetween(earlier: MembersThrough, later: MembersThrough): SeatChanges {
  const before = new Set(earlier.members.map(({ contactId }) => contactId));
  const after = new Set(later.members.map(({ contactId }) => contactId));
  const reasons = new Map(later.without.map(({ contactId, reason }) => [contactId, reason]));
  return {
    ...{ membershipId: later.membershipId, from: earlier.on, to: later.on },
    gained: later.members.filter(({ contactId }) => !before.has(contactId)),
    lost: earlier.members
      .filter(({ contactId }) => !after.has(contactId))
      .map((heir) => ({ ...heir, reason: reasons.get(heir.contactId) ?? "tie_ended" })),
  };
}
