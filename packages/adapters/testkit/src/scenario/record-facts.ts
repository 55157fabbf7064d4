/** What the quarter leaves to be found: by a search over everything, and in the timeline of an account. */
import { expect } from "vitest";
import { type CrmFact, crmFact } from "../crm-suites/crm-bench.ts";
import type { CompanyCrm } from "./open-company.ts";
import { periods, played } from "./story.ts";

/** "contact Zoë Martin equal": what was found, in order, and how well it matches. */
export async function hits(crm: CompanyCrm, text: string): Promise<readonly string[]> {
  return (await crm.search(text)).map((hit) => {
    const { name, fullName, subject } = hit.record as { readonly [field: string]: unknown };
    return `${hit.entity} ${name ?? fullName ?? subject} ${hit.rank}`;
  });
}

/** "01-12T10:00 ann stage_move lead > demo": the whole timeline, the latest first. */
async function timeline(crm: CompanyCrm, entityType: string, id: string): Promise<readonly string[]> {
  const lines: string[] = [];
  let after: string | undefined;
  do {
    const page = await crm.activities.timeline({ entityType, id }, { includeBelow: true, limit: 7, after });
    for (const entry of page.items) lines.push(`${entry.at.toISOString().slice(5, 16)} ${entry.by} ${told(entry)}`);
    after = page.next;
  } while (after !== undefined);
  return lines;
}

type Entry = Awaited<ReturnType<CompanyCrm["activities"]["timeline"]>>["items"][number];

function told(entry: Entry): string {
  switch (entry.kind) {
    case "activity":
      return entry.data.subject;
    case "stage_move":
      return `${entry.record.entityType} ${entry.data.from?.key ?? "-"} > ${entry.data.stage.key}`;
    case "field_change":
      return `${entry.record.entityType} ${entry.data.kind}`;
    default:
      return entry.kind;
  }
}

export const recordFacts: readonly CrmFact[] = [
  crmFact("finds people, accounts and deals, in any script, by part and by number", async (bench) => {
    const { crm } = await played(bench);
    expect(await hits(crm, "zoe")).toEqual([
      "contact Zoë Martin equal",
      "account Café Zoë word",
      "opportunity Tills for Zoë word",
    ]);
    expect(await hits(crm, "müller")).toEqual(["contact Jürgen Müller equal", "account Müller & Söhne begins"]);
    expect(await hits(crm, "小明")).toEqual(["contact 王小明 equal", "account 王小明商事 part"]);
    // The number came with the one who was merged into him.
    expect(await hits(crm, "089 1234567")).toEqual(["contact Jürgen Müller begins"]);
    expect(await hits(crm, "shop 4")).toEqual([
      "account Shop 4 equal",
      "account Shop 40 begins",
      "account Shop 41 begins",
      "account Shop 42 begins",
      "account Shop 43 begins",
      "account Shop 14 part",
      "account Shop 24 part",
      "account Shop 34 part",
    ]);
    const then = crm.asOf(new Date(periods.february.end));
    expect(await hits(then, "müller")).toEqual([
      "contact J. Müller equal",
      "contact Jürgen Müller equal",
      "account Müller & Söhne begins",
    ]);
    expect(await hits(then, "089 1234567")).toEqual(["contact J. Müller begins"]);
  }),
  crmFact("tells everything that happened to an account and below it, the latest first", async (bench) => {
    const { crm, book } = await played(bench);
    const lines = await timeline(crm, "account", book.id("cafe"));
    expect(lines).toEqual([
      "04-08T08:00 ann Workshop",
      "03-03T09:00 ann opportunity updated",
      "02-16T09:00 ann opportunity updated",
      "02-16T09:00 ann opportunity demo > offer",
      "02-09T09:00 ann opportunity updated",
      "02-09T09:00 ann opportunity lead > demo",
      "02-02T09:00 ann opportunity created",
      "02-02T09:00 ann opportunity - > lead",
      "02-02T08:00 ann account updated",
      "02-02T08:00 ann account prospect > customer",
      "01-31T23:30 ann opportunity updated",
      "01-31T23:30 ann opportunity offer > won",
      "01-20T10:00 ann opportunity updated",
      "01-20T10:00 ann opportunity demo > offer",
      "01-13T09:00 ann How many tills",
      "01-12T10:00 ann opportunity updated",
      "01-12T10:00 ann opportunity lead > demo",
      "01-07T09:00 ann opportunity created",
      "01-07T09:00 ann opportunity - > lead",
      "01-06T09:00 ann contact created",
      "01-05T08:00 ann account updated",
      "01-05T08:00 ann account created",
      "01-05T08:00 ann account - > prospect",
    ]);
    // As of January's end it has what was known and written by then.
    const then = await timeline(crm.asOf(new Date(periods.january.end)), "account", book.id("cafe"));
    expect(then).toEqual(lines.slice(12));
  }),
];
