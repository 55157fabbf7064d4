/** Which ties of a member give other persons its membership: a level's rule. */
import { foldText } from "@relata/core/plugin";
import * as z from "zod";

export type AffiliationKind = "employer" | "household" | "other";

/** An affiliation of a person with the account that is the member. */
export interface AffiliationRule {
  readonly kind: AffiliationKind;
  /** Only in this role; case, width and diacritics do not count. */
  readonly role?: string | undefined;
}

/** Any of these gives it. */
export interface InheritanceRule {
  readonly affiliations?: readonly AffiliationRule[] | undefined;
  /** Types of the plugin with the id "relationships", by what it knows them by; without that plugin they give it to nobody. */
  readonly relationships?: readonly string[] | undefined;
}

export const inheritanceSchema = () =>
  z.strictObject({
    affiliations: z
      .array(
        z.strictObject({
          kind: z.enum(["employer", "household", "other"]),
          role: z.string().min(1).max(500).optional(),
        }),
      )
      .max(50)
      .optional(),
    relationships: z.array(z.string().min(1).max(200)).max(50).optional(),
  });

export interface InheritingLevel {
  readonly memberKind: "person" | "household" | "organization";
  readonly inheritance: InheritanceRule | null;
  readonly maxInherited: number | null;
}

/** A level without a rule: a household's members have its membership, and nobody else anybody's. */
export function inheritanceOf({ inheritance, memberKind }: InheritingLevel): InheritanceRule {
  return inheritance ?? (memberKind === "household" ? { affiliations: [{ kind: "household" }] } : {});
}

/** Whether there are ties that give a membership of the level. */
export function inherits(level: InheritingLevel): boolean {
  const { affiliations = [], relationships = [] } = inheritanceOf(level);
  return affiliations.length + relationships.length > 0;
}

/** Whether an affiliation is one of those that give it. */
export function givesIt(
  rule: InheritanceRule,
  { kind, role }: { readonly kind: AffiliationKind; readonly role: string | null },
): boolean {
  return (rule.affiliations ?? []).some(
    (each) =>
      each.kind === kind && (each.role === undefined || (role !== null && foldText(each.role) === foldText(role))),
  );
}
