/** What hooks of the domain receive, and how they refuse: everything that is wrong in a batch, in one error. */
import type { InputIssue } from "../errors.ts";
import { invalidInput } from "../kernel/entity/input-issues.ts";
import type { EntityName, PatchInput, RecordOf } from "../kernel/entity/model.ts";
import type { DomainModel } from "./domain-model.ts";

type Name = EntityName<DomainModel>;

/** A write of one record, before it is done. */
export interface Proposed<E extends Name> {
  readonly input: PatchInput<DomainModel, E> & { readonly id: string };
  /** Absent for a new record. */
  readonly before?: RecordOf<DomainModel, E>;
}

/** A write of one record that is done. */
export interface Changed<E extends Name> {
  readonly before?: RecordOf<DomainModel, E>;
  readonly after?: RecordOf<DomainModel, E>;
}

/** The fields of a record as they would be: of a new one, those that are given. */
export type Draft<E extends Name> = { readonly id: string } & Partial<RecordOf<DomainModel, E>>;

export function draftOf<E extends Name>({ input, before }: Proposed<E>): Draft<E> {
  return { ...before, ...(input as Draft<E>) };
}

/** Whether the write gives the field another value than it has. Absent and null are the same. */
export function changes<E extends Name>(
  { input, before }: Proposed<E>,
  field: keyof RecordOf<DomainModel, E> & string,
): boolean {
  if (!Object.hasOwn(input, field)) return false;
  const [was, is] = [before, input].map((values) => (values as Record<string, unknown> | undefined)?.[field] ?? null);
  return was !== is;
}

/**
 * @throws `invalid_input` with all that `check` finds; of several new records, with the `index` of each. Updates carry none: those
 * that change nothing are not in the batch.
 */
export function refuseWrong<E extends Name>(
  entity: E,
  batch: readonly Proposed<E>[],
  check: (proposed: Proposed<E>) => readonly InputIssue[],
): void {
  const numbered = batch.length > 1 && batch.every(({ before }) => before === undefined);
  const issues = batch.flatMap((proposed, index) =>
    check(proposed).map((issue) => (numbered ? { ...issue, index } : issue)),
  );
  if (issues.length > 0) throw invalidInput(entity, issues);
}
