/** The figures of a month's end, as lines that can be read: asked then, or at any time later of that instant. */
import { count, type Money, sum } from "@relata/core";
import type { CompanyCrm } from "./open-company.ts";
import { type Month, periods } from "./story.ts";

/** "1500.00 EUR + 20.00 USD", or "-". */
function sums(amounts: readonly (Money | null)[]): string {
  const given = amounts.filter((each) => each !== null).map(({ amount, currency }) => `${amount} ${currency}`);
  return given.join(" + ") || "-";
}

/** Amounts in euros are by the rates of the month's last day, where it is not said otherwise. */
export async function figuresOf(crm: CompanyCrm, month: Month) {
  const { from, to } = periods[month];
  return {
    ...(await boards(crm, to)),
    ...(await closings(crm, { from, to })),
    ...(await paths(crm, { from: "2026-01-01", to })),
    ...(await waitings(crm, to)),
    ...(await earnings(crm)),
    ...(await customers(crm)),
    agenda: await agenda(crm),
  };
}

async function boards(crm: CompanyCrm, day: string) {
  const board = async (pipeline: string) => {
    const columns = await crm.opportunities.board({ pipeline, convert: {} });
    return columns.map(({ stage, count: number, amount, weighted, converted, records }) => {
      const inEuros = `${converted?.amount.amount} > ${converted?.weighted.amount}`;
      const names = records.items.map(({ name }) => name).join(", ");
      return `${stage.key} ${number}: ${sums(amount)} > ${sums(weighted)} = ${inEuros} (${names})`;
    });
  };
  const totals = await crm.opportunities.aggregate({
    groupBy: { pipeline: { pipeline: "key" }, status: "status" },
    measures: {
      deals: count(),
      amount: sum("amount"),
      euros: sum("amount", { in: "EUR", on: day }),
      weighted: sum("amount", { in: "EUR", on: day, percent: "probability" }),
    },
  });
  return {
    newBusiness: await board("new"),
    renewals: await board("renewal"),
    totals: totals.map(
      ({ pipeline, status, deals, amount, euros, weighted }) =>
        `${pipeline} ${status} ${deals}: ${sums(amount)} = ${euros?.amount} > ${weighted?.amount}`,
    ),
  };
}

/** Win rates of the month's days; what was closed since the beginning, by the rates of the days on which it was. */
async function closings(crm: CompanyCrm, days: { readonly from: string; readonly to: string }) {
  const rate = async (base: "closed" | "created") => {
    const [byNumber] = await crm.opportunities.winRate({ ...days, base, unit: "number" });
    const byAmount = await crm.opportunities.winRate({ ...days, base, unit: "amount" });
    return [
      `${byNumber?.numerator} of ${byNumber?.denominator}, ${byNumber?.open} open: ${byNumber?.rate}`,
      ...byAmount.map(
        ({ numerator, denominator, open, rate: part }) =>
          `${sums([numerator])} of ${sums([denominator])}, ${open.amount} open: ${part}`,
      ),
    ];
  };
  const closed = (bucket: "fiscal_month" | "fiscal_quarter") =>
    crm.opportunities.aggregate({
      where: { status: { in: ["won", "lost"] } },
      groupBy: { period: { actualCloseDate: bucket }, status: "status" },
      measures: { deals: count(), amount: sum("amount"), euros: sum("amount", { in: "EUR", on: "actualCloseDate" }) },
    });
  const lines = (rows: Awaited<ReturnType<typeof closed>>) =>
    rows.map(
      ({ period, status, deals, amount, euros }) => `${period} ${status} ${deals}: ${sums(amount)} = ${euros?.amount}`,
    );
  return {
    wonOfClosed: await rate("closed"),
    wonOfCreated: await rate("created"),
    byFiscalMonth: lines(await closed("fiscal_month")),
    byFiscalQuarter: lines(await closed("fiscal_quarter")),
  };
}

async function paths(crm: CompanyCrm, days: { readonly from: string; readonly to: string }) {
  const conversion = async (by: "stage" | "phase") =>
    (await crm.opportunities.conversion({ ...days, by })).map(({ step, entered, later, won, lost }) => {
      const steps = later.map((each) => `${each.step.key} ${each.entered.count}/${each.reached.count}`);
      return `${[`${step.key} ${entered}`, ...steps].join(", ")}: won ${won.count}, lost ${lost.count}`;
    });
  const hours = (ms: number | null) => (ms === null ? "-" : (ms / 3_600_000).toFixed(2));
  const stays = await crm.opportunities.timeInStage({ ...days, pipeline: "new" });
  return {
    conversion: await conversion("stage"),
    phases: await conversion("phase"),
    hoursInStage: stays.map(
      ({ stage, closed, open }) =>
        `${stage.key}: ${closed.count} mean ${hours(closed.meanMs)} median ${hours(closed.medianMs)}, ${open.count} open median ${hours(open.medianMs)}`,
    ),
  };
}

async function waitings(crm: CompanyCrm, day: string) {
  const late = await crm.opportunities.list({ where: { status: "open", expectedCloseDate: { lt: day } } });
  const won = await crm.opportunities.list({ where: { status: "won" }, orderBy: [{ actualCloseDate: "asc" }] });
  const early = won.items.filter(({ actualCloseDate, expectedCloseDate }) => actualCloseDate! < expectedCloseDate!);
  return {
    stale: (await crm.opportunities.stale()).items.map(
      ({ record, daysInStage, daysOver }) => `${record.name} ${daysInStage} days, ${daysOver} over`,
    ),
    noNextStep: (await crm.opportunities.withoutNextStep()).items.map(({ name }) => name),
    pastExpected: late.items.map(({ name, expectedCloseDate }) => `${name} ${expectedCloseDate}`),
    wonEarly: early.map(
      ({ name, actualCloseDate, expectedCloseDate }) => `${name} ${actualCloseDate} < ${expectedCloseDate}`,
    ),
  };
}

/** What users have earned by splits and as owners, and what recurs. */
async function earnings(crm: CompanyCrm) {
  const splits = await crm.opportunitySplits.aggregate({
    groupBy: { kind: "kind", user: "userId", status: { opportunity: "status" } },
    measures: { amount: sum("amount") },
  });
  const won = { status: "won" } as const;
  const value = { deals: count(), euros: sum("amount", { in: "EUR", on: "actualCloseDate" }) };
  const byOwner = await crm.opportunities.aggregate({ where: won, groupBy: { owner: "ownerId" }, measures: value });
  const [ofAnn] = await crm.opportunities.aggregate({
    where: { ...won, owner: { id: { atOrUnder: "ann" } } },
    measures: value,
  });
  const recurring = await crm.opportunities.aggregate({
    where: { recurringAmount: { ne: null } },
    groupBy: { status: "status" },
    measures: { monthly: sum("monthlyRecurring"), annual: sum("annualRecurring") },
  });
  return {
    splits: splits.map(({ kind, user, status, amount }) => `${kind} ${user} ${status}: ${sums(amount)}`),
    wonByOwner: byOwner.map(({ owner, deals, euros }) => `${owner} ${deals}: ${euros?.amount}`),
    wonBelowAnn: `${ofAnn?.deals}: ${ofAnn?.euros?.amount ?? "-"}`,
    recurring: recurring.map(
      ({ status, monthly, annual }) => `${status}: ${sums(monthly)} a month, ${sums(annual)} a year`,
    ),
  };
}

async function customers(crm: CompanyCrm) {
  const stages = await crm.accounts.aggregate({
    where: { status: { ne: null } },
    groupBy: { stage: { stage: "key" } },
    measures: { accounts: count() },
  });
  const owners = await crm.accounts.aggregate({ groupBy: { owner: "ownerId" }, measures: { accounts: count() } });
  return {
    accountsByStage: stages.map(({ stage, accounts }) => `${stage} ${accounts}`),
    accountsByOwner: owners.map(({ owner, accounts }) => `${owner} ${accounts}`),
  };
}

async function agenda(crm: CompanyCrm): Promise<readonly string[]> {
  const days = await crm.activities.agenda({ ownerIds: ["ann", "ben", "cem"], days: 30 });
  const subjects = (list: readonly { readonly subject: string }[]) =>
    list.map(({ subject }) => subject).join(", ") || "-";
  return days.map(
    ({ ownerId, day, overdue, today, upcoming }) =>
      `${ownerId} ${day}: ${subjects(overdue)} | ${subjects(today)} | ${subjects(upcoming)}`,
  );
}

export type Figures = Awaited<ReturnType<typeof figuresOf>>;
