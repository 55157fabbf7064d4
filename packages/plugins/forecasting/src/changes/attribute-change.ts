/** To which bars the change of one opportunity belongs: the rule of the waterfall, without any reading. */
import type { ForecastCategory } from "../category/category.ts";
import type { ChangeKind } from "./change-kind.ts";
import { proportion, type Standing, WHOLE } from "./standing.ts";

/** How both instants are looked at. */
export interface Lens {
  /** The first instant. */
  readonly from: Date;
  /** Whether what has this status and these dates is in the period; without a period, whether it is open. */
  isInPeriod(standing: Dated): boolean;
  /** The categories that were asked for. */
  readonly categories: ReadonlySet<ForecastCategory>;
  /** Where it is converted: what one minor unit of a currency is worth at either instant, in one whole unit of all that is added up. */
  readonly worth: Worth | undefined;
}

export interface Worth {
  from(currency: string): bigint;
  to(currency: string): bigint;
}

export type Dated = Pick<Standing, "status" | "expectedCloseDate" | "actualCloseDate">;

/** A value in a currency; in "" for numbers, and for what is converted. */
export interface Counted {
  readonly currency: string;
  readonly value: bigint;
}

/** So much of an opportunity's change, in one bar. */
export interface Part extends Counted {
  readonly kind: ChangeKind;
}

/** The change of one opportunity. Its parts add up to what it counts at the second instant less what it counted at the first. */
export interface Change {
  readonly opening: Counted;
  readonly closing: Counted;
  readonly parts: readonly Part[];
}

const NOTHING: Counted = { currency: "", value: 0n };

/**
 * Walks from what the opportunity was to what it is, one thing after another in the order of the bars: its status (with its category
 * and the day on which it was closed), its date, its amount, its category, its share in the scope, and last the rates. Each step belongs
 * to one bar, with what the opportunity counts after the step less what it counted before. So one that was pushed out of the period
 * and raised is pushed out with its former amount, and nowhere raised; one that was pulled in and raised is pulled in with its former
 * amount, and then raised by the rest. What is new, restored or deleted has one step only, with all that it is, or was.
 *
 * Undefined where it counts at neither instant, in any category: what came and went between them is in no bar.
 */
export function attributeChange(
  before: Standing | undefined,
  after: Standing | undefined,
  lens: Lens,
): Change | undefined {
  if (!counts(before, lens) && !counts(after, lens)) return undefined;
  const parts = stepsOf(before, after, lens).flatMap((step) => partsOf(step, lens));
  const valued = countedOf(after, lens);
  const closing = lens.worth && isAsked(after, lens) ? inOne(after, lens.worth.to) : valued;
  if (closing.value !== valued.value)
    parts.push({ kind: "exchange_rate", currency: "", value: closing.value - valued.value });
  return { opening: countedOf(before, lens), closing, parts };
}

interface Step {
  /** Two where the sign of the difference decides: of more, and of less. */
  readonly kind: ChangeKind | readonly [ChangeKind, ChangeKind];
  readonly at: Standing | undefined;
  readonly next: Standing | undefined;
}

function stepsOf(before: Standing | undefined, after: Standing | undefined, lens: Lens): Step[] {
  if (before === undefined)
    return [{ kind: after!.createdAt > lens.from ? "new" : "restored", at: undefined, next: after }];
  if (after === undefined) return [{ kind: "deleted", at: before, next: undefined }];
  const steps: Step[] = [];
  let at = before;
  const go = (kind: Step["kind"], change: Partial<Standing>) => {
    const next = { ...at, ...change };
    steps.push({ kind, at, next });
    at = next;
  };
  const { status, category, expectedCloseDate, actualCloseDate, currency, units, share, credited } = after;
  if (status !== before.status) go(status === "open" ? "reopened" : status, { status, category, actualCloseDate });
  if (expectedCloseDate !== at.expectedCloseDate || actualCloseDate !== at.actualCloseDate) {
    const dated = { expectedCloseDate, actualCloseDate };
    go(lens.isInPeriod({ status, ...dated }) ? "pulled_in" : "pushed_out", dated);
  }
  if (units !== at.units || currency !== at.currency) {
    const ofShare = share === at.share ? credited : proportion(units, at.share, WHOLE);
    go(["increased", "decreased"], { currency, units, credited: ofShare });
  }
  if (category !== at.category) go("recategorised", { category });
  if (share !== at.share || credited !== at.credited)
    go(share < at.share ? "transferred_out" : "transferred_in", { share, credited });
  return steps;
}

/** One that goes from one category to another is told, even where it counts the same in both. */
function partsOf({ kind, at, next }: Step, lens: Lens): Part[] {
  const [less, more] = [countedOf(at, lens), countedOf(next, lens)];
  const part = (currency: string, value: bigint): Part => {
    const [ofMore, ofLess] = typeof kind === "string" ? [kind, kind] : kind;
    return { kind: value < 0n ? ofLess : ofMore, currency, value };
  };
  if (less.value === 0n && more.value === 0n) return [];
  if (less.value !== 0n && more.value !== 0n && less.currency !== more.currency)
    return [part(less.currency, -less.value), part(more.currency, more.value)];
  const value = more.value - less.value;
  if (value === 0n && at?.category === next?.category) return [];
  return [part(less.value === 0n ? more.currency : less.currency, value)];
}

function counts(standing: Standing | undefined, lens: Lens): standing is Standing {
  return standing !== undefined && standing.category !== null && standing.credited !== 0n && lens.isInPeriod(standing);
}

function isAsked(standing: Standing | undefined, lens: Lens): standing is Standing {
  return counts(standing, lens) && lens.categories.has(standing.category!);
}

/** At the rates of the first instant, where it is converted. */
function countedOf(standing: Standing | undefined, lens: Lens): Counted {
  if (!isAsked(standing, lens)) return NOTHING;
  const { currency, credited } = standing;
  return lens.worth ? inOne(standing, lens.worth.from) : { currency, value: credited };
}

function inOne({ currency, credited }: Standing, worth: (currency: string) => bigint): Counted {
  return { currency: "", value: credited * worth(currency) };
}
