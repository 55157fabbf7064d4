import { describe, expect, it } from "vitest";
import { makeDeal, makeStages, openForecasting, storages } from "../forecasting-fixture.ts";

const number = { period: "2026-Q4", measure: "count", method: "single" } as const;

describe.each(storages)("a forecast on %s", (_, make) => {
  it("sees one state of all, whoever moves opportunities meanwhile", { timeout: 60_000 }, async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    const ids: string[] = [];
    for (let i = 0; i < 6; i++)
      ids.push((await makeDeal(crm, { stage: "commit", amount: "1", date: "2026-11-15" })).id);
    let done = false;
    const moving = (async () => {
      for (let round = 0; round < 15; round++)
        for (const id of ids) await crm.opportunities.moveTo(id, round % 2 === 0 ? "won" : "commit");
      done = true;
    })();
    const seen = new Set<number>();
    while (!done) {
      const { total } = await crm.forecasting.forecast(number);
      seen.add((total[0]!.commit as number) + (total[0]!.closed as number));
    }
    await moving;
    expect([...seen]).toEqual([6]);
  });

  it("reads in the caller's unit where there is one, and in the past", async () => {
    const { crm, instant } = await openForecasting(make);
    await makeStages(crm);
    await makeDeal(crm, { stage: "commit", amount: "1", date: "2026-11-15" });
    const before = instant();
    await crm.transaction(async (tx) => {
      const deal = { name: "Deal", expectedCloseDate: "2026-12-01" } as const;
      await tx.opportunities.create(deal);
      expect((await tx.forecasting.forecast(number)).total).toMatchObject([{ pipeline: 1, commit: 1 }]);
      expect((await tx.forecasting.forecast({ ...number, asOf: before })).total).toMatchObject([
        { pipeline: 0, commit: 1 },
      ]);
    });
    expect((await crm.asOf(before).forecasting.forecast(number)).total).toMatchObject([{ pipeline: 0, commit: 1 }]);
  });
});
