/** The health of relationships, as services. */
import type { RelationshipsContext } from "../parts.ts";
import { type HealthQuery, healthOf } from "./health.ts";

export const healthServices = (context: RelationshipsContext) => ({
  /**
   * How alive a relationship is on a day, from 0 to 1: what its two did together, by weight, halved once for every half-life since; with what each activity
   * contributed. It is `activity / (activity + half)`, a decimal of at most four digits; exponential decay, with the half-life in days (90 unless given).
   *
   * @throws `invalid_input`, `not_found`, `health_too_wide`
   * @example
   * ```ts run with relationships
   * const { health, lastAt, contributions } = await crm.relationships.healthOf(job.id, { halfLifeDays: 30 });
   * console.log(health, lastAt, contributions.length); // 0 null 0: they have done nothing together yet
   * ```
   */
  healthOf: async (relationshipId: string, query?: HealthQuery) =>
    (await healthOf(context, [relationshipId], query))[0]!,
  /** The same of up to 1,000 relationships, in their order; the number of queries does not grow with theirs. @throws as `healthOf` */
  healthOfMany: (relationshipIds: readonly string[], query?: HealthQuery) => healthOf(context, relationshipIds, query),
});
