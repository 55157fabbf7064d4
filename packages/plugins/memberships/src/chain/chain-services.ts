/** What begins, continues and ends memberships, as `crm.memberships` has it. */
import type { MembershipsContext } from "../parts.ts";
import { type CancelInput, cancel, reinstate } from "./cancel.ts";
import { type ChangeLevelInput, changeLevel, quoteChange } from "./change-level.ts";
import { type EraseOptions, eraseMembership } from "./erase-membership.ts";
import { type ImportedMembership, importMemberships } from "./import-memberships.ts";
import { type JoinInput, join } from "./join.ts";
import { endOverride, type OverrideInput, override } from "./override.ts";
import { type PauseInput, pause, resume } from "./pause.ts";
import { type RenewInput, renew } from "./renew.ts";
import { type TransferInput, transfer } from "./transfer.ts";

/** Each is one unit, all or nothing. */
export function chainServices(context: MembershipsContext) {
  return {
    /** Somebody joins a program, for the first time or again. @throws `already_member`, `order_open`, `may_not_join`, `no_seats` */
    join: (input: JoinInput) => join(context, input),
    /** The next terms of a membership. @throws `membership_for_life`, `membership_ended`, `renewal_too_early`, `order_open` */
    renew: (id: string, input?: RenewInput) => renew(context, id, input),
    /** To a higher level. @throws `not_an_upgrade`, `membership_ended`, `membership_for_life`, `order_open` */
    upgrade: (id: string, input: ChangeLevelInput) => changeLevel(context, id, { ...input, direction: "upgrade" }),
    /** To a lower level. @throws `not_a_downgrade`, `membership_ended`, `membership_for_life`, `order_open` */
    downgrade: (id: string, input: ChangeLevelInput) => changeLevel(context, id, { ...input, direction: "downgrade" }),
    /** What a change of level would cost, to the minor unit. Nothing is written. */
    quoteChange: (id: string, input: Pick<ChangeLevelInput, "planId" | "on" | "terms">) =>
      quoteChange(context, id, input),
    /** A running term pauses, until a day or until `resume`. @throws `membership_ended`, `invalid_input` */
    pause: (id: string, input?: PauseInput) => pause(context, id, input),
    /** It goes on from a day, today unless given. @throws `not_paused` */
    resume: (id: string, input?: { readonly on?: string | undefined }) => resume(context, id, input),
    /** From a day on, or at the end of the last term. @throws `membership_ended`, `membership_for_life` */
    cancel: (id: string, input?: CancelInput) => cancel(context, id, input),
    /** Takes a cancellation back from a day on, today unless given. @throws `not_cancelled`, `no_seats` */
    reinstate: (id: string, input?: { readonly on?: string | undefined }) => reinstate(context, id, input),
    /** What is left goes to another contact or account. @throws `membership_ended`, `already_member`, `may_not_join` */
    transfer: (id: string, input: TransferInput) => transfer(context, id, input),
    /** Says by hand what it is on some days. @throws `invalid_input` */
    override: (id: string, input: OverrideInput) => override(context, id, input),
    /** The rules say again what it is, from a day on, today unless given. */
    endOverride: (id: string, input?: { readonly on?: string | undefined }) => endOverride(context, id, input),
    /** The contact's `deathDate` is written, which ends all of its memberships; "2026", "2026-05" and "2026-05-17" alike. */
    recordDeath: (contactId: string, on: string) => context.contacts.update(contactId, { deathDate: on }),
    /**
     * Takes a membership out of the present and of history, with its terms, orders, payments, all that was recorded of it, and those that were
     * merged into it: no count of any day has it from then on. It cannot be undone.
     * @throws `not_found`, `invalid_input`
     */
    eraseMembership: (id: string, options?: EraseOptions) => eraseMembership(context, id, options),
    /** Chains that are known from elsewhere, as they are. @throws `terms_overlap`, `not_unique`, `invalid_input` */
    importMemberships: (rows: readonly ImportedMembership[]) => importMemberships(context, rows),
  };
}
