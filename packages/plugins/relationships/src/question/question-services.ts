/** Questions about relationships, as services. All answer by a handle of the past as it was known then. */
import type { RecordReference } from "@relata/core/plugin";
import type { RelationshipsContext } from "../parts.ts";
import { type ConnectorsQuery, commonConnections, connectorsOf } from "./common-connections.ts";
import { findPaths, type PathsQuery } from "./find-paths.ts";
import { type NeighboursQuery, neighbours } from "./neighbours.ts";
import { countRelations, type RelationsPageQuery, type RelationsQuery, relationsOf } from "./relations-of.ts";

type Things = RecordReference | readonly RecordReference[];

export const questionServices = (context: RelationshipsContext) => ({
  /**
   * Who relates to a thing, how, since when: those without a beginning first, then the latest beginnings; page by page. Of a day, today unless
   * given; null: of any.
   *
   * @throws `invalid_input`, `not_found`, `unknown_relationship_type`, `invalid_cursor`
   * @example
   * ```ts run with relationships
   * const { items, next } = await crm.relationships.relationsOf(acme, { on: "2022-06-01", types: ["employment"], limit: 50 });
   * for (const { thing, role, since } of items) console.log(thing.name, role, since); // Anna employee 2021-09-01
   * console.log(next); // undefined: it was the last page
   * ```
   */
  relationsOf: (thing: RecordReference, query?: RelationsPageQuery) => relationsOf(context, thing, query),
  /** How many relate to a thing by type and role, the most first. @throws `invalid_input`, `not_found`, `unknown_relationship_type` */
  countRelations: (thing: RecordReference, query?: RelationsQuery) => countRelations(context, thing, query),
  /**
   * Who can be reached within so many steps, each with its distance and a shortest way; the nearest first, page by page. A page is one walk, no further
   * than it needs.
   *
   * @throws `invalid_input`, `not_found`, `unknown_relationship_type`, `invalid_cursor`
   * @example
   * ```ts run with relationships
   * const { items, next } = await crm.relationships.neighbours(anna, { hops: 2 });
   * for (const { thing, distance, way } of items) console.log(thing.entityType, distance, way.length); // account 1 1, contact 2 2
   * console.log(next); // undefined: it was the last page
   * ```
   */
  neighbours: (things: Things, query?: NeighboursQuery) => neighbours(context, things, query),
  /**
   * How two things, or two sets, are connected by the fewest steps, over relationships that are valid on one common day.
   *
   * @throws `invalid_input`, `not_found`, `unknown_relationship_type`, `search_too_wide`
   * @example
   * ```ts run with relationships
   * const [path] = await crm.relationships.shortestPaths(anna, bela, { maxHops: 4 });
   * console.log(path?.things.map(({ name }) => name), path?.since); // Anna, Acme, Bela; 2023-01-01: the days that all share
   * ```
   */
  shortestPaths: (from: Things, to: Things, query?: PathsQuery) =>
    findPaths(context, { from, to, byStrength: false }, query),
  /** The same by the greatest product of strengths (each from 0 to 1), then by the fewest steps; exact. @throws as `shortestPaths` */
  strongestPaths: (from: Things, to: Things, query?: PathsQuery) =>
    findPaths(context, { from, to, byStrength: true }, query),
  /** Who both are directly related to, the strongest connection first. @throws as `shortestPaths` */
  commonConnections: (a: RecordReference, b: RecordReference, query?: ConnectorsQuery) =>
    commonConnections(context, [a, b], query),
  /** Who connects two groups: whoever of neither is directly related to one of each; and what relates them directly. @throws as `shortestPaths` */
  connectorsOf: (groupA: Things, groupB: Things, query?: ConnectorsQuery) =>
    connectorsOf(context, [groupA, groupB], query),
});
