/** What users are to win in the period that is asked for. */
import type { Money } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";
import type { ForecastPeriod } from "../period/asked-periods.ts";
import { readManagers } from "../roll-up/managers.ts";

export interface KnownQuota {
  readonly userId: string;
  readonly amount: Money;
  /** The user and everybody below: all who win towards it. */
  readonly users: readonly string[];
}

/** In the order of the users; of one period, since quotas are of months and quarters. */
export async function readQuotas(
  at: ForecastingContext,
  columns: readonly ForecastPeriod[],
  users: readonly string[] | undefined,
): Promise<readonly KnownQuota[]> {
  const [period, more] = columns;
  if (period === undefined || more !== undefined) return [];
  const found: Omit<KnownQuota, "users">[] = [];
  const where = { periodUnit: period.unit, periodStart: period.from, measure: "amount", userId: { ne: null } } as const;
  for await (const { userId, amount } of at.forecastQuotas.iterate({ where, select: ["userId", "amount"] }))
    if (userId !== null && amount !== null && users?.includes(userId) !== false) found.push({ userId, amount });
  if (found.length === 0) return [];
  const managers = await readManagers(at);
  return found
    .map((quota) => ({ ...quota, users: managers.atOrUnder(quota.userId).map(({ id }) => id) }))
    .sort((a, b) => (a.userId < b.userId ? -1 : 1));
}
