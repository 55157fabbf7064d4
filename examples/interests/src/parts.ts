/** What decides the types of the plugin's own context, in a file of its own, so that the rules can name it without a cycle. */
import { type ContextOf, integer } from "@relata/core/plugin";
import * as z from "zod";
import { accountInterest } from "./account-interest.ts";
import { interest } from "./interest.ts";

export const parts = {
  entities: [interest, accountInterest],
  extend: {
    account: {
      /** How many interests it has. The plugin's hooks keep it. */
      interestCount: integer({ min: 0 }).default(0).written("operations").indexed(),
    },
  },
  /** What happened to an account: by name, the data that the event carries. */
  events: {
    "account.interest_added": z.strictObject({ label: z.string() }),
    "account.interest_removed": z.strictObject({ label: z.string() }),
  },
  errors: {
    interest_limit_reached: "Account {id} would have {count} interests, and {limit} is the most: remove one first.",
  },
} as const;

export type InterestsContext = ContextOf<typeof parts>;
