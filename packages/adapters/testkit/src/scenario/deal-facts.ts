/** What the quarter tells of its deals: how they were closed, how they went, and what the whole quarter has won. */
import { expect } from "vitest";
import { refusedDetails } from "../bench/refusal.ts";
import { type CrmFact, crmFact } from "../crm-suites/crm-bench.ts";
import type { CompanyCrm } from "./open-company.ts";
import { eur } from "./steps.ts";
import { played } from "./story.ts";

const quarter = { from: "2026-01-01", to: "2026-03-31" };

/** "lead 169.00 ben": the stays of a deal in order, with their hours and who began them. */
async function staysOf(crm: CompanyCrm, recordId: string): Promise<readonly string[]> {
  const { items } = await crm.opportunityStageEntries.list({
    where: { recordId },
    orderBy: [{ enteredAt: "asc" }],
    include: { stage: true },
  });
  return items.map(({ stage, durationMs, enteredBy }) => {
    const hours = durationMs === null ? "…" : (durationMs / 3_600_000).toFixed(2);
    return `${stage?.key} ${hours} ${enteredBy}`;
  });
}

export const dealFacts: readonly CrmFact[] = [
  crmFact("closes deals on the organisation's day, and keeps when they were expected", async (bench) => {
    const { crm } = await played(bench);
    const { items } = await crm.opportunities.list({
      where: { status: { ne: "open" } },
      include: { lostReason: true },
    });
    expect(
      items.map((deal) => {
        const { name, status, actualCloseDate, expectedCloseDate, salesCycleDays, probability, lostReason } = deal;
        const why = lostReason ? ` ${lostReason.key}` : "";
        return `${name}: ${status}${why} ${actualCloseDate}, not ${expectedCloseDate}, ${salesCycleDays} days, ${probability} %`;
      }),
    ).toEqual([
      "Tills for Zoë: won 2026-02-01, not 2026-02-27, 25 days, 100 %",
      "Suite: won 2026-03-10, not 2026-03-05, 61 days, 100 %",
      "Pilot: lost other 2026-01-26, not null, 14 days, 0 %",
      "Support for 2026: won 2026-02-20, not 2026-02-20, 36 days, 100 %",
      "A kitchen: won 2026-03-18, not 2026-03-18, 50 days, 100 %",
      "First order: won 2026-02-25, not 2026-02-25, 21 days, 100 %",
      "Hosting: lost timing 2026-03-05, not 2026-03-31, 23 days, 0 %",
    ]);
  }),
  crmFact("keeps what was true of a deal that was lost, reopened and won", async (bench) => {
    const { crm, book } = await played(bench);
    const suite = book.id("suite");
    // 7 days and an hour, 19 days, 7 days and 6 hours, 13 days and 17 hours, 14 days.
    expect(await staysOf(crm, suite)).toEqual([
      "lead 169.00 ben",
      "demo 456.00 ben",
      "offer 174.00 ben",
      "lost 329.00 ben",
      "offer 336.00 ben",
      "won … ben",
    ]);
    const lost = await crm
      .asOf(new Date("2026-02-20T12:00:00Z"))
      .opportunities.get(suite, { include: { lostReason: true } });
    expect(lost).toMatchObject({ status: "lost", actualCloseDate: "2026-02-10", lostReason: { key: "price" } });
    const reopened = await crm.asOf(new Date("2026-03-01T12:00:00Z")).opportunities.get(suite);
    expect(reopened).toMatchObject({
      status: "open",
      actualCloseDate: null,
      lostReasonId: null,
      probability: "60",
      expectedCloseDate: "2026-03-05",
    });
    const moved = await crm.opportunities.get(book.id("upgrade"), { include: { stage: true, pipeline: true } });
    expect(moved).toMatchObject({ stage: { key: "quoted" }, pipeline: { key: "renewal" }, probability: "80" });
    expect(await staysOf(crm, moved.id)).toEqual(["lead 168.00 ben", "offer 1008.00 ben", "quoted … ben"]);
  }),
  crmFact("refuses an offer without an amount, naming all that is missing", async (bench) => {
    const { crm, book } = await played(bench, "2026-02-16T09:00:00Z");
    const { issues } = await refusedDetails(crm.opportunities.moveTo(book.id("loyalty"), "offer"));
    expect(issues?.map(({ field }) => field)).toEqual(["amount", "expectedCloseDate"]);
    const note = crm.opportunities.moveTo(book.id("loyalty"), "lost", { lostReason: "other" });
    expect((await refusedDetails(note)).issues?.map(({ field }) => field)).toEqual(["lostNote"]);
  }),
  crmFact("has won, in euros and by owner, what the whole quarter closed", async (bench) => {
    const { crm } = await played(bench);
    const closed = { ...quarter, base: "closed" } as const;
    // Won: 15,380.01 + 4000 / 1.28. Lost: 8000 × 1.1 + 300 / 1.28 = 9034.375. Both: 27,539.385, to the even cent.
    expect(await crm.opportunities.winRate({ ...closed, unit: "amount", convert: {} })).toMatchObject([
      { numerator: eur("18505.01"), denominator: eur("27539.38"), rate: "0.671947" },
    ]);
    expect(await crm.opportunities.winRate({ ...closed, unit: "number" })).toMatchObject([
      { numerator: 5, denominator: 7, open: 0, rate: "0.714286" },
    ]);
    expect(await crm.opportunities.winRate({ ...quarter, base: "created", unit: "number" })).toMatchObject([
      { numerator: 5, denominator: 12, open: 5, rate: "0.416667" },
    ]);
    const byOwner = await crm.opportunities.winRate({ ...closed, unit: "number", groupBy: { owner: "ownerId" } });
    expect(byOwner.map(({ group, numerator, denominator }) => [group.owner, numerator, denominator])).toEqual([
      ["ann", 2, 3],
      ["ben", 2, 2],
      ["cem", 1, 2],
    ]);
  }),
];
