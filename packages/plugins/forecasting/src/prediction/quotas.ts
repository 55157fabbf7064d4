/** What users are to win in the period that is asked for. */
import type { Money } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";
import type { ForecastPeriod } from "../period/asked-periods.ts";

/** By user; of one period, since quotas are of months and quarters. */
export async function readQuotas(
  at: ForecastingContext,
  columns: readonly ForecastPeriod[],
): Promise<ReadonlyMap<string, Money>> {
  const quotas = new Map<string, Money>();
  const [period, more] = columns;
  if (period === undefined || more !== undefined) return quotas;
  const where = { periodUnit: period.unit, periodStart: period.from, measure: "amount", userId: { ne: null } } as const;
  for await (const { userId, amount } of at.forecastQuotas.iterate({ where, select: ["userId", "amount"] }))
    if (userId !== null && amount !== null) quotas.set(userId, amount);
  return quotas;
}
