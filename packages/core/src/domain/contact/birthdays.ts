/** Whose birthday it is in some days. */
import * as z from "zod";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { Page } from "../../kernel/repository/repository.ts";
import type { Where } from "../../kernel/repository/where.ts";
import { isDate } from "../../kernel/value/calendar.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import type { ContactRecord } from "./find-parties.ts";

export interface BirthdayQuery {
  /** The first and the last day, "YYYY-MM-DD", less than a year apart. */
  readonly from: string;
  readonly to: string;
  readonly where?: Where<DomainModel, "contact">;
  /** 1 to 1,000; 50 unless said. */
  readonly limit?: number;
  readonly after?: string | undefined;
}

const day = z.string().refine(isDate, { message: "is not a day that exists, as YYYY-MM-DD" });
const querySchema = z.strictObject({
  from: day,
  to: day,
  where: z.unknown().optional(),
  limit: z.int().min(1).max(1_000).optional(),
  after: z.string().optional(),
});

/**
 * Contacts whose day of birth is known, and who are not known to be dead, in the order of their birthdays. Whoever was born on 29 February
 * has it on 28 February in other years. Days that go over the turn of a year are two lists, one after the other.
 */
export async function birthdaysIn(context: DomainContext, query: BirthdayQuery): Promise<Page<ContactRecord>> {
  const { from, to, limit = 50, after } = checked(query);
  const parts = partsOf(from, to);
  const place = /^([01])\.(.*)$/.exec(after ?? "0.");
  if (!place) throw invalidInput("contact", [{ field: "after", code: "invalid_value", message: "is not a cursor" }]);
  const items: ContactRecord[] = [];
  let cursor: string | undefined = place[2] === "" ? undefined : place[2];
  for (let part = Number(place[1]); part < parts.length; part++) {
    if (items.length === limit) return { items, next: `${part}.` };
    const page: Page<ContactRecord> = await context.contacts.list({
      where: { and: [{ birthday: { between: parts[part]! }, deathDate: null }, query.where ?? {}] },
      orderBy: [{ birthday: "asc" }],
      limit: limit - items.length,
      after: cursor,
    });
    items.push(...page.items);
    if (page.next !== undefined) return { ...page, items, next: `${part}.${page.next}` };
    cursor = undefined;
  }
  return { items, next: undefined };
}

function checked(query: BirthdayQuery) {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) throw invalidInput("contact", inputIssues(parsed.error.issues, query));
  const { from, to } = parsed.data;
  const refused = (message: string) => invalidInput("contact", [{ field: "to", code: "out_of_range", message }]);
  if (to < from) throw refused(`is before the first day, ${from}`);
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  if (years > 1 || (years === 1 && to.slice(5) >= from.slice(5))) throw refused(`is a year or more after ${from}`);
  return parsed.data;
}

/** From month and day to month and day, within a year each. */
function partsOf(from: string, to: string): readonly (readonly [string, string])[] {
  const end = lastDay(to);
  return from.slice(0, 4) === to.slice(0, 4)
    ? [[from.slice(5), end]]
    : [
        [from.slice(5), "12-31"],
        ["01-01", end],
      ];
}

function lastDay(to: string): string {
  return to.endsWith("-02-28") && !isDate(`${to.slice(0, 4)}-02-29`) ? "02-29" : to.slice(5);
}
