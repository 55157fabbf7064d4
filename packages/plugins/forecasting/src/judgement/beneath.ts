/** What an adjustment is made of: the figure that it applies to. */
import type { Money } from "@relata/core/plugin";
import { readCategories } from "../category/category-of.ts";
import type { ForecastingContext } from "../parts.ts";
import { askScope } from "../roll-up/ask-forecast.ts";
import { moneyByCurrency, numbers } from "../roll-up/figure.ts";
import { readManagers } from "../roll-up/managers.ts";
import { byMethod, nothing, type Tally } from "../roll-up/tally.ts";
import type { AdjustmentRecord } from "./adjustment-input.ts";
import { judge } from "./judge.ts";
import { readOwn } from "./own-figures.ts";
import { judgementOf, standingAdjustments } from "./standing.ts";

/** An adjustment that is about to be written. */
export type Draft = Pick<
  AdjustmentRecord,
  | (
      | "userId"
      | "kind"
      | "byId"
      | "periodUnit"
      | "periodStart"
      | "method"
      | "measure"
      | "credit"
      | "category"
      | "currency"
    )
  | ("mode" | "amount" | "number")
>;

/** By currency, or a number. @throws what a forecast of the present throws */
export async function beneathOf(
  at: ForecastingContext,
  draft: Draft,
  { from, until }: { readonly from: string; readonly until: string },
): Promise<number | readonly Money[]> {
  const { userId, method, measure, credit, category } = draft;
  const asked = await askScope(at, "forecast", { measure, credit, method });
  const managers = await readManagers(at);
  const userIds = managers.atOrUnder(userId).map(({ id }) => id);
  const categories = await readCategories(at, "refused");
  const own = await readOwn(asked, categories, { from, until, line: { user: true }, users: userIds });
  const { records } = await standingAdjustments(at, draft, new Set(userIds));
  const others = records.filter((record) => isBeside(record, draft)).map((record) => judgementOf(record.id, record));
  const views = judge({
    userIds,
    managerOf: new Map(managers.nodes.map(({ id, managerId }) => [id, managerId])),
    own: new Map([...own].map(([id, figures]) => [id, byMethod(method, figures)[category]])),
    judgements: [...others, judgementOf(DRAFT, draft)],
  });
  const found = views.get(userId)!.judged.find(({ judgement }) => judgement.id === DRAFT);
  return storedFigure(found?.beneath ?? nothing, measure);
}

/** No record has this id. */
const DRAFT = "";

/** Others of the category; of single currencies those too, where the whole is judged, and only those where a currency is. */
function isBeside(record: AdjustmentRecord, draft: Draft): boolean {
  if (record.category !== draft.category || (draft.currency !== "" && record.currency === "")) return false;
  const { userId, kind, byId, currency } = record;
  return !(userId === draft.userId && kind === draft.kind && byId === draft.byId && currency === draft.currency);
}

function storedFigure(tally: Tally, measure: Draft["measure"]): number | readonly Money[] {
  if (measure === "count") return numbers.finish(tally) as number;
  const there = new Map([...tally].filter(([, units]) => units !== 0n));
  return moneyByCurrency.finish(there) as readonly Money[];
}
