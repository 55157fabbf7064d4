/** What is refused about memberships and their terms. */
export const chainErrors = {
  already_member:
    "{member} is a member of program {program} on {day} already (membership {id}): renew it, or change its level.",
  may_not_join: "{member} may not join level {level}: {reason}.",
  no_seats: "{of} has {seats} seats, and all of them are taken on {day}.",
  membership_for_life: "Membership {id} is for life: there is nothing to renew.",
  membership_ended: "Membership {id} is {status} on {day}: {advice}.",
  renewal_too_early: "Membership {id} ends on {endsOn}: it can be renewed from {from} on.",
  not_an_upgrade:
    "Level {level} is not above level {current}, which membership {id} is on: ask for a downgrade, or name a higher one.",
  not_a_downgrade:
    "Level {level} is not below level {current}, which membership {id} is on: ask for an upgrade, or name a lower one.",
  terms_overlap: "Membership {id} would have two terms on {day}: end the one first, or begin the other one later.",
  order_open: "Membership {id} has an open order already ({orderId}): have it paid, or give it up (giveUpOrder) first.",
  membership_merged: "Membership {id} was merged with its member into membership {mergedIntoId}: name that one.",
  not_paused: "Membership {id} is not paused on {day}: there is nothing to resume.",
  not_cancelled: "Membership {id} is not cancelled on {day}: there is nothing to reinstate.",
} as const;
