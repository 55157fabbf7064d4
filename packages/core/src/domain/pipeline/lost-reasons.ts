/** The managed list of reasons that a lost record's reason is chosen from. */
import type { InputIssue } from "../../errors.ts";
import type { RecordOf } from "../../kernel/entity/model.ts";
import type { DomainModel } from "../domain-model.ts";
import type { PipelinedContext } from "./pipelined-context.ts";
import type { StageRecord } from "./pipelines.ts";

export type LostReasonRecord = RecordOf<DomainModel, "lostReason">;

/** The reasons of an entity in order, the archived ones too. */
export async function lostReasonsOf({ entity, lostReasons }: PipelinedContext): Promise<readonly LostReasonRecord[]> {
  const query = { where: { entityType: entity.name }, orderBy: [{ position: "asc" }], archived: "include" } as const;
  return Array.fromAsync(lostReasons.iterate(query));
}

interface GivenReason {
  readonly to: StageRecord;
  /** A key. */
  readonly lostReason: string | undefined;
  readonly lostNote: string | undefined;
  /** What the record has already, where it stays lost. */
  readonly was: { readonly lostReasonId: string | null; readonly lostNote: string | null } | undefined;
  readonly reasons: readonly LostReasonRecord[];
}

/** What is wrong with a reason and a note. */
export function lostReasonIssues({ to, lostReason, lostNote, was, reasons }: GivenReason): readonly InputIssue[] {
  const given = Object.entries({ lostReason, lostNote }).filter(([, value]) => value !== undefined);
  if (given.length === 0) return [];
  if (to.outcome !== "lost") {
    const message = `is only for a stage that is lost, and ${to.key} is not`;
    return given.map(([field]) => ({ field, code: "out_of_range", message }));
  }
  const reason = reasons.find(({ key, id }) =>
    lostReason === undefined ? id === was?.lostReasonId : key === lostReason,
  );
  if (lostReason !== undefined && reason?.archivedAt !== null) {
    const known = reasons.filter(({ archivedAt }) => archivedAt === null).map(({ key }) => key);
    const choice = known.length === 0 ? "there is none yet: create lostReasons" : `those are ${known.join(", ")}`;
    const message = `is "${lostReason}", which is ${reason ? "archived" : "no reason of the list"}; ${choice}`;
    return [{ field: "lostReason", code: "not_allowed", message }];
  }
  if (!reason?.needsNote || (lostNote ?? was?.lostNote ?? "").trim() !== "") return [];
  return [{ field: "lostNote", code: "missing_field", message: `is required: the reason ${reason.key} needs it` }];
}
