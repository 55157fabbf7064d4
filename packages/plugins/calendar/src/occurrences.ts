/** When an activity takes place between two instants. */
import { inputIssues, invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { seriesOf } from "./expand-recurrence.ts";
import { ownersClocks } from "./owners-clock.ts";
import type { CalendarContext } from "./parts.ts";

export interface OccurrencesQuery {
  readonly from: Date;
  /** Not included. */
  readonly to: Date;
  /** 1 to 10,000; 1,000 unless given. */
  readonly limit?: number;
}

const querySchema = z.strictObject({ from: z.date(), to: z.date(), limit: z.int().min(1).max(10_000).optional() });

/** From this activity on: its own time first, and then those of the rule, in the owner's time zone. */
export async function occurrencesOf(
  context: CalendarContext,
  id: string,
  query: OccurrencesQuery,
): Promise<readonly Date[]> {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) throw invalidInput("occurrences", inputIssues(parsed.error.issues, query));
  const { from, to, limit = 1_000 } = parsed.data;
  const { startAt, dueAt, ownerId, done, recurrence, seriesStart, occurrence } = await context.activities.get(id);
  const at = startAt ?? dueAt;
  const own = at && at >= from && at < to ? [at] : [];
  if (!recurrence || !occurrence || !seriesStart || done) return own;
  const { clock } = (await ownersClocks(context, [ownerId]))(ownerId);
  const scheduled = clock.instantAt(occurrence);
  const following = seriesOf(recurrence, seriesStart, clock)
    .between(from, to, limit + 1)
    .filter((each) => each > scheduled);
  return [...own, ...following].sort((one, other) => one.getTime() - other.getTime()).slice(0, limit);
}
