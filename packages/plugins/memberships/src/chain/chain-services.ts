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

/**
 * Each is one unit, all or nothing. `not_found` is a membership, plan or party that is not there; `membership_merged` one that was merged with its
 * member, and names the other one.
 */
export function chainServices(context: MembershipsContext) {
  return {
    /**
     * Somebody joins a program, for the first time or again: the membership, its order, and its terms once enough is paid. With a `key`, a
     * call that is repeated gives the order that there is. One unit.
     *
     * @throws `invalid_input`, `not_found`, `already_member`, `order_open`, `may_not_join`, `no_seats`, `no_longer_offered` for a plan that is archived,
     * `terms_overlap` for a day within terms of an earlier chain
     * @example
     * ```ts run with memberships
     * const bela = await crm.contacts.create({ givenName: "Bela" });
     * const { order, terms } = await crm.memberships.join({ contactId: bela.id, planId: plans["gold/annual"]!.id });
     * console.log(order.state, order.amount, terms); // open, 250.00 EUR, none: they begin on the day of the payment
     * ```
     */
    join: (input: JoinInput) => join(context, input),
    /**
     * The next terms of a membership. Before the end, in a pause and in grace they go on where the last one ends (in grace a level may restart
     * instead); after a lapse a new chain begins. The day that enough is paid decides. One unit.
     *
     * @throws `invalid_input`, `not_found`, `membership_for_life`, `membership_ended` for one that is cancelled or whose member died,
     * `membership_merged`, `renewal_too_early`, `order_open`, `no_longer_offered`; `may_not_join` and `no_seats` after a lapse and for another level
     * @example
     * ```ts run with memberships
     * const { order } = await crm.memberships.renew(membership.id, { on: "2026-12-20" });
     * await crm.memberships.recordPayment({ orderId: order.id, paymentId: "pay_2", amount, receivedOn: "2027-01-05" });
     * const { items } = await crm.membershipTerms.list({ where: { membershipId: membership.id } });
     * console.log(items.map(({ startsOn, endsOn }) => [startsOn, endsOn])); // the second one from 2027-01-31
     * ```
     */
    renew: (id: string, input?: RenewInput) => renew(context, id, input),
    /**
     * To a higher level: now, with what is left of the term put to account (`quoteChange`), or with the next renewal. It is made on its day,
     * whenever it is paid. One unit.
     *
     * @throws `invalid_input`, `not_found`, `not_an_upgrade`, `membership_ended` for one that does not count on the day, `membership_merged`, `membership_for_life` for
     * the change of one into a term, `order_open`, `may_not_join`, `no_seats`, `no_longer_offered`
     * @example
     * ```ts run with memberships
     * const planId = plans["gold/annual"]!.id;
     * const { order } = await crm.memberships.upgrade(membership.id, { planId, on: "2026-08-01" });
     * console.log(order?.amount); // { amount: "75.20", currency: "EUR" }
     * ```
     */
    upgrade: (id: string, input: ChangeLevelInput) => changeLevel(context, id, { ...input, direction: "upgrade" }),
    /**
     * To a lower level. What is left over is credit for the next order; money goes back by `recordRefund` only. One unit.
     *
     * @throws `not_a_downgrade`, and as `upgrade`
     */
    downgrade: (id: string, input: ChangeLevelInput) => changeLevel(context, id, { ...input, direction: "downgrade" }),
    /**
     * What a change of level would cost, to the minor unit: what is left of the old term, by days, against as much of the new one. Nothing is
     * written.
     *
     * @throws `invalid_input`, `not_found`, `membership_merged`, `membership_ended`, `membership_for_life`
     * @example
     * ```ts run with memberships
     * const quote = await crm.memberships.quoteChange(membership.id, { planId: plans["gold/annual"]!.id, on: "2026-08-01" });
     * console.log(quote.amount); // { amount: "75.20", currency: "EUR" }
     * ```
     */
    quoteChange: (id: string, input: Pick<ChangeLevelInput, "planId" | "on" | "terms">) =>
      quoteChange(context, id, input),
    /**
     * A running term pauses, until a day, that day included, or until `resume`. Where the level says so, the days are added to the end of the term
     * once they are known, and later terms follow. One unit.
     *
     * @throws `invalid_input` for more days than the level allows, and for days of another pause; `not_found`, `membership_merged`; `membership_ended` for one
     * that does not count on the first day
     */
    pause: (id: string, input?: PauseInput) => pause(context, id, input),
    /** It goes on from a day, the first one after the pause; today unless given. One unit. @throws `not_paused`, `membership_merged`, `invalid_input`, `not_found` */
    resume: (id: string, input?: { readonly on?: string | undefined }) => resume(context, id, input),
    /**
     * Ends a membership from a day on, that day included, or at the end of the last term, without grace. Open orders are given up, and it renews
     * itself no longer; `reinstate` brings back what is left. Money goes back by `recordRefund` only. One unit.
     *
     * @throws `invalid_input`, `not_found`, `membership_merged`; `membership_ended` for one that is cancelled on the day, or whose member died; `membership_for_life` for the
     * end of a term that has none
     * @example
     * ```ts run with memberships
     * await crm.memberships.cancel(membership.id, { when: "end_of_term", reason: "moved away" });
     * const last = (await crm.memberships.statusTimeline(membership.id)).at(-1);
     * console.log(last?.status, last?.firstDay); // cancelled, 2027-01-31
     * ```
     */
    cancel: (id: string, input?: CancelInput) => cancel(context, id, input),
    /**
     * Takes a cancellation back from a day on, today unless given: it is what its terms make it; the days between stay cancelled. One unit.
     *
     * @throws `not_cancelled`, `no_seats`, `membership_merged`, `invalid_input`, `not_found`
     */
    reinstate: (id: string, input?: { readonly on?: string | undefined }) => reinstate(context, id, input),
    /**
     * What is left goes to another contact or account from a day on, with its days, its place in the chain and its price; the old membership is
     * cancelled from then on. Nothing is paid, and nothing goes back. One unit.
     *
     * @throws `invalid_input`, `not_found`, `membership_merged`, `membership_ended` for one without a running term, `already_member`, `order_open` for a new member who has
     * ordered one, `may_not_join`, `no_seats`, `terms_overlap`
     */
    transfer: (id: string, input: TransferInput) => transfer(context, id, input),
    /**
     * Says by hand what it is on some days, both ends included: nothing else counts there, not even a death. Earlier overrides end where it begins.
     * One unit.
     *
     * @throws `invalid_input` for a status that the rules do not have, too; `not_found`, `membership_merged`
     */
    override: (id: string, input: OverrideInput) => override(context, id, input),
    /** The rules say again what it is, from a day on, today unless given. One unit. @throws `invalid_input`, `not_found`, `membership_merged` */
    endOverride: (id: string, input?: { readonly on?: string | undefined }) => endOverride(context, id, input),
    /**
     * The contact's `deathDate` is written, which ends all of its memberships; "2026", "2026-05" and "2026-05-17" alike. One unit.
     *
     * @throws `invalid_input`, `not_found`
     */
    recordDeath: (contactId: string, on: string) => context.contacts.update(contactId, { deathDate: on }),
    /**
     * Takes a membership out of the present and of history, with its terms, orders, payments, all that was recorded of it, and those that were
     * merged into it: no count of any day has it from then on. It cannot be undone.
     * @throws `not_found`, `invalid_input`
     */
    eraseMembership: (id: string, options?: EraseOptions) => eraseMembership(context, id, options),
    /**
     * Chains that are known from elsewhere, as they are. A term that begins the day after another one is of its chain. What was, is not announced.
     * One unit: all rows, or none.
     *
     * @throws `invalid_input` with the `index` of each wrong row; `not_found`, `terms_overlap`; `not_unique` for a member that the program has already
     */
    importMemberships: (rows: readonly ImportedMembership[]) => importMemberships(context, rows),
  };
}
