/** The first quarter of 2026, played for as many tenants as are wanted, side by side. */
import type { CrmBench, TestClock } from "../crm-suites/crm-bench.ts";
import { february } from "./february.ts";
import { january } from "./january.ts";
import { march } from "./march.ts";
import { type Book, type CompanyCrm, createBook, openCompany } from "./open-company.ts";

const events = { january, february, march } as const;
export type Month = keyof typeof events;
export const months: readonly Month[] = ["january", "february", "march"];

/** The days of each month, and its last instant in Berlin. */
export const periods = {
  january: { from: "2026-01-01", to: "2026-01-31", end: "2026-01-31T22:59:59.999Z" },
  february: { from: "2026-02-01", to: "2026-02-28", end: "2026-02-28T22:59:59.999Z" },
  march: { from: "2026-03-01", to: "2026-03-31", end: "2026-03-31T21:59:59.999Z" },
} as const;

/** A tenant to whom it happens. */
export interface Company {
  readonly crm: CompanyCrm;
  readonly book: Book;
}

interface Stage {
  readonly clock: TestClock;
  readonly companies: readonly Company[];
}

/** Plays a month, and stands at its last instant then; or at an instant of it, before what happens at that instant. */
export async function play(month: Month, { clock, companies }: Stage, until?: string): Promise<void> {
  for (const [at, by, step] of events[month]) {
    const instant = `2026-${at}:00Z`;
    if (until !== undefined && instant >= until) break;
    clock.set(instant);
    for (const { crm, book } of companies) await step(crm.as({ actorId: by }), book);
  }
  clock.set(until ?? periods[month].end);
}

/** A company for which the quarter has been played, or a part of it. */
export async function played(bench: CrmBench, until?: string): Promise<Company> {
  const company = { crm: (await openCompany(bench)).as({ tenantId: "one" }), book: createBook() };
  const stage = { clock: bench.clock, companies: [company] };
  for (const month of months)
    if (until === undefined || periods[month].end < until) await play(month, stage);
    else {
      await play(month, stage, until);
      break;
    }
  return company;
}
