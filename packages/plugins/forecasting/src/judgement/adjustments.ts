/** The adjustments of a period, each with what was said before, by whom and when. */
import type { Money } from "@relata/core/plugin";
import { compareText } from "@relata/core/plugin";
import type { ForecastCredit, ForecastMeasure, ForecastMethod } from "../category/category.ts";
import type { ForecastingContext } from "../parts.ts";
import { checkedQuery } from "../roll-up/ask-forecast.ts";
import {
  ADJUSTMENT,
  type Adjustment,
  type AdjustmentRecord,
  adjustmentOf,
  adjustmentsSchema,
} from "./adjustment-input.ts";
import type { AdjustableCategory } from "./forecast-adjustment.ts";
import { judgedPeriod, type PeriodInput } from "./judged-period.ts";

export interface AdjustmentsQuery {
  readonly period: PeriodInput;
  /** Of this user's figures. */
  readonly userId?: string | undefined;
  /** What this one has said. */
  readonly byId?: string | undefined;
  /** Of the figures of this user and of all below. */
  readonly under?: string | undefined;
  readonly method?: ForecastMethod | undefined;
  readonly measure?: ForecastMeasure | undefined;
  readonly credit?: ForecastCredit | undefined;
  readonly category?: AdjustableCategory | undefined;
  /** Those that are withdrawn too: "include". They are left out unless said. */
  readonly withdrawn?: "exclude" | "include" | undefined;
  /** As they were then; now, unless given. */
  readonly asOf?: Date | undefined;
}

/** What was said. */
export interface Said {
  readonly mode: "absolute" | "difference";
  readonly amount: Money | null;
  readonly number: number | null;
  readonly note: string | null;
  readonly beneath: number | readonly Money[];
  readonly withdrawn: boolean;
}

export interface AdjustmentVersion {
  readonly at: Date;
  /** Who wrote it: the handle's actor. */
  readonly actorId: string | null;
  /** Null where nothing was said before. */
  readonly before: Said | null;
  readonly after: Said;
}

export interface AdjustmentWithHistory extends Adjustment {
  /** From the first to the last. */
  readonly history: readonly AdjustmentVersion[];
}

/** By user, category, and when they were first made. @throws `invalid_input`; `not_found` for `under` */
export async function adjustments(
  context: ForecastingContext,
  given: AdjustmentsQuery,
): Promise<readonly AdjustmentWithHistory[]> {
  const { asOf, period, under, withdrawn, ...equal } = checkedQuery(ADJUSTMENT, adjustmentsSchema, given);
  const at = asOf === undefined ? context : context.asOf(asOf);
  const asked = judgedPeriod(await at.settings.current(), period, ADJUSTMENT);
  const { periodUnit, periodStart } = asked;
  if (under !== undefined) await at.users.get(under);
  const where = {
    ...{ periodUnit, periodStart },
    ...Object.fromEntries(Object.entries(equal).filter(([, value]) => value !== undefined)),
    ...(withdrawn === "include" ? {} : { withdrawn: false }),
    ...(under === undefined ? {} : { user: { id: { atOrUnder: under } } }),
  };
  const records = await Array.fromAsync(at.forecastAdjustments.iterate({ where }));
  const histories = await historiesOf(
    at,
    records.map(({ id }) => id),
  );
  const order = (a: AdjustmentRecord, b: AdjustmentRecord) =>
    compareText(a.userId, b.userId) ||
    compareText(a.category, b.category) ||
    a.createdAt.getTime() - b.createdAt.getTime() ||
    compareText(a.id, b.id);
  return records
    .toSorted(order)
    .map((record) => ({ ...adjustmentOf(record, asked.period.name), history: histories.get(record.id) ?? [] }));
}

const AT_ONCE = 500;
const PAGE = 1_000;

type Version = Awaited<ReturnType<ForecastingContext["forecastAdjustments"]["versions"]>>[number];

async function historiesOf(
  context: ForecastingContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly AdjustmentVersion[]>> {
  const found: Version[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE);
    let last: Version | undefined;
    for (;;) {
      const before = last && { at: last.at, id: last.id, version: last.version };
      const page = await context.forecastAdjustments.versions({
        ids: some,
        limit: PAGE,
        ...(before ? { before } : {}),
      });
      found.push(...page);
      if (page.length < PAGE) break;
      last = page.at(-1);
    }
  }
  const byId = Map.groupBy(found, ({ id }) => id);
  return new Map([...byId].map(([id, versions]) => [id, told(versions)]));
}

/** Versions that only refer otherwise, as after a merge of users, say nothing new. */
function told(versions: readonly Version[]): readonly AdjustmentVersion[] {
  const history: AdjustmentVersion[] = [];
  let before: Said | null = null;
  for (const { at, by, changes } of versions.toSorted((a, b) => a.version - b.version)) {
    const after: Said = { ...(before ?? NOTHING_SAID), ...Object.fromEntries(changes.filter(isSaid).map(fieldAfter)) };
    if (before === null || changes.some(({ field }) => field === "judgedAt" || isSaid({ field })))
      history.push({ at, actorId: by, before, after });
    before = after;
  }
  return history;
}

const NOTHING_SAID: Said = {
  ...{ mode: "absolute", amount: null, number: null, note: null, beneath: [], withdrawn: false },
};

const SAID: readonly string[] = Object.keys(NOTHING_SAID);

function isSaid({ field }: { readonly field: string }): boolean {
  return SAID.includes(field);
}

function fieldAfter({ field, after }: Version["changes"][number]): readonly [string, unknown] {
  return [field, after];
}
