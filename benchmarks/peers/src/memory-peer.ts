/** A store in memory that one would take instead of Relata's: filled with the documents that Relata holds. */

import { type Opportunity, PAGE_SIZE } from "../../src/sales/contestant.ts";
import { enteredPosition, type Stage } from "../../src/sales/rows.ts";
import type { Documents } from "./documents.ts";
import type { Peer } from "./peer.ts";

export interface MemoryPeer extends Peer {
  /** All that it holds, in any order. */
  documents(): Promise<Documents>;
}

export interface MemoryPeerOptions {
  readonly documents: Documents;
  /** In their order. */
  readonly stages: readonly Stage[];
  readonly clock: () => number;
}

/** What a move to the stage changes of an opportunity with this version. */
export function moved({
  stage,
  version,
  now,
}: {
  readonly stage: Stage;
  readonly version: number;
  readonly now: number;
}) {
  return {
    stageId: stage.id,
    probability: String(stage.probability / 100),
    stageEnteredAt: new Date(now),
    boardPosition: enteredPosition(now),
    version: version + 1,
    updatedAt: new Date(now),
  };
}

/** Of a page that was read with one document more than it has. */
export function nextOf(found: readonly Pick<Opportunity, "id" | "expectedCloseDate">[]): unknown {
  const last = found.length > PAGE_SIZE ? found[PAGE_SIZE - 1]! : undefined;
  return last && [last.expectedCloseDate, last.id];
}
