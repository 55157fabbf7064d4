/** Turns what is searched for into predicates on folded columns. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import { type Folding, foldingOf } from "../entity/folding.ts";
import type { Predicate, TextMatch } from "../storage/predicate.ts";
import { phoneForms } from "../value/phone.ts";
import { type Compilation, invalidQuery } from "./compilation.ts";
import { readSearchText, type SearchText, type Term, wholePhone } from "./search-text.ts";
import { foldedFields, requireSearchable, searchedAlong } from "./searched-fields.ts";

/**
 * How well a record matches, the best first: a field is equal to the text, begins with it, has a word that begins with it; or each word
 * is somewhere. A phone number is equal to one that has the same digits but for the country code, and begins, so to say, at its end.
 */
export const SEARCH_RANKS = ["equal", "begins", "word", "part"] as const;
export type SearchRank = (typeof SEARCH_RANKS)[number];

/** What holds of a folded column. `in` has a list. */
interface Test {
  readonly folding: Folding;
  readonly operator: TextMatch | "eq" | "in";
  readonly value: string | readonly string[];
}

/** Each term is somewhere, each wherever. @throws `invalid_query` also for a text without words. */
export function searchCondition(at: Compilation, given: unknown): Predicate {
  requireSearchable(at.schema, at.entity);
  const text = readSearchText(at.entity.name, given);
  if (text.terms.length === 0)
    throw invalidQuery(at.entity.name, "search", "has no word: leave it out to find everything");
  return rankCondition(at, text, "part");
}

/** Holds for records of this rank and of better ones. */
export function rankCondition(at: Compilation, text: SearchText, rank: SearchRank): Predicate {
  const { whole } = text;
  const phone = wholePhone(text);
  switch (rank) {
    case "equal":
      return somewhere(at, [
        { folding: "text", operator: "eq", value: whole },
        ...(phone === undefined ? [] : [samePhone(phone)]),
      ]);
    case "begins":
      return somewhere(at, [
        { folding: "text", operator: "startsWith", value: whole },
        ...(phone === undefined ? [] : [{ folding: "phone", operator: "endsWith", value: phone } as const]),
      ]);
    case "word":
      return somewhere(at, [{ folding: "text", operator: "contains", value: ` ${whole}` }]);
    case "part":
      return { kind: "and", of: text.terms.map((term) => termCondition(at, term)) };
    default:
      return rank satisfies never;
  }
}

/** Holds for records of the entity that have a word, or the digits, of any of the terms in fields of their own. */
export function anyTermCondition(at: Compilation, terms: readonly Term[]): Predicate {
  const tests = terms.flatMap(({ words, phone }) => [...words.map(hasWord), ...phoneTests(phone)]);
  return { kind: "or", of: inFields(at.entity, bound(at, tests)) };
}

/** Every word is in some field; or the number is. */
function termCondition(at: Compilation, { words, phone }: Term): Predicate {
  const byWords = words.map((word) => somewhere(at, [hasWord(word)]));
  return {
    kind: "or",
    of: [{ kind: "and", of: byWords }, ...(phone === undefined ? [] : [somewhere(at, phoneTests(phone))])],
  };
}

function hasWord(word: string): Test {
  return { folding: "text", operator: "contains", value: word };
}

function phoneTests(phone: string | undefined): readonly Test[] {
  return phone === undefined ? [] : [{ folding: "phone", operator: "contains", value: phone }, samePhone(phone)];
}

function samePhone(phone: string): Test {
  return { folding: "phone", operator: "in", value: phoneForms(phone) };
}

/** Some field of the record, or of a record that is searched for it, satisfies one of the tests. */
function somewhere(at: Compilation, tests: readonly Test[]): Predicate {
  const entities = searchedAlong(at.schema, at.entity);
  const all = new Set([at.entity, ...entities.map(({ entity }) => entity)].flatMap(foldedFields).map(foldingOf));
  const params = bound(
    at,
    tests.filter(({ folding }) => all.has(folding)),
  );
  const along = entities.flatMap(({ entity, by }): Predicate[] => {
    const of = inFields(entity, params);
    const join = { table: entity.table.name, local: "id", foreign: by.columns[0]!.name };
    return of.length === 0 ? [] : [{ kind: "relation", quantifier: "some", ...join, where: { kind: "or", of } }];
  });
  return { kind: "or", of: [...inFields(at.entity, params), ...along] };
}

interface BoundTest extends Test {
  readonly param: number;
}

function bound({ params }: Compilation, tests: readonly Test[]): readonly BoundTest[] {
  return tests.map((test) => ({ ...test, param: params.push(test.value) - 1 }));
}

function inFields(entity: EntitySchema, tests: readonly BoundTest[]): readonly Predicate[] {
  return foldedFields(entity).flatMap((field) =>
    tests
      .filter(({ folding }) => folding === foldingOf(field))
      .map(({ operator, param }) => condition(field.folded!.name, operator, param)),
  );
}

function condition(column: string, operator: Test["operator"], param: number): Predicate {
  switch (operator) {
    case "eq":
      return { kind: "compare", column, operator, value: param };
    case "in":
      return { kind: "in", column, values: param };
    default:
      return { kind: "text", column, operator, value: param };
  }
}
