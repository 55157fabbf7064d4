/** How often and how far expected close dates were pushed: from versions, without any reading. */
import { daysBetween } from "@relata/core/plugin";
import { quotient } from "./decimal.ts";

/** What of a version matters. */
export interface DateVersion {
  readonly id: string;
  readonly changes: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
}

/** What an opportunity was when its date was pushed. */
export interface PushedState {
  readonly status: unknown;
  readonly ownerId: unknown;
  readonly stageId: unknown;
}

/** One push of an expected close date to a later day. */
export interface Push {
  readonly id: string;
  readonly ownerId: string | null;
  readonly stageId: string;
  readonly days: number;
}

const followed = new Set(["status", "ownerId", "stageId"]);

/**
 * Of versions, the latest of each record first, and of what the records are after them: an open opportunity's date that is moved from
 * a day to a later one is pushed, by the owner and in the stage that it had when it was moved.
 */
export function pushesIn(latest: ReadonlyMap<string, PushedState>, versions: Iterable<DateVersion>): readonly Push[] {
  const states = new Map(latest);
  const pushes: Push[] = [];
  for (const { id, changes } of versions) {
    const state = states.get(id);
    if (state === undefined) continue;
    const undone = changes.filter(({ field }) => followed.has(field)).map(({ field, before }) => [field, before]);
    const was: PushedState = { ...state, ...Object.fromEntries(undone) };
    states.set(id, was);
    const days = daysPushed(changes);
    if (days > 0 && was.status === "open")
      pushes.push({ id, ownerId: was.ownerId as string | null, stageId: was.stageId as string, days });
  }
  return pushes;
}

function daysPushed(changes: DateVersion["changes"]): number {
  const { before, after } = changes.find(({ field }) => field === "expectedCloseDate") ?? {};
  return typeof before === "string" && typeof after === "string" ? daysBetween(before, after) : 0;
}

export interface Pushes {
  readonly pushes: number;
  /** Those that were pushed, each once. */
  readonly opportunities: number;
  /** A decimal of at most six digits after the point; null where nothing was pushed. */
  readonly meanDays: string | null;
  /** Of an even number, half-way between the two in the middle. */
  readonly medianDays: string | null;
  readonly maxDays: number | null;
}

export function summed(list: readonly Push[]): Pushes {
  const days = list.map((push) => push.days).sort((a, b) => a - b);
  const count = days.length;
  const middle = days.length === 0 ? 0 : days[(count - 1) >> 1]! + days[count >> 1]!;
  return {
    pushes: count,
    opportunities: new Set(list.map(({ id }) => id)).size,
    meanDays: quotient(
      days.reduce((sum, each) => sum + each, 0),
      count,
    ),
    medianDays: count === 0 ? null : quotient(middle, 2),
    maxDays: days.at(-1) ?? null,
  };
}
