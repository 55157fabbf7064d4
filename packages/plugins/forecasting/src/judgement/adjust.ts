/** Adjustments are made, made again, and withdrawn. */
import { invalidInput } from "@relata/core/plugin";
import type * as z from "zod";
import type { ForecastingContext } from "../parts.ts";
import { checkedQuery } from "../roll-up/ask-forecast.ts";
import { inOneState } from "../roll-up/in-one-state.ts";
import {
  ADJUSTMENT,
  type Adjustment,
  type AdjustmentInput,
  adjustmentOf,
  adjustmentSchema,
  type WithdrawInput,
  withdrawSchema,
} from "./adjustment-input.ts";
import { beneathOf } from "./beneath.ts";
import { judgedPeriod, periodName, type StoredPeriod } from "./judged-period.ts";
import { valueIssues } from "./value-input.ts";

/** What tells one from all others. */
const SLOT = [
  ...(["userId", "kind", "byId", "periodUnit", "periodStart", "method", "measure", "credit"] as const),
  ...(["category", "currency"] as const),
] as const;

/**
 * What the author has said of the same figure before gets the new value, and comes back where it was withdrawn; whoever says it side by side
 * leaves one. What lies beneath is read in one state, before the one write.
 *
 * @throws `invalid_input`, `adjustment_not_above`, and what the forecast throws
 */
export async function adjust(context: ForecastingContext, given: AdjustmentInput): Promise<Adjustment> {
  const input = checked(given);
  const { values, name } = await inOneState(context, (tx) => judgedValues(tx, input));
  const { record } = await context.forecastAdjustments.upsert(values, { by: SLOT });
  return adjustmentOf(record, name);
}

async function judgedValues(context: ForecastingContext, input: Checked) {
  const { userId, method, measure, credit, category, mode, whole, note = null } = input;
  // Of one instant, so that what is beneath is what history tells of it: where an import gives one, of that.
  const judgedAt = context.now();
  const at = context.asOf(judgedAt);
  const { periodUnit, periodStart, period } = judgedPeriod(await at.settings.current(), input.period, ADJUSTMENT);
  const { byId, kind } = await authorOf(at, input);
  const amount = input.amount ?? null;
  const currency = whole || amount === null ? "" : amount.currency;
  const slot = { userId, kind, byId, periodUnit, periodStart, method, measure, credit, category, currency };
  const draft = { ...slot, mode, amount, number: input.number ?? null };
  const beneath = await beneathOf(at, draft, period);
  return { name: period.name, values: { ...draft, note, judgedAt, beneath, withdrawn: false } };
}

/**
 * It no longer counts, and stays, with what it was. One that is withdrawn already stays as it is.
 *
 * @throws `invalid_input`, `not_found`, `adjustment_not_above`
 */
export async function withdraw(context: ForecastingContext, given: WithdrawInput): Promise<Adjustment> {
  const { id, by = context.actorId ?? undefined, note } = checkedQuery(ADJUSTMENT, withdrawSchema, given);
  if (by === undefined) throw nobody();
  return context.transaction(async (tx) => {
    const before = await tx.forecastAdjustments.get(id);
    const nameOf = async (record: StoredPeriod) => periodName(await tx.settings.current(), record);
    const isAbove = by === before.byId || (await standsAbove(tx, by, before.byId));
    if (!isAbove) throw notAbove(tx, { byId: by, userId: before.byId });
    if (before.withdrawn) return adjustmentOf(before, await nameOf(before));
    const record = await tx.forecastAdjustments.update(id, { withdrawn: true, note: note ?? null });
    return adjustmentOf(record, await nameOf(record));
  });
}

type Checked = z.output<typeof adjustmentSchema>;

function checked(given: AdjustmentInput): Checked {
  const input = checkedQuery(ADJUSTMENT, adjustmentSchema, given);
  const issues = [...valueIssues(input)];
  if (input.whole && input.measure === "count")
    issues.push({ field: "whole", code: "not_allowed", message: "is for money: all numbers are of the whole" });
  if (issues.length > 0) throw invalidInput(ADJUSTMENT, issues);
  return input;
}

/** @throws `invalid_input` for nobody, for no user, and for a `kind` that is another one; `adjustment_not_above` */
async function authorOf(
  context: ForecastingContext,
  { userId, by = context.actorId ?? undefined, kind: wanted }: Checked,
): Promise<{ readonly byId: string; readonly kind: "owner" | "manager" }> {
  if (by === undefined) throw nobody();
  const user = await context.users.find({ where: { id: userId }, select: ["id"], archived: "include" });
  if (!user) {
    const message = `refers to "${userId}", which is no user`;
    throw invalidInput(ADJUSTMENT, [{ field: "userId", code: "reference_not_found", message }]);
  }
  const kind = by === userId ? "owner" : "manager";
  if (kind === "manager" && !(await standsAbove(context, by, userId))) throw notAbove(context, { byId: by, userId });
  if (wanted === undefined || wanted === kind) return { byId: by, kind };
  const message = `is "${wanted}", and what "${by}" says of "${userId}" is "${kind}": leave it out, or give another \`by\``;
  throw invalidInput(ADJUSTMENT, [{ field: "kind", code: "not_allowed", message }]);
}

async function standsAbove(context: ForecastingContext, byId: string, userId: string): Promise<boolean> {
  const above = await context.users.ancestors(userId, { select: ["id"], archived: "include" });
  return above.some(({ record }) => record.id === byId);
}

function notAbove(
  context: ForecastingContext,
  { byId, userId }: { readonly byId: string; readonly userId: string },
): Error {
  return context.error("adjustment_not_above", { entity: ADJUSTMENT, field: "by", byId, userId });
}

function nobody(): Error {
  const message = "is required where the handle acts for nobody: say who adjusts, or use crm.as({ actorId })";
  return invalidInput(ADJUSTMENT, [{ field: "by", code: "missing_field", message }]);
}
