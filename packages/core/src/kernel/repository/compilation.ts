/** What the compilers of queries share: where they are, and how they refuse. */
import { CrmError } from "../../errors.ts";
import type { EntitySchema, FieldSchema, ResolvedSchema } from "../entity/entity-schema.ts";
import type { Bindings } from "../storage/query.ts";
import type { Storable } from "../storage/storage-schema.ts";

/** The values of a query under construction. */
export type Params = Bindings["params"][number][];

/** The entity whose query is compiled, and the values that are collected for it. */
export interface Compilation {
  readonly schema: ResolvedSchema;
  readonly entity: EntitySchema;
  readonly params: Params;
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

/** What a condition compares with, as the field is stored. @throws `invalid_query` that names `place` when the field would not accept it. */
export function storedOperand(
  { name }: EntitySchema,
  { codec }: FieldSchema,
  { place, value }: { readonly place: string; readonly value: unknown },
): readonly Storable[] {
  const accepted = codec.accepts.safeParse(value);
  if (accepted.success) return codec.encode(accepted.data);
  throw invalidQuery(name, place, accepted.error.issues[0]?.message ?? "has a wrong value");
}
