/** What memberships are on a day, as `crm.memberships` has it. */

import * as z from "zod";
import { daySchema, idSchema, parsed } from "../asked.ts";
import type { MembershipsContext } from "../parts.ts";
import { statusesOn } from "./statuses-on.ts";

/** A membership on a day. */
export interface StatusOnDay {
  /** Null before its first day. */
  readonly status: string | null;
  readonly counts: boolean;
  readonly levelId: string | null;
  readonly day: string;
}

const dayOptional = daySchema.optional();
const idsSchema = z.array(idSchema).max(10_000);

export function statusServices(context: MembershipsContext) {
  const dayOf = async (day: unknown) => parsed("membership", dayOptional, day) ?? (await context.settings.today());
  const statusesOf = async (given: readonly string[], asked?: string): Promise<ReadonlyMap<string, StatusOnDay>> => {
    const ids = parsed("membership", idsSchema, given);
    const day = await dayOf(asked);
    const found = await statusesOn(context, ids, day);
    return new Map(
      ids.map((id) => {
        const { status = null, counts = false, span } = found.get(id) ?? {};
        return [id, { status, counts, levelId: span?.levelId ?? null, day }];
      }),
    );
  };
  return {
    /** What the memberships are on a day, today unless given, by id; those that are not there are no members. At most 10,000. */
    statusesOf,
    /** What a membership is on a day, today unless given. @throws `not_found` */
    async statusOf(id: string, day?: string): Promise<StatusOnDay> {
      await context.memberships.get(id, { select: ["id"] });
      return (await statusesOf([id], day)).get(id)!;
    },
  };
}
