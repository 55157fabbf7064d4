/** What decides the types of the plugin's own context, in a file of its own, so that the rules can name it without a cycle. */
import { type ContextOf, integer } from "@relata/core/plugin";
import * as z from "zod";
import { tag } from "./tag.ts";
import { tagging } from "./tagging.ts";

export const parts = {
  entities: [tag, tagging],
  extend: {
    account: {
      /** How many tags it has. The plugin's hooks keep it. */
      tagCount: integer({ min: 0 }).default(0).written("operations").indexed(),
    },
  },
  /** What happened to an account: by name, the data that the event carries. */
  events: {
    "account.tagged": z.strictObject({ label: z.string() }),
    "account.untagged": z.strictObject({ label: z.string() }),
  },
  errors: {
    tag_limit_reached: "Account {id} would have {count} tags, and {limit} is the most: untag it first.",
  },
} as const;

export type TagsContext = ContextOf<typeof parts>;
