/** The types of `crm.search`. */
import type { AnyModel, EntityName, RecordOf } from "../entity/model.ts";
import type { ArchivedOption } from "./aggregate.ts";
import type { SearchRank } from "./compile-search.ts";

/** A field in which something of the text was found. */
export interface SearchMatch {
  /** "name"; of a record that is searched for this one, with the relation: "emailAddresses.address". */
  readonly field: string;
  /** As it was written. */
  readonly value: string;
  /** Where in it each word stands first, in UTF-16 units; a phone number, and what cannot be told apart, is given as a whole. */
  readonly places: readonly (readonly [from: number, to: number])[];
}

export interface FoundRecord<E, R> {
  readonly entity: E;
  readonly id: string;
  readonly record: R;
  readonly rank: SearchRank;
  /** The record's own fields in their order, then those of records that are searched for it, at most ten of each relation. */
  readonly matched: readonly SearchMatch[];
}

/** One of them: `hit.entity` tells which, and so the type of `hit.record`. */
export type SearchHit<M extends AnyModel, E extends EntityName<M>> = {
  [N in E]: FoundRecord<N, RecordOf<M, N>>;
}[E];

export interface SearchOptions<out E> extends ArchivedOption {
  /** All that have folded texts, unless said; without those that are searched for others. */
  readonly entities?: readonly E[];
  /** 1 to 1,000; 20 unless said. */
  readonly limit?: number;
}

export interface Searching<in out M extends AnyModel> {
  /**
   * For a search box over everything: one list, the best matches first. By rank (as `search` of a repository: a field equal to the text,
   * one that begins with it, a word that does, then every word as a part of some field), then by the first folded field, by entity, by id.
   * What looks like a phone number is also compared by its digits. A text without words finds nothing.
   *
   * Queries: one for each entity (at most five where 200 records match or more), and one for each entity that has hits in the list.
   * In the past (`asOf`), entities without history are left out unless they are named.
   *
   * @throws `invalid_query` for an entity that is not installed, or has nothing to search in.
   */
  search<const E extends EntityName<M> = EntityName<M>>(
    text: string,
    options?: SearchOptions<E>,
  ): Promise<readonly SearchHit<M, E>[]>;
}
