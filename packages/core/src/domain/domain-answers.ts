/** What the domain answers when it is asked by others: timelines, rates, the calendar. Loaded with the first question (docs/decisions/0034). */
import { loadedFunction } from "../kernel/loaded.ts";
import type { DomainContext } from "./domain-model.ts";

export const activityEntries = answer(({ activityEntries }) => activityEntries);
export const stageMoves = answer(({ stageMoves }) => stageMoves);
export const fieldChanges = answer(({ fieldChanges }) => fieldChanges);
export const belowAccount = answer(({ belowAccount }) => belowAccount);
export const belowContact = answer(({ belowContact }) => belowContact);
export const findRates = answer(({ findRates }) => findRates);
export const findCalendar = answer(
  ({ currentSettings, tenantCalendar }) =>
    async (context: DomainContext) =>
      tenantCalendar(await currentSettings(context)),
);

type Rules = typeof import("./operation-rules.ts");

function answer<A extends unknown[], R>(
  choose: (rules: Rules) => (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  return loadedFunction(async () => choose(await import("./operation-rules.ts")));
}
