/** Source rows to clean data: names are matched between the files, known slips repaired, and every repair is noted. */
import { cleanActivities, cleanOpportunities } from "./clean-opportunities.ts";
import { csvInvalid } from "./csv-error.ts";
import { type SourceName, sourceFiles } from "./files.ts";
import { findCycle } from "./find-cycle.ts";
import { createFindings } from "./findings.ts";
import { createNameLookup, type Notes } from "./name-lookup.ts";
import type { Source } from "./read-source.ts";
import type { Person, SalesData, SourceAccount, SourceContact } from "./sales-data.ts";
import { correctSpelling } from "./spelling.ts";

/**
 * @param today The day after which nothing can have happened yet.
 * @throws `csv_invalid` with every name that is unknown, every day that is yet to come, and trees that have no root.
 */
export function clean(source: Source, today: string): SalesData {
  const notes: Notes = { findings: createFindings(), problems: [] };
  noteFiles(source, notes);

  const people = cleanPeople(source, notes);
  const accounts = cleanAccounts(source, notes);
  const products = source.products.rows.map((row) => ({
    name: row.product,
    series: row.series,
    listPrice: row.sales_price,
  }));
  const { firstDay, lastDay } = daysOf(source, today);
  const lookups = {
    agent: createNameLookup(
      { noun: "sales agent", names: source.teams.rows.map((row) => row.sales_agent), file: sourceFiles.teams.file },
      notes,
    ),
    account: createNameLookup(
      { noun: "account", names: accounts.map(({ name }) => name), file: sourceFiles.accounts.file },
      notes,
    ),
    product: createNameLookup(
      { noun: "product", names: products.map(({ name }) => name), file: sourceFiles.products.file },
      notes,
    ),
  };
  const contacts = source.contacts.rows.map((row): SourceContact => {
    const place = { file: sourceFiles.contacts.file, line: row.line, column: "account" };
    return {
      id: row.contact_id,
      givenName: row.first_name,
      familyName: row.last_name,
      email: row.email,
      jobTitle: row.job_title,
      account: row.account === null ? null : lookups.account(row.account, place),
    };
  });
  const opportunities = cleanOpportunities(source.pipeline.rows, { today, lastDay, lookups, notes });
  const activities = cleanActivities(source.activities.rows, { opportunities, contacts, lookups, notes });
  if (notes.problems.length > 0) throw csvInvalid(notes.problems);

  const offices = [...new Set(people.map(({ office }) => office))];
  const findings = notes.findings.list();
  return { firstDay, lastDay, offices, people, accounts, products, contacts, opportunities, activities, findings };
}

function noteFiles(source: Source, { findings }: Notes): void {
  for (const name of Object.keys(sourceFiles) as SourceName[]) {
    const { file } = sourceFiles[name];
    const { present, trimmed, unread } = source[name];
    if (!present) findings.note(`${file}: not in the folder`, `optional: no ${name} were imported`);
    findings.note(`${file}: cells with blanks around them`, "the blanks were taken off", trimmed);
    for (const column of unread) findings.note(`${file}: column "${column}"`, "not known here, not imported");
  }
}

/** Everyone who sells or manages. Managers belong to the office of the first of their agents. */
function cleanPeople({ teams }: Source, { problems }: Notes): readonly Person[] {
  const people = new Map<string, Person>();
  for (const { sales_agent, manager, regional_office } of teams.rows) {
    people.set(sales_agent, { name: sales_agent, manager, office: regional_office });
  }
  for (const { manager, regional_office } of teams.rows) {
    if (!people.has(manager)) people.set(manager, { name: manager, manager: null, office: regional_office });
  }
  const cycle = findCycle(people.keys(), (name) => people.get(name)?.manager ?? null);
  const line = teams.rows.find(({ sales_agent }) => sales_agent === cycle)?.line;
  if (line !== undefined) {
    const message = `"${cycle}" is their own manager, directly or through others`;
    problems.push({ file: sourceFiles.teams.file, line, column: "manager", message });
  }
  return [...people.values()];
}

function cleanAccounts({ accounts }: Source, notes: Notes): readonly SourceAccount[] {
  const { file } = sourceFiles.accounts;
  const names = accounts.rows.map(({ account }) => account);
  const parentName = createNameLookup({ noun: "account", names, file }, notes);
  const spell = (column: string, word: string | null) => {
    if (word === null) return null;
    const right = correctSpelling(word);
    if (right !== word) notes.findings.note(`${file}: ${column} "${word}"`, `spelt "${right}"`);
    return right;
  };
  const cleaned = accounts.rows.map(
    (row): SourceAccount => ({
      name: row.account,
      industry: spell("sector", row.sector),
      country: spell("office_location", row.office_location),
      yearEstablished: row.year_established,
      employees: row.employees,
      annualRevenue: row.revenue === null ? null : millionsToUnits(row.revenue),
      parent:
        row.subsidiary_of === null
          ? null
          : parentName(row.subsidiary_of, { file, line: row.line, column: "subsidiary_of" }),
    }),
  );
  const parents = new Map(cleaned.map(({ name, parent }) => [name, parent]));
  const cycle = findCycle(names, (name) => parents.get(name) ?? null);
  const line = accounts.rows.find(({ account }) => account === cycle)?.line;
  if (line !== undefined) {
    const message = `"${cycle}" is its own subsidiary, directly or through others`;
    notes.problems.push({ file, line, column: "subsidiary_of", message });
  }
  return cleaned;
}

/** "1100.04" to "1100040000.00", digit by digit. */
function millionsToUnits(millions: string): string {
  const [whole = "", fraction = ""] = millions.split(".");
  return `${BigInt(whole + fraction.padEnd(6, "0"))}.00`;
}

/** Activities may be planned for days to come: those days do not count. */
function daysOf(
  { pipeline, activities }: Source,
  today: string,
): { readonly firstDay: string; readonly lastDay: string } {
  const days = [
    ...pipeline.rows.flatMap(({ engage_date, close_date }) => [engage_date, close_date]),
    ...activities.rows.map(({ activity_date }) => activity_date),
  ].filter((day) => day !== null && day <= today);
  const sorted = days.sort();
  return { firstDay: sorted[0] ?? noDay, lastDay: sorted.at(-1) ?? noDay };
}

/** For a source that mentions no day at all: the same at every run. */
const noDay = "2000-01-01";
