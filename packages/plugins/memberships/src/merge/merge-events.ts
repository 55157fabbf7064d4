/** What is told of memberships that have become one. */
import * as z from "zod";

const overlap = z.strictObject({
  from: z.string(),
  until: z.string().nullable(),
  keptTermId: z.string(),
  cutTermId: z.string(),
});

export const mergeEvents = {
  /** Of the membership that goes on: which one it has the terms of, the days that both had, and the open orders that were given up. */
  "membership.chains_joined": z.strictObject({
    programId: z.string(),
    mergedId: z.string(),
    overlaps: z.array(overlap),
    ordersGivenUp: z.array(z.string()),
  }),
} as const;
