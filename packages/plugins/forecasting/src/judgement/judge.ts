/** What each person of a manager tree makes of a figure: the recursion over owners' and managers' adjustments. Pure. */
import { addTallies, nothing, subtractTallies, type Tally } from "../roll-up/tally.ts";

/** Somebody's word on the figure of a user. */
export interface Judgement {
  readonly id: string;
  readonly userId: string;
  readonly kind: "owner" | "manager";
  readonly byId: string;
  readonly mode: "absolute" | "difference";
  /** Of `units`; empty for numbers. */
  readonly currency: string;
  readonly units: bigint;
  /** Of all that there is, in whatever currency, and not of what is in `currency` alone. An author says it once of a figure. */
  readonly whole: boolean;
}

/**
 * `counts`; `replaced` by an absolute one that comes after it; `not_above`: its author stands above the user no longer, and it is left
 * out.
 */
export type JudgementState = "counts" | "replaced" | "not_above";

export interface Judged<J extends Judgement = Judgement> {
  readonly judgement: J;
  readonly state: JudgementState;
  /** The figure that it is applied to. */
  readonly beneath: Tally;
}

/** The views of one figure of a user. */
export interface Views<J extends Judgement = Judgement> {
  /** What the user owns. */
  readonly ownerOnly: Tally;
  /** With what those below own; nobody's judgement. */
  readonly withoutAdjustments: Tally;
  /** What the user owns, and the figures of the direct reports as the user sees them. */
  readonly withoutOwnerAdjustment: Tally;
  /** What the user says: the same, with the user's own adjustment. */
  readonly withoutManagerAdjustment: Tally;
  /** What is said of the user above: with the adjustments of those who stand there. */
  readonly forecast: Tally;
  /** All of this user's figure, in the order in which they apply; those that are left out at the end. */
  readonly judged: readonly Judged<J>[];
  /** How many count further down. */
  readonly adjustmentsBelow: number;
}

export interface Tree<J extends Judgement = Judgement> {
  /** From the top down: nobody before the own manager. */
  readonly userIds: readonly string[];
  /** Of everybody, those above the first of `userIds` too. */
  readonly managerOf: ReadonlyMap<string, string | null>;
  readonly own: ReadonlyMap<string, Tally>;
  readonly judgements: readonly J[];
}

/**
 * `base(U) = own(U) + Σ forecast(S)` over the direct reports `S`; the owner's adjustment applies to it, and then those of the persons above,
 * from the direct manager upwards. An absolute one replaces the figure with all that lies beneath, a difference is added to it. Of one
 * person, those of single currencies apply before that of the whole.
 */
export function judge<J extends Judgement>(tree: Tree<J>): ReadonlyMap<string, Views<J>> {
  const { userIds, managerOf, own, judgements } = tree;
  const byUser = Map.groupBy(judgements, ({ userId }) => userId);
  const below = new Map<string, Pick<Views, "withoutAdjustments" | "forecast" | "adjustmentsBelow">>();
  const found = new Map<string, Views<J>>();
  for (const id of userIds.toReversed()) {
    const reports = below.get(id) ?? EMPTY;
    const ownerOnly = own.get(id) ?? nothing;
    const base = addTallies(ownerOnly, reports.forecast);
    const { layers, left } = layersOf(byUser.get(id) ?? [], managerOf);
    const judged = appliedTo(base, layers);
    const views: Views<J> = {
      ownerOnly,
      withoutAdjustments: addTallies(ownerOnly, reports.withoutAdjustments),
      withoutOwnerAdjustment: base,
      withoutManagerAdjustment: judged.afterOwner,
      forecast: judged.figure,
      judged: [...judged.each, ...left],
      adjustmentsBelow: reports.adjustmentsBelow,
    };
    found.set(id, views);
    const managerId = managerOf.get(id);
    if (managerId === null || managerId === undefined) continue;
    const sum = below.get(managerId) ?? EMPTY;
    below.set(managerId, {
      withoutAdjustments: addTallies(sum.withoutAdjustments, views.withoutAdjustments),
      forecast: addTallies(sum.forecast, views.forecast),
      adjustmentsBelow: sum.adjustmentsBelow + reports.adjustmentsBelow + counting(views.judged),
    });
  }
  return new Map(userIds.map((id) => [id, found.get(id)!]));
}

const EMPTY = { withoutAdjustments: nothing, forecast: nothing, adjustmentsBelow: 0 };

/** How far above the user somebody stands: 0 for the user, 1 for the direct manager; undefined where not above. */
function distanceTo(
  byId: string,
  { userId, managerOf }: { readonly userId: string; readonly managerOf: ReadonlyMap<string, string | null> },
): number | undefined {
  const seen = new Set<string>();
  let at: string | null | undefined = userId;
  while (at !== null && at !== undefined && !seen.has(at)) {
    if (at === byId) return seen.size;
    seen.add(at);
    at = managerOf.get(at);
  }
  return undefined;
}

interface Layer<J> {
  readonly judgement: J;
  readonly distance: number;
}

/** In the order in which they apply. */
function layersOf<J extends Judgement>(judgements: readonly J[], managerOf: ReadonlyMap<string, string | null>) {
  const layers: Layer<J>[] = [];
  const left: Judged<J>[] = [];
  for (const judgement of judgements) {
    const distance = distanceTo(judgement.byId, { userId: judgement.userId, managerOf });
    const stands = distance !== undefined && (judgement.kind === "owner") === (distance === 0);
    if (stands) layers.push({ judgement, distance });
    else left.push({ judgement, state: "not_above", beneath: nothing });
  }
  layers.sort((a, b) => a.distance - b.distance || Number(a.judgement.whole) - Number(b.judgement.whole));
  return { layers, left };
}

function appliedTo<J extends Judgement>(base: Tally, layers: readonly Layer<J>[]) {
  let figure = base;
  let afterOwner = base;
  const each = layers.map(({ judgement, distance }, at): Judged<J> => {
    const beneath = judgement.whole ? figure : only(figure, judgement.currency);
    figure = applied(figure, judgement);
    if (distance === 0) afterOwner = figure;
    const isReplaced = layers.slice(at + 1).some((later) => replaces(later.judgement, judgement));
    return { judgement, state: isReplaced ? "replaced" : "counts", beneath };
  });
  return { figure, afterOwner, each };
}

function applied(figure: Tally, { mode, currency, units, whole }: Judgement): Tally {
  const said: Tally = new Map([[currency, units]]);
  if (mode === "difference") return addTallies(figure, said);
  return whole ? said : new Map([...figure, [currency, units]]);
}

function replaces({ mode, currency, whole }: Judgement, earlier: Judgement): boolean {
  return mode === "absolute" && (whole || earlier.currency === currency);
}

function counting(judged: readonly Judged[]): number {
  return judged.filter(({ state }) => state === "counts").length;
}

/** What is in one currency. */
function only(tally: Tally, currency: string): Tally {
  const units = tally.get(currency);
  return units === undefined ? nothing : new Map([[currency, units]]);
}

/** Whether two figures are the same; what is not there is 0. */
export function isSameTally(a: Tally, b: Tally): boolean {
  return [...subtractTallies(a, b).values()].every((units) => units === 0n);
}
