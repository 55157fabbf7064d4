/** What moves take, checked. */
import * as z from "zod";
import type { InputIssue } from "../../errors.ts";
import { inputIssues, invalidInput } from "../../kernel/entity/input-issues.ts";
import type { PipelinedEntity } from "./pipelined-entity.ts";

/** `Values` are fields of the record that the move brings along. */
export interface MoveOptions<Values = { readonly [field: string]: unknown }> {
  /** The version that was read: if the record has changed since, the move is refused with `stale_version`. */
  readonly version?: number;
  /** The day on which it was won or lost, for a stage that closes; the organisation's day of the move, unless given. */
  readonly closeDate?: string;
  /** For a stage whose outcome is lost: the key of one of the entity's `lostReasons`. */
  readonly lostReason?: string;
  /** For a stage whose outcome is lost: what there is to say besides the reason. */
  readonly lostNote?: string;
  /** Fields that the same write changes, such as those that the stage requires. */
  readonly set?: Values;
}

export interface Move<Values = { readonly [field: string]: unknown }> extends MoveOptions<Values> {
  readonly id: string;
  /** The key of the stage. */
  readonly stage: string;
}

/** A move whose input is known to be one. Its place in the list is told where there are several. */
export interface CheckedMove extends Move {
  /** The place in the column that it is given; at the end of a stage that it enters, and unchanged where it is already, unless given. */
  readonly boardPosition?: string;
  readonly index?: number;
}

export const moveOptions = {
  closeDate: z.string().optional(),
  lostReason: z.string().normalize("NFC").optional(),
  lostNote: z.string().optional(),
  set: z.record(z.string(), z.unknown()).optional(),
};

const moveSchema = z.strictObject({
  id: z.string(),
  stage: z.string().normalize("NFC"),
  version: z.int().optional(),
  ...moveOptions,
});

/** @throws `invalid_input`, telling all that is wrong. */
export function checkedMoves(entity: PipelinedEntity, given: readonly unknown[]): readonly CheckedMove[] {
  if (!Array.isArray(given))
    throw invalidInput(entity.name, [{ field: "", code: "invalid_type", message: "must be a list of moves" }]);
  const issues: InputIssue[] = [];
  const ids = new Set<string>();
  const moves = given.flatMap((move: unknown, at): CheckedMove[] => {
    const index = given.length > 1 ? at : undefined;
    const place = index === undefined ? {} : { index };
    const parsed = moveSchema.safeParse(move);
    if (!parsed.success) {
      issues.push(...inputIssues(parsed.error.issues, move, index));
      return [];
    }
    const { id, set = {} } = parsed.data;
    if (ids.has(id))
      issues.push({ field: "id", code: "repeated", message: `"${id}" is moved twice in one list`, ...place });
    ids.add(id);
    issues.push(...setIssues(entity, set).map((issue) => ({ ...issue, ...place })));
    return [{ ...(parsed.data as Move), ...place }];
  });
  if (issues.length > 0) throw invalidInput(entity.name, issues);
  return moves;
}

/** Fields that whoever moves may not write: the operation may, and writes what it is given. The rest is checked with the write. */
export function setIssues({ fields, name }: PipelinedEntity, set: object): readonly InputIssue[] {
  return Object.keys(set).flatMap((field): InputIssue[] => {
    const written = Object.hasOwn(fields, field) ? fields[field]!.definition.written : undefined;
    const own = field === "id" || field === "version";
    if (!own && (written === undefined || written === "anyone")) return [];
    const message = own
      ? "is written by the SDK"
      : written === "once"
        ? "is written once, at creation"
        : `is written by the operations of ${name} only`;
    return [{ field, code: "read_only_field", message }];
  });
}
