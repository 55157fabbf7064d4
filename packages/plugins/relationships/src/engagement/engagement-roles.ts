/** The roles of a kind of engagement. */
import * as z from "zod";
import { once } from "../once.ts";

export interface EngagementRole {
  readonly key: string;
  readonly name?: string | undefined;
  /** The entities that may have it; any unless given. */
  readonly entities?: readonly string[] | undefined;
  /** So many have to have it for the engagement to be complete. */
  readonly least?: number | undefined;
  readonly most?: number | undefined;
}

export const engagementRolesSchema = once(() =>
  z
    .array(
      z.strictObject({
        key: z.string().min(1).max(100),
        name: z.string().min(1).optional(),
        entities: z.array(z.string().min(1)).min(1).optional(),
        least: z.int().min(0).optional(),
        most: z.int().min(1).optional(),
      }),
    )
    .min(1),
);
