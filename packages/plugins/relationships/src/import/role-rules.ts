/** Which type roles in free text mean: by the caller's rules, and by the words of the types themselves. Pure. */
import { foldText } from "@relata/core/plugin";
import type { TypeRecord } from "../parts.ts";
import type { ParsedRole } from "./parse-role.ts";
import type { Tense } from "./role-words.ts";

export type AttributeValue = string | number | boolean;

/** Says of one thing in a role what relationship that is. The first rule of several that fits is taken. */
export interface RoleRule {
  /** Its role: a text, whatever the case, the width and the accents, with or without tenses and days; or a pattern. */
  readonly role?: string | RegExp | undefined;
  /** The role of the thing at the other end. Where it is given, both have to fit. */
  readonly otherRole?: string | RegExp | undefined;
  /** Both things are told in the same role. */
  readonly equalRoles?: true | undefined;
  /** Only with this tense: "acting". */
  readonly tense?: Tense | undefined;
  /** The key of the type. */
  readonly type: string;
  /** The end at which the thing in `role` stands; "from" unless given. */
  readonly end?: "from" | "to" | undefined;
  /**
   * The relationship holds an office of the account at the other end, titled as the role. One that is not there is made, for any number of holders
   * at a time unless it is said to have one.
   */
  readonly office?: true | { readonly isSingleHolder: boolean } | undefined;
  /** The attribute that takes the role as it is written, without tenses and days. */
  readonly roleAttribute?: string | undefined;
  readonly attributes?: { readonly [key: string]: AttributeValue } | undefined;
}

/** What a row says of its two things. */
export interface ToldRoles {
  /** What `from` is. */
  readonly role?: ParsedRole | undefined;
  /** What `to` is. */
  readonly inverseRole?: ParsedRole | undefined;
  readonly fromEntity: string;
  readonly toEntity: string;
}

/** A type, and the way in which the row's `from` and `to` stand in it. */
export interface MappedRole {
  readonly type: string;
  readonly way: "along" | "against";
  readonly rule?: RoleRule;
  /** The role that the rule or the type knew; the other one is only kept as text. */
  readonly known?: ParsedRole | undefined;
  /** The roles of both things are what the rule or the type says. */
  readonly knowsBoth?: boolean;
}

export type RoleMapping = MappedRole | { readonly problem: "unmapped_role" } | Ambiguous;

interface Ambiguous {
  readonly problem: "ambiguous_role";
  /** What it can be. */
  readonly types: readonly string[];
}

type Way = MappedRole["way"];
type Side = "role" | "inverseRole";

/** Rules come first; without one that fits, the types whose own names and roles are these words. */
export function mapRoles(told: ToldRoles, rules: readonly RoleRule[], types: readonly TypeRecord[]): RoleMapping {
  for (const rule of rules) {
    const type = types.find(({ key }) => key === rule.type);
    const sides = (["role", "inverseRole"] as const).filter((side) => fits(rule, told, side));
    const ways = new Set(sides.map((side) => wayOf(rule, side)));
    if (ways.size === 0) continue;
    // Of a symmetric type there are no ways. Otherwise both ways contradict each other, and the rule does not say which one is meant.
    if (ways.size > 1 && type?.shape !== "symmetric") continue;
    return { type: rule.type, way: wayOf(rule, sides[0]!), rule, known: told[sides[0]!], knowsBoth: knowsBoth(rule) };
  }
  return mapByTypes(told, types);
}

function knowsBoth({ role, otherRole, equalRoles }: RoleRule): boolean {
  return equalRoles === true || (role !== undefined && otherRole !== undefined);
}

function wayOf({ end = "from" }: RoleRule, side: Side): Way {
  return (side === "role") === (end === "from") ? "along" : "against";
}

function fits(rule: RoleRule, told: ToldRoles, side: Side): boolean {
  const [own, other] = [told[side], told[side === "role" ? "inverseRole" : "role"]];
  if (rule.equalRoles && !(own && other && foldText(own.role) === foldText(other.role))) return false;
  if (rule.tense !== undefined && !own?.tenses.includes(rule.tense)) return false;
  if (rule.role === undefined && rule.otherRole === undefined) return rule.equalRoles === true && own !== undefined;
  return matches(rule.role, own) && matches(rule.otherRole, other);
}

function matches(wanted: string | RegExp | undefined, role: ParsedRole | undefined): boolean {
  if (wanted === undefined) return true;
  if (role === undefined) return false;
  if (typeof wanted === "string") return isSaid(role, wanted);
  // A pattern with the flags g or y begins where it ended the last time.
  const pattern = new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, ""));
  return pattern.test(role.role) || pattern.test(role.text);
}

/** Whether the role is this text, with or without its tenses and days. */
export function isSaid(role: ParsedRole, text: string): boolean {
  const folded = foldText(text.replace(/\s+/g, " ").trim());
  return folded === foldText(role.role) || folded === foldText(role.text);
}

function mapByTypes({ role, inverseRole, fromEntity, toEntity }: ToldRoles, types: readonly TypeRecord[]): RoleMapping {
  const found: MappedRole[] = [];
  for (const type of types) {
    if (type.archivedAt !== null) continue;
    const isSymmetric = type.shape === "symmetric";
    for (const way of isSymmetric ? (["along"] as const) : (["along", "against"] as const)) {
      const [near, far] = way === "along" ? (["from", "to"] as const) : (["to", "from"] as const);
      const isMeant =
        allows(type, near, fromEntity) &&
        allows(type, far, toEntity) &&
        (!role || isWordOf(type, near, role)) &&
        (!inverseRole || isWordOf(type, far, inverseRole));
      if (isMeant) found.push({ type: type.key, way, known: role ?? inverseRole, knowsBoth: true });
    }
  }
  if (found.length === 1) return found[0]!;
  if (found.length === 0) return { problem: "unmapped_role" };
  return { problem: "ambiguous_role", types: [...new Set(found.map(({ type }) => type))] };
}

function allows(type: TypeRecord, end: "from" | "to", entity: string): boolean {
  const entities = end === "from" || type.shape === "symmetric" ? type.fromEntities : type.toEntities;
  return entities === null || entities.includes(entity);
}

/** Whether it is a role or a name of the type at this end. */
export function isWordOf(type: TypeRecord, end: "from" | "to", role: ParsedRole): boolean {
  const wanted = foldText(role.role);
  return wordsAt(type, end).some((word) => foldText(word.replaceAll("_", " ")) === wanted || foldText(word) === wanted);
}

function wordsAt(type: TypeRecord, end: "from" | "to"): readonly string[] {
  const isFrom = end === "from" || type.shape === "symmetric";
  const own = isFrom ? [type.fromRole, type.name] : [type.toRole, type.inverseName];
  const variants = type.variants
    .filter((variant) => type.shape === "symmetric" || variant.end === end)
    .flatMap(({ role, name }) => [role, name]);
  return [...own, ...variants].filter((word): word is string => typeof word === "string");
}
