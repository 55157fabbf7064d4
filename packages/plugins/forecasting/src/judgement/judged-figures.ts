/** The figures of one category, of everybody, with what is said of them. */
import type { ForecastCategory, ForecastMethod } from "../category/category.ts";
import { moneyByCurrency, numbers } from "../roll-up/figure.ts";
import { byMethod, type CategoryTallies, type Tally } from "../roll-up/tally.ts";
import type { AdjustmentRecord } from "./adjustment-input.ts";
import type { FigureMaker } from "./figure-maker.ts";
import { isSameTally, type Judged, judge, type Views } from "./judge.ts";
import type { JudgedAdjustment, JudgedFigure } from "./judged-line.ts";
import { judgementOf, type RecordedJudgement } from "./standing.ts";

export interface JudgedTree {
  /** From the top down. */
  readonly userIds: readonly string[];
  /** Of everybody. */
  readonly managerOf: ReadonlyMap<string, string | null>;
  /** Of each category alone. */
  readonly own: ReadonlyMap<string, CategoryTallies>;
  readonly method: ForecastMethod;
  readonly records: readonly AdjustmentRecord[];
}

type Recorded = RecordedJudgement<AdjustmentRecord>;

export function judgedFigures(
  { userIds, managerOf, own, method, records }: JudgedTree,
  category: ForecastCategory,
  figures: FigureMaker,
): ReadonlyMap<string, JudgedFigure> {
  const column = new Map([...own].map(([id, tallies]) => [id, byMethod(method, tallies)[category]]));
  const all = records.filter((record) => record.category === category).map((record) => judgementOf(record.id, record));
  const ofParts = all.filter(({ whole, record }) => !whole || record.amount === null);
  const byCurrency = judge({ userIds, managerOf, own: column, judgements: ofParts });
  const shown = figures.isConverted ? judge({ userIds, managerOf, own: column, judgements: all }) : byCurrency;
  return new Map(
    userIds.map((id) => {
      const views = shown.get(id)!;
      // What is said of one currency is said of what is in it: no conversion, and nothing that is said of a whole.
      const beneath = new Map(byCurrency.get(id)!.judged.map((each) => [each.judgement.id, each.beneath]));
      const adjustments = views.judged.map((each) =>
        adjustmentOf(each, beneath.get(each.judgement.id) ?? each.beneath, figures),
      );
      return [id, { category, ...shownViews(views, figures), adjustments, adjustmentsBelow: views.adjustmentsBelow }];
    }),
  );
}

function shownViews(views: Views, { finish }: FigureMaker) {
  return {
    ownerOnly: finish(views.ownerOnly),
    withoutAdjustments: finish(views.withoutAdjustments),
    withoutOwnerAdjustment: finish(views.withoutOwnerAdjustment),
    withoutManagerAdjustment: finish(views.withoutManagerAdjustment),
    forecast: finish(views.forecast),
  };
}

function adjustmentOf({ judgement, state }: Judged<Recorded>, now: Tally, figures: FigureMaker): JudgedAdjustment {
  const { id, kind, byId, mode, amount, number, note, judgedAt, beneath, currency } = judgement.record;
  const said = { id, kind, byId, mode, amount, number, whole: currency === "", note, judgedAt, state };
  if (state === "not_above") return { ...said, stale: false, beneath: null };
  const then = typeof beneath === "number" ? numbers.tallyOf(beneath) : moneyByCurrency.tallyOf(beneath);
  const { unitsOf, figureOf } = judgement.whole
    ? figures.allIn(judgement.currency)
    : figures.partIn(judgement.currency);
  const [before, after] = [unitsOf(then), unitsOf(now)];
  return {
    ...said,
    stale: !isSameTally(then, now),
    beneath: { was: figureOf(before), is: figureOf(after), change: figureOf(after - before) },
  };
}
