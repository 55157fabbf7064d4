/** What is to follow from a write once it is committed. Kept by the frame in which it happened, and gone with it. */
import type { EntitySchema } from "../entity/entity-schema.ts";
import type { Row } from "../storage/query.ts";
import type { CrmEvent } from "./event.ts";

/** One record's rows, before and after a write. */
export interface RowChange {
  /** Absent for a new record. */
  readonly before?: Row;
  /** Absent for a deleted record. */
  readonly after?: Row;
  /** What the rows alone do not tell: that the record has come back from history, or is gone from there too. */
  readonly as?: "restored" | "erased";
}

/** On whose behalf something was done, and in which hooks, from the outermost on. */
export interface Author {
  readonly tenantId: string;
  readonly actorId: string | null;
  readonly chain: readonly string[];
}

/** An event that somebody wants. Made anew for each of them, so that what one does to it is seen by no other. */
export interface PendingEvent {
  readonly name: string;
  make(): CrmEvent;
}

export type Effect =
  | { readonly kind: "event"; readonly event: PendingEvent }
  | {
      readonly kind: "changes";
      readonly entity: EntitySchema;
      readonly author: Author;
      readonly changes: readonly RowChange[];
    };
