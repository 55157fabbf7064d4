/** What one unit of a currency was worth in another on a day. It holds until the next day that has one. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { date, decimal, text } from "../../kernel/entity/fields.ts";

export const exchangeRate = defineEntity("exchangeRate", {
  plural: "exchangeRates",
  fields: {
    /** ISO 4217. */
    baseCurrency: text({ maxLength: 3 }),
    quoteCurrency: text({ maxLength: 3 }),
    day: date(),
    /** So many units of the quote currency for one of the base currency. */
    rate: decimal({ scale: 10, min: 1e-10 }),
    /** Where it is from: "ECB". */
    source: text({ maxLength: 100 }).optional(),
  },
  unique: [["baseCurrency", "quoteCurrency", "day"]],
});
