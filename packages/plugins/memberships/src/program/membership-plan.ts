/** A way to be on a level: for how long, in which periods, at which price. */
import { defineEntity, integer, money, oneOf, reference, text } from "@relata/core/plugin";

export const termUnits = ["day", "month", "year", "lifetime"] as const;

export const membershipPlan = defineEntity("membershipPlan", {
  plural: "membershipPlans",
  fields: {
    levelId: reference("membershipLevel", { inverse: "plans", onDelete: "cascade" }).written("once"),
    /** "annual", "two-years", "life" */
    key: text({ minLength: 1, maxLength: 100 }),
    name: text({ fold: true, minLength: 1, maxLength: 200 }),
    /** A term is so many units long; of a lifetime it has no end. */
    unit: oneOf(...termUnits)
      .default("year")
      .written("once"),
    length: integer({ min: 1, max: 1_200 }).default(1).written("once"),
    /** Of one term, in the program's currency; nothing: free. */
    price: money(),
    /** `rolling`: from the day of joining. `fixed`: periods that are the same for everybody, of whole years or months. */
    period: oneOf("rolling", "fixed").default("rolling").written("once"),
    /** Of fixed years: month and day on which they begin ("01-01"). 29 February is the 28th in a year without one. */
    startDay: text({ maxLength: 5 }).optional().written("once"),
    /**
     * Who joins on this day or later in a fixed period has the following period too: month and day ("10-01") of fixed years, the day of the
     * month ("20") of fixed months. Null: nobody has.
     */
    rolloverDay: text({ maxLength: 5 }).optional().written("once"),
    /** What a first fixed period costs: its whole price, or the part for the days that are left of it. */
    firstPrice: oneOf("full", "daily").default("full"),
    /** An order is due in so many equal parts, … */
    instalments: integer({ min: 1, max: 120 }).default(1),
    /** … so many months apart, the first on the day of the order. */
    instalmentMonths: integer({ min: 1, max: 120 }).default(1),
  },
  unique: [["levelId", "key"]],
});
