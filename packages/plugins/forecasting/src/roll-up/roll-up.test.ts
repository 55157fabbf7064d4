import { describe, expect, it } from "vitest";
import { eur, makeDeal, makeStages, makeUsers, openForecasting, refusal, storages } from "../forecasting-fixture.ts";

const q4 = { period: "2026-Q4" } as const;
const amounts = (cell: { readonly [name: string]: unknown } | undefined) =>
  Object.fromEntries(
    Object.entries(cell ?? {}).map(([name, figure]) => [
      name,
      Array.isArray(figure) ? figure.map(({ amount, currency }) => `${amount} ${currency}`).join(" + ") : figure,
    ]),
  );

describe.each(storages)("roll-ups on %s", (_, make) => {
  it("adds categories up as the field does: cumulative 150, 300 and 450 of 50, 100, 150 and 200", async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    await makeUsers(crm, "chief > rep");
    await makeDeal(crm, { stage: "pipeline", owner: "rep", amount: "200", date: "2026-12-01" });
    await makeDeal(crm, { stage: "best_case", owner: "rep", amount: "150", date: "2026-12-01" });
    await makeDeal(crm, { stage: "commit", owner: "rep", amount: "100", date: "2026-12-01" });
    await makeDeal(crm, { stage: "won", owner: "chief", amount: "50", date: "2026-11-15" });
    await makeDeal(crm, { stage: "lost", owner: "chief", amount: "7000", date: "2026-11-15" });
    await makeDeal(crm, { stage: "omitted", owner: "chief", amount: "7000", date: "2026-11-15" });
    const { lines, total } = await crm.forecasting.forecast(q4);
    expect(amounts(total[0])).toEqual({
      period: "2026-Q4",
      pipeline: "450.00 EUR",
      best_case: "300.00 EUR",
      most_likely: "150.00 EUR",
      commit: "150.00 EUR",
      closed: "50.00 EUR",
    });
    expect(lines.map(({ key, depth, parentKey }) => [key, depth, parentKey])).toEqual([
      ["chief", 0, null],
      ["rep", 1, "chief"],
    ]);
    expect(amounts(lines[0]!.own[0])).toMatchObject({ pipeline: "", commit: "50.00 EUR", closed: "50.00 EUR" });
    expect(amounts(lines[0]!.total[0])).toEqual(amounts(total[0]));
    const single = await crm.forecasting.forecast({ ...q4, method: "single" });
    expect(amounts(single.total[0])).toEqual({
      period: "2026-Q4",
      pipeline: "200.00 EUR",
      best_case: "150.00 EUR",
      most_likely: "",
      commit: "100.00 EUR",
      closed: "50.00 EUR",
    });
  });
});
