/** The way from an entity to the accounts that its records belong to: a reference, or several, one after another. */
import { type EntityDescription, type FieldDescription, invalidInput } from "@relata/core/plugin";

export interface ReferencePath {
  readonly entity: EntityDescription;
  /** The relations before the last reference: `["opportunity"]` of "opportunity.accountId". */
  readonly relations: readonly string[];
  /** The field at the end, and the name of its entity. */
  readonly field: FieldDescription;
  readonly end: string;
}

/** What a path stands in, in errors: the query, and its field. */
interface Place {
  readonly query: string;
  readonly field: string;
}

/** A path of relations to a field, as text: "accountId", "opportunity.accountId". @throws `invalid_input`, naming what there is. */
export function pathOf(
  entities: readonly EntityDescription[],
  entity: EntityDescription,
  { path, query, field }: Place & { readonly path: string },
): ReferencePath {
  const steps = path.split(".");
  let at = entity;
  for (const step of steps.slice(0, -1)) {
    const reference = at.fields.find(({ name, to }) => name === `${step}Id` && to !== undefined);
    const next = reference && entities.find(({ name }) => name === reference.to);
    if (!next) throw refused({ query, field }, `goes by "${step}", which is no relation of ${at.name} to one record`);
    at = next;
  }
  const last = at.fields.find(({ name }) => name === steps.at(-1));
  if (!last) throw refused({ query, field }, `ends with "${steps.at(-1)}", which is no field of ${at.name}`);
  return { entity, relations: steps.slice(0, -1), field: last, end: at.name };
}

/** The path that is named, or the only reference to an account. @throws `invalid_input` */
export function accountPath(
  entities: readonly EntityDescription[],
  { entity: name, by, query }: { readonly entity: string; readonly by: string | undefined; readonly query: string },
): ReferencePath {
  const entity = entities.find((each) => each.name === name);
  if (!entity) throw refused({ query, field: "entity" }, `is "${name}", and no such entity is installed`);
  const given = by ?? (name === "account" ? "id" : undefined);
  if (given !== undefined) {
    const path = pathOf(entities, entity, { path: given, query, field: "by" });
    if (path.field.to === "account" || (path.field.name === "id" && path.end === "account")) return path;
    throw refused({ query, field: "by" }, `is "${given}", which does not refer to an account`);
  }
  const found = entity.fields.filter(({ to }) => to === "account");
  const [own, ...others] = found;
  if (own && others.length === 0) return { entity, relations: [], field: own, end: name };
  const named = found.find(({ name: field }) => field === "accountId");
  if (named) return { entity, relations: [], field: named, end: name };
  const problem = own
    ? `must say which reference counts: ${found.map(({ name: field }) => field).join(", ")}`
    : `must say how ${name} refers to accounts, by way of other records, such as "opportunity.accountId"`;
  throw refused({ query, field: "by" }, problem);
}

/** The path as a key to group by. */
export function groupKeyOf({ relations, field }: ReferencePath): unknown {
  return relations.reduceRight<unknown>((inner, relation) => ({ [relation]: inner }), field.name);
}

/** The path as a condition on its end. */
export function conditionOf({ relations, field }: ReferencePath, condition: unknown): object {
  return relations.reduceRight<object>((inner, relation) => ({ [relation]: inner }), { [field.name]: condition });
}

function refused({ query, field }: Place, message: string): Error {
  return invalidInput(query, [{ field, code: "not_allowed", message }]);
}
