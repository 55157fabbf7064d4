/** The company of the scenario, before anything happens: settings, users, pipelines, rates, and fifty accounts. */
import { createCrm } from "@relata/core";
import type { CrmBench } from "../crm-suites/crm-bench.ts";

/** A CRM whose changes of people and business are waited for by somebody: the outbox is never empty. */
export async function openCompany(bench: CrmBench) {
  return createCrm({
    ...(await bench.options()),
    subscribers: {
      warehouse: {
        on: ["contact.created", "contact.erased", "opportunity.created", "opportunity.stage_changed"],
        deliver: async () => {},
      },
    },
  });
}

export type CompanyCrm = Awaited<ReturnType<typeof openCompany>>;

/** Ids by the names that the story uses. */
export interface Book {
  write(name: string, record: { readonly id: string }): void;
  /** @throws for a name that was never written. */
  id(name: string): string;
}

export function createBook(): Book {
  const ids = new Map<string, string>();
  return {
    write: (name, { id }) => void ids.set(name, id),
    id(name) {
      const id = ids.get(name);
      if (id === undefined) throw new Error(`The story does not know "${name}" yet.`);
      return id;
    },
  };
}

/** Ann leads; Ben sits in New York and Cem in Taipei. The year begins in February, so that January is the last month of the one before. */
export async function foundCompany(crm: CompanyCrm, book: Book): Promise<void> {
  await crm.settings.change({
    reportingCurrency: "EUR",
    timeZone: "Europe/Berlin",
    fiscalCalendar: { kind: "months", startMonth: 2, namedBy: "start" },
  });
  await crm.teams.create({ id: "sales", name: "Sales" });
  await crm.users.createMany([
    { id: "ann", name: "Ann Lindqvist", teamId: "sales" },
    { id: "ben", name: "Ben Okafor", teamId: "sales", managerId: "ann", timeZone: "America/New_York" },
    { id: "cem", name: "Cem Kaya", teamId: "sales", managerId: "ann", timeZone: "Asia/Taipei" },
  ]);
  await crm.teams.update("sales", { managerId: "ann" });
  await definePipelines(crm);
  await crm.exchangeRates.createMany(rates);
  const accounts = await crm.accounts.createMany(
    [...named, ...shops].map(({ name }, i) => ({ name, ownerId: ["ann", "ben", "cem"][i % 3]! })),
  );
  for (const [i, { key }] of named.entries()) book.write(key, accounts[i]!);
  await crm.accounts.moveMany(named.map(({ key }) => ({ id: book.id(key), stage: "prospect" })));
}

/** The first one is Ann's, the second one Ben's, the third one Cem's, the fourth one Ann's again, and so on: 17, 17 and 16. */
const named = [
  { key: "cafe", name: "Café Zoë" },
  { key: "mueller", name: "Müller & Söhne" },
  { key: "lisbon", name: "Lisbon Lights" },
  { key: "alpin", name: "Alpin Sport" },
  { key: "trading", name: "王小明商事" },
  { key: "acme", name: "Acme" },
  { key: "nord", name: "Nordwind" },
] as const;
const shops = Array.from({ length: 43 }, (_, i) => ({ name: `Shop ${i + 1}` }));

/** A euro is 1.25, 1.20 and 1.28 dollars, from the first of each month; a franc is 1.05 euros, and 1.10 from March. */
const rates = [
  { baseCurrency: "EUR", quoteCurrency: "USD", day: "2026-01-01", rate: "1.25" },
  { baseCurrency: "EUR", quoteCurrency: "USD", day: "2026-02-01", rate: "1.20" },
  { baseCurrency: "EUR", quoteCurrency: "USD", day: "2026-03-01", rate: "1.28" },
  { baseCurrency: "CHF", quoteCurrency: "EUR", day: "2026-01-01", rate: "1.05" },
  { baseCurrency: "CHF", quoteCurrency: "EUR", day: "2026-03-01", rate: "1.10" },
];

async function definePipelines(crm: CompanyCrm): Promise<void> {
  const entityType = "opportunity";
  await crm.phases.createMany([
    { entityType, key: "qualify", name: "Qualify", position: 0 },
    { entityType, key: "propose", name: "Propose", position: 1 },
  ]);
  await crm.lostReasons.createMany([
    { entityType, key: "price", name: "Price", position: 0 },
    { entityType, key: "timing", name: "Timing", position: 1 },
    { entityType, key: "other", name: "Other", position: 2, needsNote: true },
  ]);
  const outcome = "open";
  const offered = ["amount", "expectedCloseDate"];
  const needsReason = ["lostReasonId"];
  await crm.pipelines.define({
    key: "new",
    name: "New business",
    entityType,
    isDefault: true,
    stages: [
      { key: "lead", name: "Lead", outcome, probability: "10", phase: "qualify", staleAfterDays: 30 },
      { key: "demo", name: "Demo", outcome, probability: "30", phase: "qualify", staleAfterDays: 30 },
      {
        key: "offer",
        name: "Offer",
        outcome,
        probability: "60",
        phase: "propose",
        staleAfterDays: 21,
        requiredFields: offered,
      },
      { key: "won", name: "Won", outcome: "won" },
      { key: "lost", name: "Lost", outcome: "lost", requiredFields: needsReason },
    ],
  });
  await crm.pipelines.define({
    key: "renewal",
    name: "Renewals",
    entityType,
    stages: [
      { key: "due", name: "Due", outcome, probability: "50", phase: "qualify", staleAfterDays: 60 },
      { key: "quoted", name: "Quoted", outcome, probability: "80", phase: "propose", staleAfterDays: 21 },
      { key: "renewed", name: "Renewed", outcome: "won" },
      { key: "ended", name: "Ended", outcome: "lost", requiredFields: needsReason },
    ],
  });
}
