/** What a quarter was predicted to bring when it began, beside what it brought; and what the next one is predicted to bring. */
import { fiscalPeriodOf, type Money, shiftFiscalPeriod } from "@relata/core";
import type { SalesCrm } from "../crm.ts";
import { addDays, earlierDay, endOf } from "../day.ts";
import { formatMoney } from "./format.ts";
import { renderTable } from "./table.ts";

export interface Predicted {
  readonly quarter: string;
  readonly low: Money;
  readonly middle: Money;
  readonly high: Money;
  /** Undefined while the quarter goes on, and before it. */
  readonly won: readonly Money[] | undefined;
}

/** @param quarters Those in which something was won, in order. The first has no history to learn from. */
export async function readPredicted(
  crm: SalesCrm,
  quarters: readonly { readonly quarter: string | null; readonly amount: readonly Money[] }[],
  lastDay: string,
): Promise<readonly Predicted[]> {
  const settings = await crm.settings.current();
  const last = fiscalPeriodOf(settings, "quarter", lastDay);
  const next = { ...shiftFiscalPeriod(settings, last, 1), won: undefined };
  const known = quarters.flatMap(({ quarter, amount }) => {
    if (quarter === null) return [];
    const [year, number] = quarter.split("-Q");
    const period = fiscalPeriodOf(settings, "quarter", `${year}-${String(3 * Number(number)).padStart(2, "0")}-01`);
    return [{ ...period, won: period.until <= lastDay ? amount : undefined }];
  });
  const predicted: Predicted[] = [];
  for (const { name, from, won } of [...known.slice(1), next]) {
    const eve = earlierDay(addDays(from, -1), lastDay);
    const { currencies } = await crm.asOf(endOf(eve)).forecasting.predict({ period: name });
    const [found] = currencies;
    if (!found) continue;
    const { p10, p50, p90 } = found.total;
    predicted.push({ quarter: name, low: p10, middle: p50, high: p90, won });
  }
  return predicted;
}

export function renderPredicted(rows: readonly Predicted[]): string {
  const rounded = ({ amount, currency }: Money) => formatMoney([{ amount: Number(amount).toFixed(0), currency }]);
  return renderTable(rows, [
    { head: "Quarter", cell: ({ quarter }) => quarter },
    { head: "At least, 9 of 10 times", align: "right", cell: ({ low }) => rounded(low) },
    { head: "In the middle", align: "right", cell: ({ middle }) => rounded(middle) },
    { head: "At most, 9 of 10 times", align: "right", cell: ({ high }) => rounded(high) },
    { head: "Won", align: "right", cell: ({ won }) => (won ? formatMoney(won) : "–") },
  ]);
}
