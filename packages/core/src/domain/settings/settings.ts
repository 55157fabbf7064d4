/** What a tenant's figures and days are measured by. One row for each tenant, written by `settings.change` only. */
import { defineEntity } from "../../kernel/entity/define-entity.ts";
import { json, oneOf, text } from "../../kernel/entity/fields.ts";
import { weekdays } from "../../kernel/value/calendar.ts";
import { fiscalCalendarSchema } from "../calendar/fiscal-calendar.ts";

export const settings = defineEntity("settings", {
  plural: "settings",
  written: "operations",
  fields: {
    /** There is one row for each of them. */
    scope: oneOf("tenant").default("tenant").unique(),
    /** An ISO 4217 code: the currency of reports, and the way from one currency to another that has no rate of its own. */
    reportingCurrency: text({ maxLength: 3 }).optional(),
    /** A name of the IANA database. */
    timeZone: text({ maxLength: 100 }),
    weekStart: oneOf(...weekdays),
    fiscalCalendar: json(fiscalCalendarSchema),
  },
});
