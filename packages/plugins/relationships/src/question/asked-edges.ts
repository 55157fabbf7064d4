/** Which relationships a question goes over, as it is asked and as the storage is. */
import { invalidInput } from "@relata/core/plugin";
import * as z from "zod";
import { certaintySchema, daySchema } from "../asked.ts";
import { type Certainty, type Days, daysOf, type StatedDays, validDuring } from "../edge/edge-days.ts";
import { FIRST_DAY, LAST_DAY } from "../interval/day-interval.ts";
import type { RelationshipsContext, TypeRecord } from "../parts.ts";
import { readTypes, refuseUnknownRoles, typeIdsOf } from "../type/read-types.ts";
import { type End, otherEnd, roleAt } from "../type/type-ends.ts";
import { FULL } from "./path/cost.ts";

/** What every question takes. What the CRM knew at an instant, `crm.asOf(instant).relationships` answers. */
export interface EdgesQuery {
  /** The day, "YYYY-MM-DD"; today in the tenant's time zone unless given. */
  readonly on?: string | undefined;
  /** Which days are meant where one of an edge is no exact one: those that are stated unless given. */
  readonly certainty?: Certainty | undefined;
  /** Keys of types; all unless given. */
  readonly types?: readonly string[] | undefined;
  /** From 0 to 1, with at most four digits after the point: its own strength, that of its type, or 1. */
  readonly minStrength?: number | string | undefined;
  /** Only things of these entities are reached, and passed on a way. */
  readonly entities?: readonly string[] | undefined;
}

/** Days of which a path needs one: both are among them. */
export interface During {
  readonly from: string;
  readonly until: string;
}

const strengthSchema = z
  .union([z.number(), z.string()])
  .transform(String)
  .refine((text) => /^(0(\.\d{1,4})?|1(\.0{1,4})?)$/.test(text), {
    message: "must be from 0 to 1, with at most four digits after the point",
    params: { code: "out_of_range" },
  });

/** For `z.strictObject`. */
export const edgesFields = {
  on: daySchema.optional(),
  certainty: certaintySchema.default("stated"),
  types: z.array(z.string().min(1)).min(1).optional(),
  minStrength: strengthSchema.optional(),
  entities: z.array(z.string().min(1)).min(1).optional(),
};

export const duringSchema = z.strictObject({ from: daySchema, until: daySchema });
export const rolesSchema = z.array(z.string().min(1)).min(1);

interface ParsedEdges {
  readonly on?: string | undefined;
  readonly certainty: Certainty;
  readonly types?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly minStrength?: string | undefined;
  readonly entities?: readonly string[] | undefined;
}

export interface AskedEdges {
  /** All that there are, by id. */
  readonly types: ReadonlyMap<string, TypeRecord>;
  readonly days: During;
  readonly certainty: Certainty;
  readonly entities: ReadonlySet<string> | undefined;
  /** The condition on edges that a thing at this end stands in. */
  where(end: End): object;
  /** Those days of the edge that are asked for, as numbers in their order; undefined where it has none. */
  daysOf(edge: StatedDays): { readonly first: number; readonly last: number } | undefined;
  /** Its days by the certainty that is asked for, where it has some. */
  intervalOf(edge: StatedDays): Days | undefined;
  /** In ten-thousandths. */
  strengthOf(edge: { readonly strength: string | null; readonly typeId: string }): number;
}

/** @throws `unknown_relationship_type`; `invalid_input` for an entity that is not installed, a role that no type has, and days that end before they begin */
export async function askedEdges(
  context: RelationshipsContext,
  entity: string,
  query: ParsedEdges & { readonly during?: During | undefined },
): Promise<AskedEdges> {
  const { certainty, during, entities } = query;
  if (during && query.on !== undefined)
    throw invalidInput(entity, [
      { field: "during", code: "not_allowed", message: "cannot be given beside on: it is days or one day" },
    ]);
  if (during && during.until < during.from) {
    const message = "is before the first day, during.from";
    throw invalidInput(entity, [{ field: "during.until", code: "out_of_range", message }]);
  }
  refuseUnknownEntities(context, entity, entities);
  const types = await readTypes(context);
  const day = during ? undefined : (query.on ?? (await context.settings.today()));
  const days = during ?? { from: day!, until: day! };
  const typeIds = query.types && typeIdsOf(context, types, query.types);
  refuseUnknownRoles(types, query.roles);
  const strengthOf = strengths(types);
  return {
    types,
    days,
    certainty,
    entities: entities && new Set(entities),
    where: (end) => {
      const asked =
        query.roles === undefined ? typeIds : withRole(types, { typeIds, roles: query.roles }, otherEnd(end));
      const certain = certainty === "certain" && day !== undefined ? [certainlyOn(day)] : [];
      return {
        and: [validDuring(days, certainty), ...certain, ...strongEnough(types, query.minStrength)],
        ...(asked === undefined ? {} : { typeId: { in: asked } }),
        ...(entities === undefined ? {} : { [end === "from" ? "toType" : "fromType"]: { in: entities } }),
      };
    },
    daysOf: (edge) => {
      const valid = daysOf(edge, certainty);
      if (!valid) return undefined;
      const [first, last] = [valid.from ?? FIRST_DAY, valid.until ?? LAST_DAY];
      return first > days.until || last < days.from ? undefined : { first: numberOf(first), last: numberOf(last) };
    },
    intervalOf: (edge) => daysOf(edge, certainty),
    strengthOf,
  };
}

/** Days as whole numbers in their order: 20261231. */
export function numberOf(day: string): number {
  return Number(day.replaceAll("-", ""));
}

/** Of a whole number from 0 to 10,000. */
export function strengthText(tenThousandths: number): string {
  return String(tenThousandths / FULL);
}

function strengths(types: ReadonlyMap<string, TypeRecord>): AskedEdges["strengthOf"] {
  const of = (decimal: string) => Math.round(Number(decimal) * FULL);
  const byType = new Map([...types].map(([id, { defaultStrength }]) => [id, of(defaultStrength ?? "1")]));
  return ({ strength, typeId }) => (strength === null ? byType.get(typeId)! : of(strength));
}

/** Those whose end has one of the roles. */
function withRole(
  types: ReadonlyMap<string, TypeRecord>,
  { typeIds, roles }: { readonly typeIds: readonly string[] | undefined; readonly roles: readonly string[] },
  end: End,
): readonly string[] {
  const asked = typeIds && new Set(typeIds);
  return [...types.values()].flatMap((type) => {
    const role = roleAt(type, end);
    return role !== null && roles.includes(role) && (asked?.has(type.id) ?? true) ? [type.id] : [];
  });
}

function strongEnough(types: ReadonlyMap<string, TypeRecord>, least: string | undefined): readonly object[] {
  if (least === undefined) return [];
  const byDefault = [...types.values()].filter(({ defaultStrength }) => Number(defaultStrength ?? 1) >= Number(least));
  const ids = byDefault.map(({ id }) => id);
  return [{ or: [{ strength: { gte: least } }, { strength: null, typeId: { in: ids } }] }];
}

/** Beside the condition on stated days: as `daysOf` has it. */
function certainlyOn(day: string): object {
  return {
    and: [
      { or: [{ validFrom: null }, { validFromIs: { ne: "at_earliest" } }, { validUntil: day }] },
      { or: [{ validUntil: null }, { validUntilIs: { ne: "at_latest" } }, { validFrom: day }] },
      {
        not: {
          validFrom: { ne: null },
          validUntil: { ne: null },
          validFromIs: "at_earliest",
          validUntilIs: "at_latest",
        },
      },
    ],
  };
}

function refuseUnknownEntities(context: RelationshipsContext, entity: string, names: readonly string[] = []): void {
  const known = new Set(context.entities().map(({ name }) => name));
  const unknown = names.findIndex((name) => !known.has(name));
  if (unknown < 0) return;
  const message = `names "${names[unknown]}", and there is no such entity`;
  throw invalidInput(entity, [{ field: `entities.${unknown}`, code: "invalid_value", message }]);
}
