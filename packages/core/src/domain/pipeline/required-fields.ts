/** Fields that a record must have to enter a stage. */
import type { InputIssue } from "../../errors.ts";
import { invalidInput } from "../../kernel/entity/input-issues.ts";
import type { PipelinedRecord } from "./pipelined-context.ts";
import type { PipelinedEntity } from "./pipelined-entity.ts";
import type { StageRecord } from "./pipelines.ts";

export interface Entering {
  readonly record: PipelinedRecord;
  readonly to: StageRecord;
  /** Its place in a list of moves. */
  readonly index?: number;
}

/** @throws `invalid_input`, naming all that is missing. An empty text is missing; 0 and false are not. */
export function requireFields({ name }: PipelinedEntity, entering: readonly Entering[]): void {
  const issues = entering.flatMap(({ record, to, index }) =>
    (to.requiredFields ?? []).flatMap((field): InputIssue[] => {
      const value: unknown = (record as { readonly [field: string]: unknown })[field];
      if (value !== null && value !== undefined && value !== "") return [];
      const how = field === "lostReasonId" ? ": give lostReason" : "";
      const message = `is required to enter ${to.key}${how}`;
      return [{ field, code: "missing_field", message, ...(index === undefined ? {} : { index }) }];
    }),
  );
  if (issues.length > 0) throw invalidInput(name, issues);
}
