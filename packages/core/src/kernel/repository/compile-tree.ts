/** Turns where a record stands in a tree into a predicate: on the id of an entity with a tree, or on a reference to it. */

import type { EntitySchema, FieldSchema } from "../entity/entity-schema.ts";
import type { Predicate } from "../storage/predicate.ts";
import { wordsOf } from "../thrown.ts";
import { isPlainObject } from "../value/plain-object.ts";
import { type Compilation, invalidQuery, storedOperand } from "./compilation.ts";

export const TREE_OPERATORS: ReadonlySet<string> = new Set([
  "under",
  "atOrUnder",
  "directlyUnder",
  "ancestorOf",
  "atOrAncestorOf",
]);

interface Operator {
  readonly name: string;
  readonly value: unknown;
}

/** @throws `invalid_query` where the entity has no tree, or several of which none is named. */
export function treeCondition(at: Compilation, field: FieldSchema, { name, value }: Operator): Predicate {
  const operand = `${field.name}.${name}`;
  const target = targetOf(at, field);
  const node = nodeOf(at, { operand, value });
  const tree = treeOf(target, node.by, (problem) => invalidQuery(at.entity.name, operand, problem));
  const [id] = storedOperand(at.entity, field, { place: operand, value: node.id });
  const root = at.params.push(id!) - 1;
  const column = field.columns[0]!.name;
  const [table, parent] = [target.table.name, tree.columns[0]!.name];
  switch (name) {
    case "directlyUnder": {
      const where: Predicate = { kind: "compare", column: parent, operator: "eq", value: root };
      if (field.definition.kind === "id") return where;
      return { kind: "relation", quantifier: "some", table, local: column, foreign: "id", where };
    }
    case "under":
    case "atOrUnder":
      return { kind: "tree", column, table, parent, relation: "descendants", self: name === "atOrUnder", root };
    default:
      return { kind: "tree", column, table, parent, relation: "ancestors", self: name === "atOrAncestorOf", root };
  }
}

/** The tree that is named, or the only one. */
export function treeOf(entity: EntitySchema, by: unknown, refuse: (problem: string) => Error): FieldSchema {
  const names = entity.trees.map(({ name }) => name).join(", ");
  if (entity.trees.length === 0)
    throw refuse(`needs a tree, and ${entity.name} has none: declare a reference to itself with { tree: true }`);
  if (by === undefined && entity.trees.length > 1)
    throw refuse(`must say by which tree of ${entity.name}: { id, by } with one of ${names}`);
  const tree = by === undefined ? entity.trees[0] : entity.trees.find(({ name }) => name === by);
  if (!tree) throw refuse(`names "${wordsOf(by)}", which is no tree of ${entity.name}: use ${names}`);
  return tree;
}

function nodeOf(
  { entity }: Compilation,
  { operand, value }: { readonly operand: string; readonly value: unknown },
): { readonly id: unknown; readonly by: unknown } {
  if (!isPlainObject(value)) return { id: value, by: undefined };
  const { id, by, ...others } = value;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw invalidQuery(entity.name, operand, `has no option "${unknown}": use id and by`);
  return { id, by };
}

/** The entity whose ids the field has. */
export function targetOf({ schema, entity }: Pick<Compilation, "schema" | "entity">, field: FieldSchema): EntitySchema {
  return field.definition.kind === "id" ? entity : schema.entities.get(field.definition.to!)!;
}
