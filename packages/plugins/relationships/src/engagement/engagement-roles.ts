/** The roles of a kind of engagement. */
import * as z from "zod";
import { once } from "../once.ts";

export interface EngagementRole {
  /** "buyer": without a dot. */
  readonly key: string;
  readonly name?: string | undefined;
  /** The entities that may have it; any unless given. */
  readonly entities?: readonly string[] | undefined;
  /** So many have to have it for the engagement to be complete. */
  readonly least?: number | undefined;
  /** So many have it on one day at most. */
  readonly most?: number | undefined;
  /** From 0 to 1: of those who have it and of whom nothing else is said; 0.4 unless given. */
  readonly defaultStrength?: number | undefined;
}

export const engagementRolesSchema = once(() =>
  z
    .array(
      z
        .strictObject({
          key: z
            .string()
            .min(1)
            .max(99)
            .refine((key) => !key.includes("."), { message: 'has a dot, which parts kind and role: "deal.buyer"' }),
          name: z.string().min(1).optional(),
          entities: z.array(z.string().min(1)).min(1).optional(),
          least: z.int().min(0).optional(),
          most: z.int().min(1).optional(),
          defaultStrength: z.number().min(0).max(1).optional(),
        })
        .refine(({ least = 0, most = least }) => least <= most, { path: ["most"], message: "is below least" }),
    )
    .min(1)
    .refine((roles) => new Set(roles.map(({ key }) => key)).size === roles.length, {
      message: "has the same key twice",
    }),
);

/** The key of the relationship type by which one takes part in a role. */
export const roleTypeKey = (engagementType: string, role: string) => `${engagementType}.${role}`;

/** The other way: of "deal.buyer", "deal" and "buyer"; undefined for what is none. */
export function partsOfKey(typeKey: string): { readonly kind: string; readonly role: string } | undefined {
  const dot = typeKey.lastIndexOf(".");
  return dot < 1 ? undefined : { kind: typeKey.slice(0, dot), role: typeKey.slice(dot + 1) };
}
