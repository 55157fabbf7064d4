/** Asks the plugins that provide them for exchange rates and for the tenant's calendar. */
import type { Scope } from "../kernel.ts";
import type { TenantCalendar, WantedRate } from "../plugin/provided.ts";
import type { Ratio } from "../value/ratio.ts";
import { invalidQuery } from "./compilation.ts";

/** As this handle sees them. @throws `invalid_query` where no plugin provides rates. */
export async function askForRates(
  { kernel, binding, entity }: Scope,
  wanted: readonly WantedRate[],
): Promise<readonly (Ratio | undefined)[]> {
  const { rates } = kernel.providers;
  if (!rates) throw invalidQuery(entity.name, "measures", "cannot be converted: no plugin provides exchange rates");
  return rates.give(kernel.contextFor({ ...binding, plugin: rates.plugin }) as never, wanted);
}

/** As this handle sees it. @throws `invalid_query` where no plugin provides a calendar. */
export async function askForCalendar({ kernel, binding, entity }: Scope): Promise<TenantCalendar> {
  const { calendar } = kernel.providers;
  if (!calendar)
    throw invalidQuery(entity.name, "groupBy", "needs a fiscal calendar or a time zone, which no plugin provides");
  return calendar.give(kernel.contextFor({ ...binding, plugin: calendar.plugin }) as never);
}
