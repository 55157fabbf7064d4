/** Reminders: what is due to be told, told as a durable event, once. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { DomainContext } from "../domain-model.ts";

export interface RemindOptions {
  /** Reminders up to this instant; the clock's, unless given. */
  readonly until?: Date;
  /** At most so many, 1 to 100,000; 10,000 unless given. */
  readonly limit?: number;
}

export interface Reminded {
  /** So many events were made by this call. */
  readonly announced: number;
  /** Whether the limit was reached while there were more. */
  readonly more: boolean;
}

/** So many are claimed and announced in one unit. */
const BATCH = 500;

const optionsSchema = z.strictObject({
  until: z.date().optional(),
  limit: z.int().min(1).max(100_000).optional(),
});

/**
 * Each batch is one unit: an activity is claimed, and its event written, together or not at all. Called several times at once, also by
 * several processes, the calls share what there is: each reminder has one event.
 */
export async function remind(context: DomainContext, options: RemindOptions = {}): Promise<Reminded> {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) throw invalidInput("reminder", inputIssues(parsed.error.issues, options));
  const { until = context.now(), limit = 10_000 } = parsed.data;
  let announced = 0;
  let more = true;
  while (more && announced < limit) {
    const batch = await announceBatch(context, { until, size: Math.min(BATCH, limit - announced) });
    announced += batch.announced;
    more = batch.more;
  }
  return { announced, more };
}

function announceBatch(
  context: DomainContext,
  { until, size }: { readonly until: Date; readonly size: number },
): Promise<Reminded> {
  return context.transaction(async (tx) => {
    await tx.lock("reminders");
    const { items, next } = await tx.activities.list({
      where: { remindedAt: null, done: false, remindAt: { lte: until } },
      orderBy: [{ remindAt: "asc" }],
      limit: size,
    });
    if (items.length === 0) return { announced: 0, more: false };
    const remindedAt = tx.now();
    await tx.activities.updateMany(items.map(({ id, version }) => ({ id, version, remindedAt })));
    await tx.emitMany(
      "activity.reminder_due",
      items.map(({ id, ownerId, remindAt, dueAt }) => ({
        recordId: id,
        data: { ownerId, remindAt: remindAt!.toISOString(), dueAt: dueAt?.toISOString() ?? null },
      })),
    );
    return { announced: items.length, more: next !== undefined };
  });
}
