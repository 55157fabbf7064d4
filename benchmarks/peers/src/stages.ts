/** What every peer keeps in its own memory when it writes, as raw does: the stages, and what a move to one of them changes. */

import { DatabaseSync } from "node:sqlite";
import { enteredPosition, type Stage, TENANT } from "../../src/sales/rows.ts";

export interface Stages {
  readonly first: Stage;
  /** @throws Error when no stage has this key. */
  byKey(key: string): Stage;
}

/** Of the pipeline that Relata's data is filed under. */
export function readStages(filename: string): Stages {
  const database = new DatabaseSync(filename, { readOnly: true });
  const rows = database
    .prepare(
      `select stage.id, stage.pipeline_id, stage.key, stage.probability from stage
      join pipeline on pipeline.tenant_id = stage.tenant_id and pipeline.id = stage.pipeline_id
      where stage.tenant_id = ? and pipeline.is_default = 1 order by stage.position`,
    )
    .all(TENANT) as unknown as readonly Stage[];
  database.close();
  return {
    first: rows[0]!,
    byKey(key) {
      const stage = rows.find((candidate) => candidate.key === key);
      if (stage === undefined) throw new Error(`No stage ${key}`);
      return stage;
    },
  };
}

/** Without the version, which peers count each in their own way. */
export function moveChanges(stage: Stage, now: number) {
  return {
    stage_id: stage.id,
    probability: stage.probability,
    stage_entered_at: now,
    board_position: enteredPosition(now),
    updated_at: now,
  };
}
