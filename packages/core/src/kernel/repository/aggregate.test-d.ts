import { expectTypeOf } from "vitest";
import { createCrm, definePlugin } from "../../crm.ts";
import { decimal } from "../entity/fields.ts";
import type { StorageAdapter } from "../storage/storage-adapter.ts";
import type { Money } from "../value/money.ts";
import { avg, count, countDistinct, max, min, sum } from "./aggregate.ts";

declare const storage: StorageAdapter;

const scoring = definePlugin({ id: "scoring", extend: { account: { score: decimal().optional() } } });
const measures = { deals: count() };
const { accounts, activities, opportunities, stages } = await createCrm({ storage, plugins: [scoring] });

// A row has the named keys and the named measures.
const [row] = await opportunities.aggregate({
  where: { status: "won", account: { country: "FR" } },
  groupBy: {
    status: "status",
    owner: "ownerId",
    quarter: { actualCloseDate: "quarter" },
    industry: { account: "industry" },
    stage: { stage: "name" },
    boss: { owner: { manager: "name" } },
  },
  measures: {
    deals: count(),
    accounts: countDistinct("accountId"),
    value: sum("amount"),
    weighted: sum("amount", { percent: "probability" }),
    inEuro: sum("amount", { in: "EUR", on: "actualCloseDate" }),
    outlook: sum("amount", { in: "EUR", on: "2026-12-01", percent: "probability" }),
    cycle: avg("salesCycleDays"),
    longest: max("salesCycleDays"),
    last: max("actualCloseDate"),
    first: min("createdAt"),
  },
  having: { deals: { gt: 1 } },
  orderBy: [{ deals: "desc" }, { owner: "asc" }],
  limit: 10,
});
expectTypeOf(row!).toEqualTypeOf<{
  readonly status: "open" | "won" | "lost";
  readonly owner: string | null;
  readonly quarter: string | null;
  readonly industry: string | null;
  readonly stage: string | null;
  readonly boss: string | null;
  readonly deals: number;
  readonly accounts: number;
  readonly value: readonly Money[];
  readonly weighted: readonly Money[];
  readonly inEuro: Money | null;
  readonly outlook: Money | null;
  readonly cycle: string | null;
  readonly longest: number | null;
  readonly last: string | null;
  readonly first: Date | null;
}>();

// Without groups: one row of figures. What plugins add can be measured.
expectTypeOf(await accounts.aggregate({ measures: { people: sum("employees"), score: avg("score") } })).toEqualTypeOf<
  readonly { readonly people: number | null; readonly score: string | null }[]
>();

// @ts-expect-error a measure of a field that does not exist
await opportunities.aggregate({ measures: { value: sum("amuont") } });
// @ts-expect-error a sum of text
await opportunities.aggregate({ measures: { value: sum("name") } });
// @ts-expect-error a mean of dates
await opportunities.aggregate({ measures: { value: avg("expectedCloseDate") } });
// @ts-expect-error the last of what has no order
await opportunities.aggregate({ measures: { last: max("status") } });
// @ts-expect-error a count of different amounts of money
await opportunities.aggregate({ measures: { amounts: countDistinct("amount") } });
// @ts-expect-error a percentage that is no number
await opportunities.aggregate({ measures: { value: sum("amount", { percent: "source" }) } });
// @ts-expect-error a percentage that does not exist
await opportunities.aggregate({ measures: { value: sum("amount", { percent: "probabilty" }) } });
// @ts-expect-error a measure through a relation
await opportunities.aggregate({ measures: { score: avg("account.score") } });
// @ts-expect-error a group by a field that does not exist
await opportunities.aggregate({ groupBy: { owner: "onwerId" }, measures: { deals: count() } });
// @ts-expect-error a group by a field that does not exist, through a relation
await opportunities.aggregate({ groupBy: { industry: { account: "indsutry" } }, measures: { deals: count() } });
// @ts-expect-error a group through a relation that does not exist
await opportunities.aggregate({ groupBy: { industry: { acount: "industry" } }, measures: { deals: count() } });
// @ts-expect-error a group through a relation to many
await accounts.aggregate({ groupBy: { email: { contacts: "email" } }, measures: { people: count() } });
// @ts-expect-error a group by money
await opportunities.aggregate({ groupBy: { amount: "amount" }, measures: { deals: count() } });
// @ts-expect-error a group by JSON
await stages.aggregate({ groupBy: { next: "nextStages" }, measures: { stages: count() } });
// Days of dates, and of instants in the tenant's time zone or another one, also of the tenant's fiscal calendar.
const [when] = await activities.aggregate({
  groupBy: {
    month: { createdAt: "month" },
    week: { dueAt: { bucket: "fiscal_week", timeZone: "Asia/Tokyo" } },
    closed: { opportunity: { actualCloseDate: "fiscal_quarter" } },
  },
  measures: { activities: count() },
});
expectTypeOf(when!).toEqualTypeOf<{
  readonly month: string;
  readonly week: string | null;
  readonly closed: string | null;
  readonly activities: number;
}>();
// Cases: their values, and what the rest is called.
const [sized] = await accounts.aggregate({
  groupBy: {
    size: {
      cases: [
        { where: { employees: { gte: 250 } }, value: "large" },
        { where: { country: "FR" }, value: "fr" },
      ],
    },
    known: { cases: [{ where: { score: null }, value: "no" }], otherwise: "yes" },
  },
  measures: { accounts: count() },
});
expectTypeOf(sized!).toEqualTypeOf<{
  readonly size: "large" | "fr" | null;
  readonly known: "no" | "yes";
  readonly accounts: number;
}>();
declare const made: readonly { readonly where: { readonly country: string }; readonly value: string }[];
const [given] = await accounts.aggregate({ groupBy: { key: { cases: made } }, measures: { accounts: count() } });
expectTypeOf(given!.key).toEqualTypeOf<string | null>();
// @ts-expect-error a case with a condition on a field that does not exist
await accounts.aggregate({ groupBy: { key: { cases: [{ where: { contry: "FR" }, value: "a" }] } }, measures: {} });
// @ts-expect-error a case without a value
await accounts.aggregate({ groupBy: { key: { cases: [{ where: { country: "FR" } }] } }, measures: {} });
// @ts-expect-error a value that is no text
await accounts.aggregate({ groupBy: { key: { cases: [{ where: { country: "FR" }, value: 1 }] } }, measures: {} });

declare const someDay: string;
await opportunities.aggregate({ measures: { value: sum("amount", { in: "EUR", on: someDay }) } });

// @ts-expect-error days of what is neither a date nor an instant
await activities.aggregate({ groupBy: { month: { kind: "month" } }, measures: { activities: count() } });
// @ts-expect-error a time zone for a day
await opportunities.aggregate({ groupBy: { on: { actualCloseDate: { bucket: "day", timeZone: "UTC" } } }, measures });
// @ts-expect-error a conversion without a day
await opportunities.aggregate({ measures: { value: sum("amount", { in: "EUR" }) } });
// @ts-expect-error a conversion on a field that is no date
await opportunities.aggregate({ measures: { value: sum("amount", { in: "EUR", on: "createdAt" }) } });
// @ts-expect-error a conversion on a field that does not exist
await opportunities.aggregate({ measures: { value: sum("amount", { in: "EUR", on: "closeDate" }) } });
// @ts-expect-error a conversion of what is no money
await accounts.aggregate({ measures: { value: sum("employees", { in: "EUR", on: "2026-12-31" }) } });
// @ts-expect-error a group of days that does not exist
await opportunities.aggregate({ groupBy: { on: { actualCloseDate: "months" } }, measures: { deals: count() } });
// @ts-expect-error a condition on a field that does not exist
await opportunities.aggregate({ where: { stauts: "won" }, measures: { deals: count() } });
// @ts-expect-error a condition on a figure that is not measured
await opportunities.aggregate({ measures: { deals: count() }, having: { value: { gt: 1 } } });
// @ts-expect-error an operator that figures do not have
await opportunities.aggregate({ measures: { deals: count() }, having: { deals: { contains: 1 } } });
// @ts-expect-error an order by what is neither a key nor a figure
await opportunities.aggregate({ measures: { deals: count() }, orderBy: [{ value: "desc" }] });
// @ts-expect-error a key or a figure that was not asked for
row!.lost;
