/** How far `advance` has come, and by which rules. One record for each tenant. */
import { date, defineEntity, json, oneOf } from "@relata/core/plugin";
import * as z from "zod";

export const membershipClock = defineEntity("membershipClock", {
  plural: "membershipClocks",
  written: "operations",
  fields: {
    scope: oneOf("tenant").default("tenant").unique(),
    /** The last day that was announced. */
    advancedThrough: date(),
    /** By program, the rules that were asked, as text: where they have changed, all of its memberships are looked at. */
    rules: json(() => z.record(z.string(), z.string())),
  },
  history: false,
});
