/** Turns where a record stands in a tree into a predicate: on the id of an entity with a tree, or on a reference to it. */

import type { EntitySchema, FieldSchema } from "../entity/entity-schema.ts";
import type { Predicate, TreePaths } from "../storage/predicate.ts";
import { idKind, topPath } from "../storage/tree-path.ts";
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
  const pair = at.entity.polymorphic.find(({ id }) => id === field);
  const node = nodeOf(at, { operand, value, isNamed: pair !== undefined });
  const target = pair ? namedTarget(at, { operand, name, of: node.of }) : targetOf(at, field);
  const tree = treeOf(target, node.by, (problem) => invalidQuery(at.entity.name, operand, problem));
  const ids = pair ? target.fields.get("id")! : field;
  const [id] = storedOperand(at.entity, ids, { place: operand, value: node.id });
  const root = at.params.push(id!) - 1;
  const column = field.columns[0]!.name;
  const [table, parent] = [target.table.name, tree.columns[0]!.name];
  const ofEntity = (where: Predicate): Predicate => {
    if (!pair) return where;
    const type = at.params.push(target.name) - 1;
    return {
      kind: "and",
      of: [{ kind: "compare", column: pair.type.columns[0]!.name, operator: "eq", value: type }, where],
    };
  };
  switch (name) {
    case "directlyUnder": {
      const where: Predicate = { kind: "compare", column: parent, operator: "eq", value: root };
      if (field.definition.kind === "id") return where;
      return { kind: "relation", quantifier: "some", table, local: column, foreign: "id", where };
    }
    case "under":
    case "atOrUnder": {
      const below = { kind: "tree", column, table, parent, relation: "descendants", root } as const;
      return ofEntity({
        ...below,
        self: name === "atOrUnder",
        ...keptPaths(at, target, { tree, id: id as string }),
      });
    }
    default:
      return ofEntity({
        ...{ kind: "tree", column, table, parent, relation: "ancestors", root },
        self: name === "atOrAncestorOf",
      });
  }
}

function keptPaths(
  { params }: Compilation,
  { treePaths, table }: EntitySchema,
  { tree, id }: { readonly tree: FieldSchema; readonly id: string },
): { readonly paths?: TreePaths } {
  const kept = treePaths.find(({ field }) => field === tree);
  if (!kept) return {};
  return { paths: { table: kept.table.name, top: params.push(topPath(id, idKind(table))) - 1 } };
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
  { operand, value, isNamed }: { readonly operand: string; readonly value: unknown; readonly isNamed: boolean },
): { readonly id: unknown; readonly by: unknown; readonly of: unknown } {
  if (!isPlainObject(value)) return { id: value, by: undefined, of: undefined };
  const { id, by, of, ...others } = value;
  const [unknown] = of !== undefined && !isNamed ? ["of"] : Object.keys(others);
  const options = isNamed ? "id, of and by" : "id and by";
  if (unknown !== undefined) throw invalidQuery(entity.name, operand, `has no option "${unknown}": use ${options}`);
  return { id, by, of };
}

/** The entity of a pair's tree. */
function namedTarget(
  { schema, entity }: Compilation,
  { operand, name, of }: { readonly operand: string; readonly name: string; readonly of: unknown },
): EntitySchema {
  if (name === "directlyUnder")
    throw invalidQuery(entity.name, operand, "is not for a pair of fields: use under, or the ids of the children");
  const target = typeof of === "string" ? schema.entities.get(of) : undefined;
  if (target) return target;
  throw invalidQuery(
    entity.name,
    operand,
    "must say of which entity: { id, of }, with the name of one that has a tree",
  );
}

/** The entity whose ids the field has. */
export function targetOf({ schema, entity }: Pick<Compilation, "schema" | "entity">, field: FieldSchema): EntitySchema {
  return field.definition.kind === "id" ? entity : schema.entities.get(field.definition.to!)!;
}
