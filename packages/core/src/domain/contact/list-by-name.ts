/** Contacts in the alphabetical order of whoever reads the list. */
import * as z from "zod";
import { CrmError } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { Page } from "../../kernel/repository/repository.ts";
import type { Where } from "../../kernel/repository/where.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import type { ContactRecord } from "./find-parties.ts";
import { type SortingName, sortingNameOf } from "./names.ts";

export interface NameQuery {
  /** The reader's language tag: "de", "sv", "ja", "zh-u-co-stroke". */
  readonly locale: string;
  readonly where?: Where<DomainModel, "contact">;
  readonly archived?: "exclude" | "include" | "only";
  /** 1 to 1,000; 50 unless said. */
  readonly limit?: number;
  readonly after?: string | undefined;
}

const querySchema = z.strictObject({
  locale: z.string(),
  where: z.unknown().optional(),
  archived: z.enum(["exclude", "include", "only"]).optional(),
  limit: z.int().min(1).max(1_000).optional(),
  after: z.string().optional(),
});

interface Place extends SortingName {
  readonly id: string;
}

const NAME_FIELDS = [
  "givenName",
  "middleName",
  "familyName",
  "secondFamilyName",
  "givenNameReading",
  "familyNameReading",
  "preferredLanguage",
] as const;

/**
 * By family name, or its reading, then given name (Thai and Icelandic names the other way round), then id; those without a name last. No
 * database sorts by a reader's locale in an order that another one shares, so each page reads the names of all contacts that match, a
 * thousand in a query, and then the records of the page. The order is that of the runtime's ICU (`Intl.Collator`). What is created or
 * deleted between two pages moves nothing else.
 */
export async function listContactsByName(context: DomainContext, query: NameQuery): Promise<Page<ContactRecord>> {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) throw invalidInput("contact", inputIssues(parsed.error.issues, query));
  const { locale, archived = "exclude", limit = 50 } = parsed.data;
  const compare = orderOf(locale);
  const after = parsed.data.after === undefined ? undefined : placeOf(parsed.data.after, locale);
  const places: Place[] = [];
  const names = context.contacts.iterate({ where: query.where ?? {}, archived, select: NAME_FIELDS });
  for await (const contact of names) {
    const place = { ...sortingNameOf(contact), id: contact.id };
    if (after === undefined || compare(place, after) > 0) places.push(place);
  }
  const page = places.sort(compare).slice(0, limit);
  const records = await context.contacts.list({
    where: { id: { in: page.map(({ id }) => id) } },
    archived: "include",
    limit: 1_000,
  });
  const byId = new Map(records.items.map((contact) => [contact.id, contact]));
  return {
    ...records,
    items: page.flatMap(({ id }) => byId.get(id) ?? []),
    next: places.length > limit ? cursorOf(page.at(-1)!, locale) : undefined,
  };
}

function orderOf(locale: string): (a: Place, b: Place) => number {
  let collator: Intl.Collator;
  try {
    collator = new Intl.Collator(locale);
  } catch {
    const message = 'is not a language tag, such as "pt-BR"';
    throw invalidInput("contact", [{ field: "locale", code: "invalid_value", message }]);
  }
  return (a, b) =>
    Number(a.first === "") - Number(b.first === "") ||
    collator.compare(a.first, b.first) ||
    collator.compare(a.second, b.second) ||
    (a.id === b.id ? 0 : a.id < b.id ? -1 : 1);
}

const cursorSchema = z.tuple([z.string(), z.string(), z.string(), z.string()]);

function cursorOf({ first, second, id }: Place, locale: string): string {
  return encodeURIComponent(JSON.stringify([locale, first, second, id]));
}

function placeOf(cursor: string, locale: string): Place {
  const parsed = cursorSchema.safeParse(readCursor(cursor));
  if (!parsed.success || parsed.data[0] !== locale) {
    const problem = parsed.success ? "belongs to another locale" : "is damaged";
    throw new CrmError("invalid_cursor", `The cursor ${problem}. Start again from the first page.`);
  }
  const [, first, second, id] = parsed.data;
  return { first, second, id };
}

function readCursor(cursor: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(cursor));
  } catch {
    return undefined;
  }
}
