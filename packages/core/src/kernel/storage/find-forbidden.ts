/** A helper for adapters: the query behind a `forbid` step. */
import type { Bindings, FindQuery, WriteStep } from "./query.ts";

/** A `forbid` step that fails names so many ids at most. */
const FORBIDDEN_IDS = 100;

/** Finds the ids of rows that the step forbids; when there are any, the step fails with `guardFailed(table, ids, step.reason)`. */
export function findForbidden(step: Extract<WriteStep, { readonly kind: "forbid" }>): {
  readonly query: FindQuery;
  readonly params: Bindings["params"];
} {
  const { table, where, params } = step;
  return {
    query: {
      table,
      columns: ["id"],
      where,
      orderBy: [{ column: "id", direction: "asc" }],
      limit: params.length,
      include: [],
    },
    params: [...params, FORBIDDEN_IDS],
  };
}
