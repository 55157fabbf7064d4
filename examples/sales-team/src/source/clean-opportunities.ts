/** The rows of the pipeline and of the activities, cleaned. */
import { type SourceRow, sourceFiles } from "./files.ts";
import type { NameLookup, Notes } from "./name-lookup.ts";
import type { Line } from "./read-source.ts";
import type { SourceActivity, SourceContact, SourceOpportunity, StageKey } from "./sales-data.ts";

interface Lookups {
  readonly agent: NameLookup;
  readonly account: NameLookup;
  readonly product: NameLookup;
}

export function cleanOpportunities(
  rows: readonly Line<SourceRow<"pipeline">>[],
  context: { readonly today: string; readonly lastDay: string; readonly lookups: Lookups; readonly notes: Notes },
): readonly SourceOpportunity[] {
  const { today, lastDay, lookups, notes } = context;
  const { file } = sourceFiles.pipeline;
  return rows.map((row): SourceOpportunity => {
    const { line } = row;
    for (const column of ["engage_date", "close_date"] as const) {
      const day = row[column];
      if (day === null || day <= today) continue;
      notes.problems.push({ file, line, column, message: `"${day}" is yet to come: today is ${today}` });
    }
    noteGaps(row, lastDay, notes);
    return {
      id: row.opportunity_id,
      owner: lookups.agent(row.sales_agent, { file, line, column: "sales_agent" }),
      product: lookups.product(row.product, { file, line, column: "product" }),
      account: row.account === null ? null : lookups.account(row.account, { file, line, column: "account" }),
      stage: row.deal_stage.toLowerCase() as StageKey,
      createdOn: row.engage_date ?? lastDay,
      closedOn: row.close_date,
      closeValue: row.deal_stage === "Won" ? row.close_value : null,
    };
  });
}

function noteGaps(row: SourceRow<"pipeline">, lastDay: string, { findings }: Notes): void {
  const { file } = sourceFiles.pipeline;
  const stage = row.deal_stage;
  if (row.account === null) findings.note(`${file}: ${stage} without an account`, "imported without one");
  if (row.engage_date === null) {
    findings.note(
      `${file}: ${stage} without an engage date`,
      `taken as created on ${lastDay}, the last day in the data`,
    );
  }
  if (stage !== "Won" && row.close_value !== null) {
    const what = Number(row.close_value) === 0 ? "with the close value 0" : "with a close value";
    findings.note(`${file}: ${stage} ${what}`, "the close value is not used: the amount stays at the list price");
  }
}

export function cleanActivities(
  rows: readonly Line<SourceRow<"activities">>[],
  context: {
    readonly opportunities: readonly SourceOpportunity[];
    readonly contacts: readonly SourceContact[];
    readonly lookups: Lookups;
    readonly notes: Notes;
  },
): readonly SourceActivity[] {
  const { lookups, notes } = context;
  const { file } = sourceFiles.activities;
  const opportunities = new Set(context.opportunities.map(({ id }) => id));
  const contacts = new Set(context.contacts.map(({ id }) => id));
  return rows.map((row): SourceActivity => {
    const { line, opportunity_id, contact_id } = row;
    if (opportunity_id !== null && !opportunities.has(opportunity_id)) {
      const message = `"${opportunity_id}" is no opportunity of ${sourceFiles.pipeline.file}`;
      notes.problems.push({ file, line, column: "opportunity_id", message });
    }
    if (contact_id !== null && !contacts.has(contact_id)) {
      const message = `"${contact_id}" is no contact of ${sourceFiles.contacts.file}`;
      notes.problems.push({ file, line, column: "contact_id", message });
    }
    if (opportunity_id === null && contact_id === null) {
      notes.findings.note(`${file}: activities of no opportunity and no contact`, "imported for their owner alone");
    }
    return {
      id: row.activity_id,
      kind: row.activity_type,
      subject: row.subject,
      day: row.activity_date,
      done: row.completed === "yes",
      owner: lookups.agent(row.sales_agent, { file, line, column: "sales_agent" }),
      opportunity: opportunity_id,
      contact: contact_id,
    };
  });
}
