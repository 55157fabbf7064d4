/** What the records that lines are of are called. */
import { count } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";

const CHUNK = 500;

/** By id, archived ones too, where their entity has a field `name`. One query for each five hundred. */
export async function namesOf(
  at: ForecastingContext,
  entityName: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const entity = at.entities().find(({ name }) => name === entityName);
  const names = new Map<string, string>();
  if (!entity?.fields.some(({ name }) => name === "name")) return names;
  for (let from = 0; from < ids.length; from += CHUNK) {
    // Groups have only these two fields of each record, where a list would have all.
    const rows = await at.repository(entityName).aggregate({
      where: { id: { in: ids.slice(from, from + CHUNK) } },
      groupBy: { id: "id", name: "name" },
      measures: { records: count() },
      archived: "include",
    });
    for (const { id, name } of rows) if (typeof name === "string") names.set(id as string, name);
  }
  return names;
}
