/** What kind of relationship there can be: its roles, who may stand at which end, and its limits. */
import { boolean, decimal, defineEntity, json, oneOf, text } from "@relata/core/plugin";
import { attributesSchema, entitiesSchema, limitsSchema, variantsSchema } from "./type-schemas.ts";

export const relationshipType = defineEntity("relationshipType", {
  plural: "relationshipTypes",
  fields: {
    /** What it is asked for by: "employment". */
    key: text({ minLength: 1, maxLength: 200 }).unique(),
    /** "family", "business": any word. */
    category: text({ fold: true, maxLength: 100 }).optional().indexed(),
    /** Two roles that belong together, the same role at both ends, or a role at the `from` end alone. */
    shape: oneOf("paired", "symmetric", "one_sided").default("paired"),
    /** What the thing at the `from` end is to the other: "employee of"; and the other way round: "employer of". */
    name: text({ fold: true, minLength: 1, maxLength: 200 }),
    inverseName: text({ fold: true, maxLength: 200 }).optional(),
    /** The role of each end, by which it is found: "employee", "employer". */
    fromRole: text({ minLength: 1, maxLength: 100 }).indexed(),
    toRole: text({ maxLength: 100 }).optional().indexed(),
    /** Other words for names and roles, by gender or language: "mother of" for a parent. */
    variants: json(() => variantsSchema()).default([]),
    /** The entities that may stand at each end; null: any. */
    fromEntities: json(() => entitiesSchema()).optional(),
    toEntities: json(() => entitiesSchema()).optional(),
    /** How many of one thing there may be on one day. */
    limits: json(() => limitsSchema()).default([]),
    /** Whether the same two may stand in it twice on one day. */
    mayOverlap: boolean().default(false),
    /** Whether the two may stand in it both ways on one day. A symmetric one has no ways. */
    mayReverse: boolean().default(false),
    mayRelateToSelf: boolean().default(false),
    /** The attributes that its relationships have. */
    attributes: json(() => attributesSchema()).default([]),
    /** From 0 to 1: of relationships that say none. */
    defaultStrength: decimal({ scale: 4, min: 0, max: 1 }).optional(),
  },
});
