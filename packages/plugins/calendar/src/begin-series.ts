/** A rule is checked when it is written, and the series begins there: at the activity's start, or else by when it is due. */
import { type InputIssue, invalidInput } from "@relata/core/plugin";
import { problemOf } from "./expand-recurrence.ts";
import { type OwnersClock, ownersClocks } from "./owners-clock.ts";
import type { ActivityPatch, ActivityRecord, CalendarContext } from "./parts.ts";

type Input = ActivityPatch & { readonly id: string } & Partial<Pick<ActivityRecord, "occurrence">>;

interface Proposed {
  readonly input: Input;
  readonly before?: ActivityRecord;
}

/** The `before` hook of activities. @throws `invalid_input` for a rule that is none, or has no time to begin at */
export async function beginSeries(
  context: CalendarContext,
  batch: readonly Proposed[],
): Promise<readonly (object | undefined)[]> {
  if (!batch.some(isConcerned)) return [];
  const clockOf = await ownersClocks(
    context,
    batch.map((change) => ({ ...change.before, ...change.input }).ownerId),
  );
  const issues: InputIssue[] = [];
  const patches = batch.map((change, index) => {
    if (!isConcerned(change)) return undefined;
    const is = { ...change.before, ...change.input };
    if (!is.recurrence) return { seriesStart: null, occurrence: null, occurrenceKey: null };
    const begun = begin(change, clockOf(is.ownerId));
    if (!("message" in begun)) return begun;
    issues.push({ ...begun, ...(batch.length > 1 ? { index } : {}) });
    return undefined;
  });
  if (issues.length > 0) throw invalidInput("activity", issues);
  return patches;
}

/** A rule that is given, or loses the time that it begins at. One that the plugin itself goes on with has begun long ago. */
function isConcerned({ input, before }: Proposed): boolean {
  if (!before) return Boolean(input.recurrence) && !input.occurrence;
  const { recurrence = before.recurrence } = input;
  return (
    recurrence !== before.recurrence ||
    (recurrence !== null && (input.startAt !== undefined || input.dueAt !== undefined))
  );
}

function begin({ input, before }: Proposed, { clock }: OwnersClock): InputIssue | object {
  const is = { ...before, ...input };
  const at = is.startAt ?? is.dueAt;
  if (!at) return { field: "recurrence", code: "missing_field", message: "needs a startAt or a dueAt to begin at" };
  const wall = clock.wallAt(at);
  const problem = problemOf(is.recurrence!, wall, clock);
  if (problem !== undefined) return { field: "recurrence", code: "invalid_value", message: problem };
  // Held at another time, it is the same occurrence; with the rule given along, the series goes on from there.
  const isSameRule = before !== undefined && before.recurrence === is.recurrence;
  const isSameTime = (before?.startAt ?? before?.dueAt)?.getTime() === at.getTime();
  if (isSameRule && (isSameTime || input.recurrence === undefined)) return {};
  return { seriesId: null, seriesStart: wall, occurrence: wall, occurrenceKey: `${is.id} ${wall}` };
}
