/** What relationships rows make, and why some make none. Pure. */
import { compareText } from "@relata/core/plugin";
import type { RelationshipRecord, TypeRecord } from "../parts.ts";
import { thingKey } from "../things.ts";
import { foldedInto, type ToldRow } from "./fold-rows.ts";
import { type CheckedOptions, choiceOf, isFallback } from "./import-options.ts";
import type { ParsedRole } from "./parse-role.ts";
import { attributeOf, type RowProblem } from "./read-row.ts";
import { isSaid, isWordOf, type MappedRole, mapRoles, type RoleMapping, type ToldRoles } from "./role-rules.ts";
import { rowIndex } from "./row-index.ts";

/** A relationship that is to be written. */
export interface PlannedEdge {
  readonly told: ToldRow;
  readonly type: TypeRecord;
  readonly from: ToldRow["from"];
  readonly to: ToldRow["to"];
  readonly attributes: RelationshipRecord["attributes"];
  readonly notes: string | undefined;
  /** An office of the account `to`. */
  readonly office: { readonly title: string; readonly isSingleHolder: boolean } | undefined;
  /** It came in as a fallback type. */
  readonly isFallen: boolean;
}

export interface Plan {
  readonly edges: readonly PlannedEdge[];
  readonly problems: readonly RowProblem[];
}

export interface Mapping {
  readonly types: ReadonlyMap<string, TypeRecord>;
  readonly mapRow: (told: ToldRow) => RoleMapping;
}

const MOST_KNOWN = 10_000;

/** Maps each combination of texts once. */
export function roleMapping(types: readonly TypeRecord[], { rules }: CheckedOptions): Mapping {
  const known = new Map<string, RoleMapping>();
  return {
    types: new Map(types.map((type) => [type.key, type])),
    mapRow(told) {
      const roles = toldRoles(told);
      const key = JSON.stringify([roles.role?.text, roles.inverseRole?.text, roles.fromEntity, roles.toEntity]);
      const mapped = known.get(key) ?? mapRoles(roles, rules, types);
      // Texts with days in them may be different in every row.
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(key, mapped);
      return mapped;
    },
  };
}

/** Called with rows in their order, part by part: of those that make the same relationship, the first one makes it. */
export function edgePlanner(options: CheckedOptions): (rows: readonly ToldRow[], mapping: Mapping) => Plan {
  const [sayings, keys] = [rowIndex(), rowIndex()];
  return (rows, mapping) => {
    const problems: RowProblem[] = [];
    const edges: PlannedEdge[] = [];
    for (const told of rows) {
      let planned = planRow(told, mapping, options);
      if ("problem" in planned) {
        const choice = choiceOf(options, planned.problem);
        if (isFallback(choice)) {
          problems.push(planned);
          planned = fallBack(told, choice, mapping);
        }
      } else {
        const [saying, isForth] = [edgeKey(planned), isToldForth(planned)];
        const same = sayings.find(saying);
        if (same) planned = foldedInto(same, told, same.isForth === isForth ? "double" : "mirror");
        else sayings.note(saying, told.row, { values: told.values, isForth });
      }
      const withKey = told.key === undefined ? undefined : keys.find(told.key);
      if ("problem" in planned) problems.push(planned);
      else if (withKey) problems.push(sameKey(told, withKey.row));
      else {
        if (told.key !== undefined) keys.note(told.key, told.row);
        edges.push(planned);
      }
    }
    return { edges, problems };
  };
}

function sameKey({ row, key }: ToldRow, other: number): RowProblem {
  const message = `"${key}" is the key of row ${other} too, which says something else: give each a key of its own`;
  return { row, problem: "invalid", field: "key", message };
}

function planRow(told: ToldRow, { types, mapRow }: Mapping, options: CheckedOptions): PlannedEdge | RowProblem {
  const { row, type, role, inverseRole } = told;
  const mapped = type === undefined && (role ?? inverseRole) ? mapRow(told) : undefined;
  if (mapped && "problem" in mapped)
    return {
      ...{ row, problem: mapped.problem, field: "role", message: unmapped(told, mapped) },
      ...{ role: role?.text, inverseRole: inverseRole?.text },
    };
  const key = type ?? mapped?.type ?? options.type;
  if (key !== undefined) return plannedOf(told, mapped ?? { type: key, way: "along" }, types);
  const message =
    "says no role and no type: name its column, give the option type, or choose a fallback type for no_role";
  return { row, problem: "no_role", field: "role", message };
}

function unmapped({ role, inverseRole }: ToldRow, mapped: RoleMapping): string {
  const texts = [role, inverseRole].flatMap((each) => (each ? [`"${each.role}"`] : [])).join(" and ");
  if ("types" in mapped)
    return `${texts} can be ${mapped.types.join(" or ")}: give a rule that says which, or the type`;
  return `no rule and no type knows ${texts}: give a rule, define a type with this role, or choose a fallback type`;
}

/** No fallback is folded: that two texts mean the same is not known. */
function fallBack(
  told: ToldRow,
  { type, attribute }: { readonly type: string; readonly attribute?: string | undefined },
  { types }: Mapping,
): PlannedEdge | RowProblem {
  const planned = plannedOf(told, { type, way: "along" }, types);
  if ("problem" in planned || attribute === undefined)
    return "problem" in planned ? planned : { ...planned, isFallen: true };
  const texts = textsOf(told).join(" / ");
  const attributes = texts === "" ? planned.attributes : { ...planned.attributes, [attribute]: texts };
  return { ...planned, attributes, notes: told.values.notes, isFallen: true };
}

function plannedOf(told: ToldRow, mapped: MappedRole, types: Mapping["types"]): PlannedEdge | RowProblem {
  const type = types.get(mapped.type);
  if (!type || type.archivedAt !== null) {
    const message = `there is no type "${mapped.type}": make it with relationships.defineTypes, or use another one`;
    return { row: told.row, problem: "unknown_type", field: "type", message };
  }
  const { rule, known } = mapped;
  const isAlong = mapped.way === "along";
  const kinds = new Map(type.attributes.map(({ key, kind }) => [key, kind]));
  const own = Object.entries(told.attributes).map(([key, value]) => [
    key,
    attributeOf(value, kinds.get(key) ?? "text"),
  ]);
  const titled = rule?.roleAttribute !== undefined && known ? { [rule.roleAttribute]: known.role } : {};
  const sides = [
    { role: told.role, end: isAlong ? "from" : "to" },
    { role: told.inverseRole, end: isAlong ? "to" : "from" },
  ] as const;
  const kept = sides.flatMap(({ role, end }) => (role && !isKept(role, type, { end, mapped }) ? [role.text] : []));
  return {
    ...{ told, type, isFallen: false },
    ...{ from: isAlong ? told.from : told.to, to: isAlong ? told.to : told.from },
    attributes: { ...rule?.attributes, ...titled, ...Object.fromEntries(own) },
    notes: [told.values.notes, ...kept].filter((text) => text !== undefined).join("\n") || undefined,
    office: officeOf(told, mapped),
  };
}

function officeOf({ office }: ToldRow, { rule, known }: MappedRole): PlannedEdge["office"] {
  const title = office ?? (rule?.office ? known?.role : undefined);
  if (title === undefined) return undefined;
  return { title, isSingleHolder: typeof rule?.office === "object" && rule.office.isSingleHolder };
}

/** Whether nothing is lost without the text. */
function isKept(
  role: ParsedRole,
  type: TypeRecord,
  { end, mapped: { rule, known } }: { readonly end: "from" | "to"; readonly mapped: MappedRole },
): boolean {
  if (role.tenses.some((tense) => tense === "acting" || tense === "designate")) return false;
  if (isWordOf(type, end, role)) return true;
  const isTitle = known === role && (rule?.office !== undefined || rule?.roleAttribute !== undefined);
  return isTitle || [rule?.role, rule?.otherRole].some((text) => typeof text === "string" && isSaid(role, text));
}

function textsOf({ role, inverseRole }: ToldRow): readonly string[] {
  return [role, inverseRole].flatMap((each) => (each ? [each.text] : []));
}

function toldRoles({ role, inverseRole, from, to }: ToldRow): ToldRoles {
  return { role, inverseRole, fromEntity: from.entityType, toEntity: to.entityType };
}

/** What makes two relationships the same. */
function edgeKey({ type, from, to, told: { days }, office }: PlannedEdge): string {
  const ends = [thingKey(from), thingKey(to)];
  if (type.shape === "symmetric") ends.sort(compareText);
  return JSON.stringify([type.id, ...ends, days.validFrom, days.validUntil, office?.title ?? null]);
}

/** Whether the row tells it from its first end; of a symmetric one, from the end that is first in order. */
function isToldForth({ type, from, told }: PlannedEdge): boolean {
  const [own, other] = [thingKey(told.from), thingKey(told.to)];
  return type.shape === "symmetric" ? compareText(own, other) <= 0 : own === thingKey(from);
}
