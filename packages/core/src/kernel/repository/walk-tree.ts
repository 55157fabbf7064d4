/** The records above and below one in a tree. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Scope } from "../kernel.ts";
import type { Predicate } from "../storage/predicate.ts";
import { always } from "../storage/predicate.ts";
import type { TraverseQuery } from "../storage/query.ts";
import { invalidQuery, type Params, storedOperand } from "./compilation.ts";
import { compileFind, type FindRequest } from "./compile-find.ts";
import { treeOf } from "./compile-tree.ts";
import { refuseUnknown } from "./read-records.ts";
import { sendFind, sendTraverse } from "./read-session.ts";
import { ID } from "./stored-row.ts";

interface TreeRequest extends FindRequest {
  readonly by?: unknown;
  readonly depth?: unknown;
}

/** The records above or below one, each with its distance, the nearest first. */
export async function walkTree(
  scope: Scope,
  id: unknown,
  { request, direction }: { readonly request: TreeRequest; readonly direction: "along" | "against" },
): Promise<readonly { readonly depth: number; readonly record: object }[]> {
  const { kernel, entity } = scope;
  refuseUnknown(scope, request, ["by", "depth", "include", "select", "archived"]);
  const { by, depth, ...find } = request;
  const tree = treeOf(entity, by, (problem) => invalidQuery(entity.name, "by", problem));
  const params: Params = [];
  const query: TraverseQuery = {
    table: entity.table.name,
    from: "id",
    to: tree.columns[0]!.name,
    direction,
    where: always,
    start: params.push([storedOperand(entity, entity.fields.get("id")!, { place: "id", value: id })[0]!]) - 1,
    ...depthOf(entity, depth, params),
  };
  const loading: Params = [];
  const { query: whole, decode } = compileFind({ schema: kernel.schema, entity, params: loading }, find);
  const steps = await sendTraverse(scope, query, params);
  const reached: Predicate = {
    kind: "in",
    column: "id",
    values: loading.push(steps.map(([node]) => node as string)) - 1,
  };
  const rows = await sendFind(scope, { ...whole, where: { kind: "and", of: [whole.where, reached] } }, loading);
  const records = new Map(rows.map((row) => [row[ID], decode(row)]));
  return steps.flatMap(([node, distance]) => {
    const record = records.get(node as string);
    return record ? [{ depth: distance as number, record }] : [];
  });
}

export function depthOf(entity: EntitySchema, depth: unknown, params: Params): { readonly depth?: number } {
  if (depth === undefined) return {};
  if (typeof depth !== "number" || !Number.isSafeInteger(depth) || depth < 1)
    throw invalidQuery(entity.name, "depth", "must be a whole number from 1");
  return { depth: params.push(depth) - 1 };
}
