/** What begins, continues and ends memberships, as `crm.memberships` has it. */
import type { MembershipsContext } from "../parts.ts";
import { type ChangeLevelInput, changeLevel, quoteChange } from "./change-level.ts";
import { type JoinInput, join } from "./join.ts";
import { type RenewInput, renew } from "./renew.ts";

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
  };
}
