/** What several writes have done to records, taken together. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { RowChange } from "./effect.ts";

/** By entity and id: the first row before, and the last one after. */
export type NetChanges = Map<EntitySchema, Map<string, RowChange>>;

/** All that is written through a handle and those that hooks get from it, whoever writes it; of operations in operations too. */
export interface Journal {
  readonly changes: NetChanges;
  readonly outer: Journal | undefined;
}
