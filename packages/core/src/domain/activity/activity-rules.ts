/** What holds for every activity, whoever writes it: its times fit together, and what follows from them is kept. */
import type { InputIssue } from "../../errors.ts";
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import type { PatchInput, RecordOf } from "../../kernel/entity/model.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { lockEach } from "../lock-each.ts";

type ActivityRecord = RecordOf<DomainModel, "activity">;
type Patch = PatchInput<DomainModel, "activity">;

export interface Proposed {
  readonly input: Patch & { readonly id: string };
  readonly before?: ActivityRecord;
}

const MINUTE_MS = 60_000;
const CHANNELS: { readonly [kind: string]: string } = { call: "phone", email: "email" };

/** The `before` hook of activities. @throws `invalid_input`, naming each field that does not fit. */
export async function keepActivityRules(context: DomainContext, batch: readonly Proposed[]): Promise<readonly Patch[]> {
  const issues = batch.flatMap((change, index) =>
    problemsOf(change).map((issue) => (batch.length > 1 ? { ...issue, index } : issue)),
  );
  if (issues.length > 0) throw invalidInput("activity", issues);
  const now = context.now();
  const patches = batch.map((change) => whatDiffers(follow(change, now), change.before));
  // Its links and participants move with it: those that come meanwhile wait to see where it stands.
  const moving = batch.filter(({ before }, i) => before && patches[i]!.timelineAt !== undefined);
  await lockEach(
    context,
    "activity",
    moving.map(({ input }) => input.id),
  );
  return patches;
}

/** Hooks that come later see of a change what changes. */
function whatDiffers(patch: Patch, before: ActivityRecord | undefined): Patch {
  if (!before) return patch;
  const value = (of: unknown) => (of instanceof Date ? of.getTime() : of);
  const differing = Object.entries(patch).filter(
    ([field, is]) => value(is) !== value(before[field as keyof ActivityRecord]),
  );
  return Object.fromEntries(differing);
}

function problemsOf({ input, before }: Proposed): InputIssue[] {
  const { startAt, endAt } = { ...before, ...input };
  const issues: InputIssue[] = [];
  if (startAt && endAt && endAt < startAt)
    issues.push({ field: "endAt", code: "out_of_range", message: "is before startAt" });
  if (input.done === false && input.doneAt)
    issues.push({ field: "doneAt", code: "not_allowed", message: "is only for what is done" });
  if (before?.done && input.doneAt === null && input.done !== false)
    issues.push({ field: "doneAt", code: "missing_field", message: "is required while done is true" });
  return issues;
}

/** What follows from what is written. */
function follow({ input, before }: Proposed, now: Date): Patch {
  const is = { ...before, ...input };
  const done = input.done ?? (input.doneAt ? true : (before?.done ?? startsDone(input, now)));
  const doneAt = done ? (input.doneAt ?? before?.doneAt ?? doneAtOf(input, now)) : null;
  const channel = before ? undefined : (input.channel ?? CHANNELS[input.kind ?? ""]);
  const rescheduled = input.remindAt !== undefined && !isSame(input.remindAt, before?.remindAt);
  return {
    done,
    doneAt,
    durationMinutes: durationOf({ input, ...(before ? { before } : {}) }),
    timelineAt: is.startAt ?? doneAt ?? is.dueAt ?? before?.createdAt ?? now,
    ...(channel === undefined ? {} : { channel }),
    ...(rescheduled ? { remindedAt: null } : {}),
  };
}

/** What is written down after the fact is done; what is due, or lies ahead, is not. */
function startsDone({ kind, dueAt, startAt }: Patch, now: Date): boolean {
  const isKept = kind === "note" || kind === "email" || kind === "message";
  return isKept && !dueAt && (!startAt || startAt <= now);
}

function doneAtOf({ done, endAt, startAt }: Patch, now: Date): Date {
  return done === undefined ? (endAt ?? startAt ?? now) : now;
}

/** The minutes from start to end, unless they are given by hand: then they stay until they are cleared. */
function durationOf({ input, before }: Proposed): number | null {
  if (typeof input.durationMinutes === "number") return input.durationMinutes;
  const derived = minutesOf({ ...before, ...input });
  if (input.durationMinutes === null || !before) return derived;
  const byHand = before.durationMinutes !== null && before.durationMinutes !== minutesOf(before);
  return byHand ? before.durationMinutes : derived;
}

function minutesOf({ startAt, endAt }: Patch): number | null {
  return startAt && endAt ? Math.round((endAt.getTime() - startAt.getTime()) / MINUTE_MS) : null;
}

function isSame(one: Date | null, other: Date | null | undefined): boolean {
  return one?.getTime() === other?.getTime();
}
