/** What the compilers of queries share: where they are, and how they refuse. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema, ResolvedSchema } from "../entity/entity-schema.ts";
import type { Bindings } from "../storage/query.ts";

/** The values of a query under construction. */
export type Params = Bindings["params"][number][];

/** The entity whose query is compiled, and the values that are collected for it. */
export interface Compilation {
  readonly schema: ResolvedSchema;
  readonly entity: EntitySchema;
  readonly params: Params;
}

/** What a literal or JSON makes, of whatever realm: no list, no Date, no Map, nothing of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A caller names the members of result rows; this one name is not a member but the row's prototype. */
export function refuseName(entity: EntitySchema, option: string, name: string): void {
  if (name === "__proto__") throw invalidQuery(entity.name, `${option}.${name}`, "cannot be a name");
}

export function invalidQuery(entity: string, field: string, problem: string): CrmError {
  return new CrmError("invalid_query", `${entity}${field === "" ? "" : `.${field}`} ${problem}.`, {
    details: { entity, field },
  });
}
