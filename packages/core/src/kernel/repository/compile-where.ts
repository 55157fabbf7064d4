/** Turns a `where` into a predicate over columns. Every name is looked up; none reaches a database as given. */
import type { EntitySchema, Relation, ResolvedSchema } from "../entity/entity-schema.ts";
import { always, type Predicate } from "../storage/predicate.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { type Compilation, invalidQuery } from "./compilation.ts";
import { conjunction, fieldCondition } from "./compile-filter.ts";
import { searchCondition } from "./compile-search.ts";

const MOST_LEVELS = 32;
const QUANTIFIERS = new Set(["some", "none", "every"]);

/** @throws `invalid_query`, naming the entity, the field and the operator. */
export function compileWhere(at: Compilation, where: unknown): Predicate {
  return conditions(at, where, 0);
}

function conditions(at: Compilation, where: unknown, level: number): Predicate {
  const { entity } = at;
  if (where === undefined && level === 0) return always;
  if (!isPlainObject(where)) throw invalidQuery(entity.name, "where", "must be an object of conditions");
  if (level > MOST_LEVELS) throw invalidQuery(entity.name, "where", `is nested more than ${MOST_LEVELS} levels deep`);
  return conjunction(Object.entries(where).map(([key, condition]) => one(at, { key, condition, level })));
}

interface Condition {
  readonly key: string;
  readonly condition: unknown;
  readonly level: number;
}

function one(at: Compilation, { key, condition, level }: Condition): Predicate {
  const { entity } = at;
  if (condition === undefined) throw invalidQuery(entity.name, key, "is undefined: leave it out, or compare with null");
  const field = entity.fields.get(key);
  if (field) return fieldCondition(at, field, condition);
  const relation = entity.relations.get(key);
  if (relation) return relationCondition(at, relation, { key, condition, level });
  if (key === "and" || key === "or") {
    if (!Array.isArray(condition)) throw invalidQuery(entity.name, key, "must be a list of conditions");
    return { kind: key, of: condition.map((member) => conditions(at, member, level + 1)) };
  }
  if (key === "search") return searchCondition(at, condition);
  if (key === "not") return { kind: "not", of: conditions(at, condition, level + 1) };
  throw invalidQuery(entity.name, key, "is neither a field nor a relation");
}

function relationCondition(at: Compilation, relation: Relation, it: Condition): Predicate {
  const { entity } = at;
  const target = targetOf(at.schema, relation);
  const join = { table: target.table.name, local: relation.local, foreign: relation.foreign };
  const related = (where: unknown) => conditions({ ...at, entity: target }, where, it.level + 1);
  if (relation.cardinality === "one") {
    if (it.condition === null) return { kind: "null", column: relation.local };
    return { kind: "relation", quantifier: "some", ...join, where: related(it.condition) };
  }
  if (!isPlainObject(it.condition)) throw invalidQuery(entity.name, it.key, "needs some, none or every");
  const quantified = Object.entries(it.condition).map(([quantifier, where]): Predicate => {
    if (!QUANTIFIERS.has(quantifier))
      throw invalidQuery(entity.name, it.key, `has no "${quantifier}": use some, none or every`);
    if (where === undefined) throw invalidQuery(entity.name, `${it.key}.${quantifier}`, "is undefined: leave it out");
    return { kind: "relation", quantifier: quantifier as "some" | "none" | "every", ...join, where: related(where) };
  });
  return conjunction(quantified);
}

export function targetOf(schema: ResolvedSchema, relation: Relation): EntitySchema {
  return schema.entities.get(relation.target)!;
}
