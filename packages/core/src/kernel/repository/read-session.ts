/** Sends a read through the handle that it belongs to: for its tenant, and in its unit. */
import type { Scope } from "../kernel.ts";
import type { FindQuery, Row, TraverseQuery } from "../storage/query.ts";
import type { Params } from "./compilation.ts";

export function sendFind({ kernel, binding }: Scope, query: FindQuery, params: Params): Promise<readonly Row[]> {
  const asked = kernel.queries.intern(query);
  return kernel.units.session(binding.frame).find(asked, { tenantId: binding.tenantId, params });
}

export function sendTraverse(
  { kernel, binding }: Scope,
  query: TraverseQuery,
  params: Params,
): Promise<readonly Row[]> {
  const asked = kernel.queries.intern(query);
  return kernel.units.session(binding.frame).traverse(asked, { tenantId: binding.tenantId, params });
}
