/** Turns the words that somebody types into a search box into predicates on folded text. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Predicate, TextMatch } from "../storage/predicate.ts";
import { foldText, textProblem } from "../value/text.ts";
import { type Compilation, invalidQuery } from "./compilation.ts";

const MOST_WORDS = 20;

/** Every word is a part of one of the folded fields, each of whichever. @throws `invalid_query` also for a text without words. */
export function searchCondition(at: Compilation, text: unknown): Predicate {
  const words = searchWords(at.entity, text);
  if (words.length === 0) throw invalidQuery(at.entity.name, "search", "has no word: leave it out to find everything");
  return partsCondition(at, words);
}

/** The words of a text, folded. */
export function searchWords(entity: EntitySchema, text: unknown): readonly string[] {
  foldedColumns(entity);
  if (typeof text !== "string") throw invalidQuery(entity.name, "search", "must be a text");
  const problem = textProblem(text);
  if (problem) throw invalidQuery(entity.name, "search", problem);
  const words = foldText(text)
    .split(/\s+/u)
    .filter((word) => word !== "");
  if (words.length > MOST_WORDS) throw invalidQuery(entity.name, "search", `has more than ${MOST_WORDS} words`);
  return words;
}

export function partsCondition(at: Compilation, words: readonly string[]): Predicate {
  return { kind: "and", of: words.map((word) => inSomeField(at, { operator: "contains", value: word })) };
}

/** Holds where one of the folded fields matches. */
export function inSomeField(
  { entity, params }: Compilation,
  { operator, value }: { readonly operator: TextMatch | "eq"; readonly value: string },
): Predicate {
  const bound = params.push(value) - 1;
  const of = foldedColumns(entity).map((column): Predicate => {
    if (operator === "eq") return { kind: "compare", column, operator, value: bound };
    return { kind: "text", column, operator, value: bound };
  });
  return { kind: "or", of };
}

/** @throws `invalid_query` for an entity without folded fields. */
export function foldedColumns(entity: EntitySchema): readonly string[] {
  const columns = [...entity.fields.values()].flatMap(({ folded }) => (folded ? [folded.name] : []));
  if (columns.length > 0) return columns;
  throw invalidQuery(entity.name, "search", "needs a field declared with text({ fold: true }), and there is none");
}
