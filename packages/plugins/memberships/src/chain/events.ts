/** Events that go on are ended. */
import { addDays } from "@relata/core/plugin";
import type { MembershipEventRecord, MembershipsContext } from "../parts.ts";

/** Whether it holds on the day. */
export function holdsOn({ validFrom, validUntil, voidedOn }: MembershipEventRecord, day: string): boolean {
  return voidedOn === null && validFrom <= day && (validUntil === null || day <= validUntil);
}

/** Those of a kind that hold on the day, or later: they end the day before; one that begins then or later is voided. */
export async function endEvents(
  tx: MembershipsContext,
  events: readonly MembershipEventRecord[],
  { kind, on }: { readonly kind: MembershipEventRecord["kind"]; readonly on: string },
): Promise<number> {
  const standing = events.filter(
    (event) => event.kind === kind && event.voidedOn === null && (event.validUntil === null || event.validUntil >= on),
  );
  if (standing.length > 0)
    await tx.membershipEvents.updateMany(
      standing.map(({ id, validFrom }) =>
        validFrom >= on ? { id, voidedOn: on } : { id, validUntil: addDays(on, -1) },
      ),
    );
  return standing.length;
}
