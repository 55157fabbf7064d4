/** Somebody says by hand what a membership is, until a day. */
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { daySchema, parsed, reasonSchema } from "../asked.ts";
import type { MembershipRecord, MembershipsContext } from "../parts.ts";
import { statusesOf } from "../status/read-rules.ts";
import { endEvents } from "./events.ts";
import { lockMemberships } from "./lock-memberships.ts";
import { readChain } from "./read-chain.ts";
import { rewriteSpans } from "./rewrite-spans.ts";

export interface OverrideInput {
  /** One of the statuses of the program's rules. */
  readonly status: string;
  /** The first day; today unless given. */
  readonly from?: string | undefined;
  /** The last day; unless given, it goes on until `endOverride`. */
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
}

const overrideSchema = z.strictObject({
  status: z.string(),
  from: daySchema.optional(),
  until: daySchema.optional(),
  reason: reasonSchema,
});

/**
 * One unit. On its days nothing else counts, not even a death. From its first day on it takes the place of earlier overrides.
 *
 * @throws `invalid_input` for a status that the rules do not have, and a last day before the first; `not_found`
 */
export async function override(
  context: MembershipsContext,
  id: string,
  given: OverrideInput,
): Promise<MembershipRecord> {
  const input = parsed("membershipEvent", overrideSchema, given);
  return context.transaction(async (tx) => {
    const from = input.from ?? (await tx.settings.today());
    await lockMemberships(tx, [id]);
    const { events, rules } = await readChain(tx, id);
    const known = [...statusesOf(rules).keys()];
    if (!known.includes(input.status)) throw refused("status", `is none of the program's: ${known.join(", ")}`);
    if (input.until !== undefined && input.until < from) throw refused("until", `is before the first day, ${from}`);
    await endEvents(tx, events, { kind: "overridden", on: from });
    await tx.membershipEvents.create({
      ...{ membershipId: id, kind: "overridden", validFrom: from, validUntil: input.until ?? null },
      ...{ status: input.status, reason: input.reason ?? null },
    });
    await rewriteSpans(tx, [id]);
    return tx.memberships.get(id);
  });
}

const endSchema = z.strictObject({ on: daySchema.optional() });

/** From the day on, today unless given, the rules say again what it is; nothing, where they do already. One unit. @throws `invalid_input`, `not_found` */
export async function endOverride(
  context: MembershipsContext,
  id: string,
  given: { readonly on?: string | undefined } = {},
): Promise<MembershipRecord> {
  const input = parsed("membershipEvent", endSchema, given);
  return context.transaction(async (tx) => {
    const on = input.on ?? (await tx.settings.today());
    await lockMemberships(tx, [id]);
    const { events } = await readChain(tx, id);
    if ((await endEvents(tx, events, { kind: "overridden", on })) > 0) await rewriteSpans(tx, [id]);
    return tx.memberships.get(id);
  });
}

function refused(field: string, message: string): Error {
  return invalidInput("membershipEvent", [{ field, code: "not_allowed", message }]);
}
