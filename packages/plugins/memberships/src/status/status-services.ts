/** What memberships are on a day, as `crm.memberships` has it. */

import * as z from "zod";
import { type DayQuery, dayQuerySchema, idSchema, parsed } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { advance } from "./advance.ts";
import { FIRST_DAY, LAST_DAY } from "./day-offset.ts";
import { readRules } from "./read-rules.ts";
import { type SimulateInput, simulate } from "./simulate.ts";
import { statusesOn } from "./statuses-on.ts";
import { statusDays } from "./timeline.ts";

/** A membership on a day. */
export interface StatusOnDay {
  /** Null before its first day. */
  readonly status: string | null;
  readonly counts: boolean;
  readonly levelId: string | null;
  readonly on: string;
}

/** Days of one status and level, both ends included. */
export interface StatusPeriod {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly status: string;
  readonly counts: boolean;
  readonly levelId: string;
}

const idsSchema = z.array(idSchema).max(10_000);

export function statusServices(context: MembershipsContext) {
  const statusesOf = async (
    given: readonly string[],
    query: DayQuery = {},
  ): Promise<ReadonlyMap<string, StatusOnDay>> => {
    const ids = parsed("membership", idsSchema, given);
    const { on = await context.settings.today() } = parsed("membership", dayQuerySchema, query);
    const found = await statusesOn(context, ids, on);
    return new Map(
      ids.map((id) => {
        const { status = null, counts = false, span } = found.get(id) ?? {};
        return [id, { status, counts, levelId: span?.levelId ?? null, on }];
      }),
    );
  };
  return {
    /** What the memberships are on a day, today unless given, by id; those that are not there are no members. At most 10,000. */
    statusesOf,
    /** What a membership is on a day, today unless given. @throws `not_found` */
    async statusOf(id: string, query?: DayQuery): Promise<StatusOnDay> {
      await context.memberships.get(id, { select: ["id"] });
      return (await statusesOf([id], query)).get(id)!;
    },
    /** From its first day on, the days of each status, in order; "9999-12-31": it goes on. @throws `not_found` */
    async statusTimeline(id: string): Promise<readonly StatusPeriod[]> {
      const { programId } = await context.memberships.get(id, { select: ["programId"] });
      const spans = await Array.fromAsync(context.membershipSpans.iterate({ where: { membershipId: id } }));
      const days = statusDays(spans, (await readRules(context, [programId])).of(programId), {
        from: FIRST_DAY,
        until: LAST_DAY,
      });
      return days.map(({ firstDay, lastDay, status, counts, span }) => ({
        firstDay,
        lastDay,
        status,
        counts,
        levelId: span.levelId,
      }));
    },
    /** Tells what has changed since the last time, and reminders, each once, as events. @throws `invalid_input` */
    advance: (given?: { readonly now?: Date | undefined }) => advance(context, given),
    /** What other rules would make of a day. Nothing is written. @throws `status_rules_incomplete`, `invalid_input`, `not_found` */
    simulate: (input: SimulateInput) => simulate(context, input),
  };
}
