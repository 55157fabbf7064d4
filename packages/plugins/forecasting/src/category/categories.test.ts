import { describe, expect, it } from "vitest";
import {
  eur,
  type ForecastingCrm,
  makeDeal,
  makeStages,
  makeUsers,
  openForecasting,
  refusal,
  storages,
} from "../forecasting-fixture.ts";

const sales = {
  pipeline: "sales",
  qualification: "pipeline",
  discovery: "best_case",
  proposal: "most_likely",
} as const;
const { pipeline: _, ...almost } = sales;
const stages = { ...almost, negotiation: "commit" } as const;

describe.each(storages)("forecast categories on %s", (_storage, make) => {
  it("follow the stage's probability, until one open stage of the pipeline has been given one", async () => {
    const { crm } = await openForecasting(make);
    const found = async () =>
      (await crm.forecasting.categories()).map((each) => `${each.stage} ${each.category} ${each.set}`);
    expect(await found()).toEqual([
      "qualification pipeline false",
      "discovery pipeline false",
      "proposal best_case false",
      "negotiation commit false",
      "won closed false",
      "lost omitted false",
    ]);
    await crm.forecasting.setCategories({ stages: { ...stages, won: "closed", lost: "omitted" } });
    expect(await found()).toEqual([
      "qualification pipeline true",
      "discovery best_case true",
      "proposal most_likely true",
      "negotiation commit true",
      "won closed false",
      "lost omitted false",
    ]);
  });

  it("are set for the standard pipeline that nobody has used yet", async () => {
    const { crm } = await openForecasting(make);
    await crm.forecasting.setCategories({ pipeline: "sales", stages });
    expect((await crm.forecasting.categories("sales"))[3]).toEqual({
      stage: "negotiation",
      name: "Negotiation",
      outcome: "open",
      category: "commit",
      set: true,
    });
  });

  it("refuse a stage that is left out, unknown, open and closed, or won and anything else, and store nothing", async () => {
    const { crm } = await openForecasting(make);
    await crm.forecasting.setCategories({ stages });
    const before = await crm.forecasting.categories();
    const wrong = { ...almost, qualification: "closed", prposal: "commit", won: "commit", lost: "pipeline" } as const;
    const error = await refusal(crm.forecasting.setCategories({ stages: wrong }));
    expect(error.code).toBe("invalid_input");
    expect(error.details.issues).toEqual([
      {
        field: "stages.negotiation",
        code: "missing_field",
        message: "is required: stage negotiation of pipeline sales is open",
      },
      {
        field: "stages.qualification",
        code: "not_allowed",
        message: "is an open stage, and only what is won is closed",
      },
      { field: "stages.prposal", code: "not_allowed", message: "is no stage of pipeline sales" },
      { field: "stages.won", code: "not_allowed", message: "is a won stage, which is always closed" },
      { field: "stages.lost", code: "not_allowed", message: "is a lost stage, which is always omitted" },
    ]);
    expect(await crm.forecasting.categories()).toEqual(before);
    for (const wrong of [5, null, {}])
      expect(await refusal(crm.forecasting.categories(wrong as never))).toMatchObject({
        code: "invalid_input",
        details: { entity: "categories", field: "pipeline" },
      });
    const unknown = { ...stages, won: "sure" } as never;
    expect(await refusal(crm.forecasting.setCategories({ stages: unknown }))).toMatchObject({
      code: "invalid_input",
      details: { field: "stages.won" },
    });
    expect(await refusal(crm.forecasting.setCategories({ pipeline: "partners", stages }))).toMatchObject({
      code: "not_found",
      details: { entity: "pipeline", key: "partners" },
    });
    const direct = crm.stages
      .list({ limit: 1 })
      .then(({ items: [stage] }) => crm.stages.update(stage!.id, { forecastCategory: "commit" } as never));
    expect(await refusal(direct)).toMatchObject({ code: "invalid_input", details: { field: "forecastCategory" } });
  });

  it("are asked of a stage by its key alone, whatever that is", async () => {
    const { crm } = await openForecasting(make);
    await crm.pipelines.define({
      key: "sales",
      name: "Sales",
      entityType: "opportunity",
      stages: [
        { key: "constructor", name: "Constructor", outcome: "open", probability: "10" },
        { key: "won", name: "Won", outcome: "won" },
        { key: "lost", name: "Lost", outcome: "lost" },
      ],
    });
    expect(await refusal(crm.forecasting.setCategories({ stages: {} }))).toMatchObject({
      code: "invalid_input",
      details: { field: "stages.constructor", issues: [{ code: "missing_field" }] },
    });
  });

  it("of an opportunity's own last until its next move, unless the move's own write gives one", async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    const deal = await makeDeal(crm, { stage: "pipeline", date: "2026-12-01", amount: "10" });
    const categoryOf = async () => (await crm.opportunities.get(deal.id)).forecastCategory;
    await crm.opportunities.update(deal.id, { forecastCategory: "commit" });
    await crm.opportunities.update(deal.id, { name: "Renamed" });
    await crm.opportunities.moveTo(deal.id, "pipeline");
    expect(await categoryOf()).toBe("commit");
    await crm.opportunities.moveTo(deal.id, "best_case");
    expect(await categoryOf()).toBeNull();
    await crm.opportunities.moveTo(deal.id, "commit", { set: { forecastCategory: "omitted" } as never });
    expect(await categoryOf()).toBe("omitted");
    await crm.opportunities.moveTo(deal.id, "won");
    expect(await categoryOf()).toBeNull();
    await crm.opportunities.update(deal.id, { forecastCategory: "commit" });
    const ends = [
      { key: "won", name: "Won", outcome: "won" },
      { key: "lost", name: "Lost", outcome: "lost" },
    ] as const;
    const one = { key: "one", name: "One", outcome: "open", probability: "10" } as const;
    await crm.pipelines.define({
      key: "renewals",
      name: "Renewals",
      entityType: "opportunity",
      stages: [one, ...ends],
    });
    await crm.opportunities.moveToPipeline(deal.id, { pipeline: "renewals", stage: "one" });
    expect(await categoryOf()).toBeNull();
    const error = await refusal(crm.opportunities.update(deal.id, { forecastCategory: "closed" as never }));
    expect(error).toMatchObject({ code: "invalid_input", details: { field: "forecastCategory" } });
  });

  it("of its own stay where its stage is merged into another one, which is no move", async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    const deal = await makeDeal(crm, { stage: "best_case", date: "2026-12-01", amount: "10" });
    await crm.opportunities.update(deal.id, { forecastCategory: "commit" });
    await crm.opportunities.mergeStages({ pipeline: "sales", from: "best_case", into: "most_likely" });
    expect(await crm.opportunities.get(deal.id)).toMatchObject({ forecastCategory: "commit" });
  });

  it("of won are closed and of lost omitted, whatever the opportunity says", async () => {
    const { crm } = await openForecasting(make);
    await makeStages(crm);
    for (const stage of ["won", "lost"]) {
      const { id } = await makeDeal(crm, { stage, date: "2026-11-15", amount: "10" });
      await crm.opportunities.update(id, { forecastCategory: "commit" });
    }
    const { total } = await crm.forecasting.forecast({ period: "2026-Q4", method: "single" });
    expect(total).toEqual([
      {
        period: "2026-Q4",
        pipeline: [],
        best_case: [],
        most_likely: [],
        commit: [],
        closed: [{ amount: "10.00", currency: "EUR" }],
      },
    ]);
  });

  it("are asked for where a stage came later, as soon as something in it would count", async () => {
    const { crm } = await openForecasting(make);
    await crm.forecasting.setCategories({ stages });
    await addTrial(crm);
    const period = { period: "2026-Q4" } as const;
    await crm.forecasting.forecast(period);
    const { id } = await makeDeal(crm, { stage: "trial", date: "2026-12-01", amount: "10" });
    const asked = [
      () => crm.forecasting.forecast(period),
      () => crm.forecasting.opportunitiesBehind({ ...period, category: "commit" }),
      () => crm.forecasting.categories(),
    ];
    for (const call of asked)
      expect(await refusal(call())).toMatchObject({
        code: "stage_without_category",
        message:
          "Stages trial of pipeline sales have no forecast category: give each one with forecasting.setCategories.",
        details: { stages: "trial" },
      });
    await crm.opportunities.update(id, { forecastCategory: "commit" });
    expect((await crm.forecasting.forecast(period)).total[0]).toMatchObject({ commit: [{ amount: "10.00" }] });
  });

  it("are given to a retired stage that still holds opportunities", async () => {
    const { crm } = await openForecasting(make);
    await crm.forecasting.categories();
    await makeDeal(crm, { stage: "discovery", date: "2026-12-01", amount: "10" });
    await crm.opportunities.retireStage({ pipeline: "sales", stage: "discovery" });
    const { discovery, ...live } = stages;
    await crm.forecasting.setCategories({ stages: live });
    const period = { period: "2026-Q4", method: "single" } as const;
    expect(await refusal(crm.forecasting.forecast(period))).toMatchObject({
      code: "stage_without_category",
      details: { stages: "discovery" },
    });
    await crm.forecasting.setCategories({ stages: { ...live, discovery } });
    expect((await crm.forecasting.forecast(period)).total[0]).toMatchObject({ best_case: [eur("10.00")] });
    await crm.forecasting.setCategories({ stages: live });
    expect((await crm.forecasting.forecast(period)).total[0]).toMatchObject({ best_case: [eur("10.00")] });
  });

  it("that were lacking once are assumed by the stage's probability as of then, and told with the opportunities", async () => {
    const { crm, instant } = await openForecasting(make);
    await makeUsers(crm, "mona > rita");
    await crm.forecasting.setCategories({ stages });
    await addTrial(crm);
    const deal = { owner: "rita", date: "2026-12-01" } as const;
    await makeDeal(crm, { ...deal, name: "In trial", stage: "trial", amount: "10" });
    await makeDeal(crm, { ...deal, name: "Late", stage: "trial", amount: "5", date: "2026-11-01" });
    const own = await makeDeal(crm, { ...deal, name: "Its own", stage: "trial", amount: "2" });
    await crm.opportunities.update(own.id, { forecastCategory: "commit" });
    const word = { period: "2026-Q4", userId: "rita", category: "commit", amount: eur("1") } as const;
    expect(await refusal(crm.forecasting.adjust({ ...word, by: "mona" }))).toMatchObject({
      code: "stage_without_category",
    });
    expect(await crm.forecastAdjustments.count()).toBe(0);
    const lacking = instant();
    await crm.forecasting.setCategories({ stages: { ...stages, trial: "commit" } });
    const trial = [{ pipeline: "sales", stage: "trial", category: "best_case" }];
    const period = { period: "2026-Q4", method: "single" } as const;

    const then = await crm.forecasting.forecast({ ...period, asOf: lacking });
    expect(then.total[0]).toMatchObject({ best_case: [eur("15.00")], commit: [eur("2.00")] });
    expect(then.assumed).toEqual({ count: 2, figure: [eur("15.00")], stages: trial });
    expect(await crm.asOf(lacking).forecasting.forecast(period)).toEqual(then);
    const { items } = await crm.forecasting.assumed({ ...period, asOf: lacking });
    expect(items.map(({ name, category, assumed, share }) => [name, category, assumed, share])).toEqual([
      ["In trial", "best_case", true, eur("10.00")],
      ["Late", "best_case", true, eur("5.00")],
    ]);
    const behind = { ...period, asOf: lacking, category: "commit" } as const;
    expect((await crm.forecasting.opportunitiesBehind(behind)).items).toMatchObject([
      { name: "Its own", assumed: false },
    ]);

    const is = await crm.forecasting.forecast(period);
    expect([is.total[0]!.commit, is.assumed]).toEqual([[eur("17.00")], { count: 0, figure: [], stages: [] }]);
    const moved = await crm.forecasting.changes({ period: "2026-Q4", from: lacking, category: "commit" });
    expect([moved.assumed, moved.closing]).toEqual([{ from: trial, to: [] }, [eur("17.00")]]);
    expect(moved.bars.find(({ kind }) => kind === "recategorised")!.figure).toEqual([eur("15.00")]);
    const { users, assumed } = await crm.forecasting.judged({ ...period, asOf: lacking, category: "best_case" });
    expect([users[0]!.figures[0]!.withoutAdjustments, assumed]).toEqual([[eur("15.00")], trial]);
    expect((await crm.asOf(lacking).forecasting.categories()).find(({ stage }) => stage === "trial")).toMatchObject({
      category: "best_case",
      set: false,
    });

    await crm.opportunities.mergeStages({ pipeline: "sales", from: "trial", into: "proposal" });
    expect(await crm.forecasting.forecast({ ...period, asOf: lacking })).toEqual(then);
  });
});

/** A stage "trial" of 60 % more, which has no category. */
async function addTrial(crm: ForecastingCrm): Promise<void> {
  const { items } = await crm.stages.list({
    where: { pipeline: { key: "sales" } },
    orderBy: [{ position: "asc" }],
  });
  await crm.pipelines.define({
    key: "sales",
    name: "Sales",
    entityType: "opportunity",
    stages: [
      ...items.map(({ key, name, outcome, probability }) => ({ key, name, outcome, probability })),
      { key: "trial", name: "Trial", outcome: "open", probability: "60" },
    ],
  });
}
