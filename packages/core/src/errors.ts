/** The one error type of the SDK, its stable codes, and the constructors that several parts share. */

/** Codes that core and its adapters use. Plugins and applications may throw a `CrmError` with codes of their own. */
export const coreCodes = [
  "invalid_input",
  "invalid_query",
  "invalid_cursor",
  "not_found",
  "read_only",
  "read_only_entity",
  "reference_not_found",
  "not_unique",
  "stale_version",
  "guard_failed",
  "value_refused",
  "still_referenced",
  "move_not_allowed",
  "reference_archived",
  "backdated_before_change",
  "past_is_read_only",
  "no_history",
  "hierarchy_cycle",
  "outer_handle",
  "unit_required",
  "unit_closed",
  "unit_open",
  "unit_forgotten",
  "native_unavailable",
  "native_refused",
  "using_unavailable",
  "unit_failed",
  "unit_wait_timeout",
  "result_not_storable",
  "outcome_unknown",
  "serialization_failed",
  "deadlock",
  "lock_timeout",
  "statement_timeout",
  "schema_invalid",
  "schema_mismatch",
  "hook_invalid",
  "hook_failed",
  "hook_timeout",
  "hook_depth",
  "listener_failed",
  "delivery_timeout",
  "plugin_conflict",
  "plugin_invalid",
  "plugin_missing",
  "dispose_failed",
  "schema_newer",
  "migration_edited",
  "migration_out_of_order",
  "migration_failed",
  "storage_unavailable",
  "storage_corrupt",
  "storage_busy",
  "storage_full",
  "storage_failed",
  "sum_overflow",
  "missing_rate",
] as const;
export type CrmErrorCode = (typeof coreCodes)[number];

/** What is wrong with one field of an input. `code` is stable; `message` is for a person. */
export interface InputIssue {
  readonly field: string;
  readonly code: string;
  readonly message: string;
  /** Position in the list of inputs, for writes of many records. */
  readonly index?: number;
}

/** Facts about an error. Which of them are present depends on the code; `entity` and `field` are the logical names. */
export interface CrmErrorDetails {
  readonly entity?: string;
  readonly field?: string;
  readonly id?: string;
  /** Every problem found, for `invalid_input`. */
  readonly issues?: readonly InputIssue[];
  readonly [fact: string]: unknown;
}

const MARKER = Symbol.for("relata.CrmError");

/**
 * Every failure that the SDK reports. The message says what happened and what to do; `cause` keeps what lies beneath.
 *
 * @example
 * ```ts
 * import { CrmError } from "@relata/core";
 *
 * try {
 *   throw new CrmError("not_found", "There is no account \"x\".", { details: { entity: "account", id: "x" } });
 * } catch (error) {
 *   if (CrmError.is(error, "not_found")) console.log(error.details.entity);
 *   else throw error;
 * }
 * ```
 */
export class CrmError extends Error {
  override readonly name = "CrmError";
  readonly code: CrmErrorCode | (string & {});
  readonly details: CrmErrorDetails;
  /** Whether the same call, or the whole unit it was part of, may succeed when tried again unchanged. */
  readonly retryable: boolean;

  constructor(
    code: CrmErrorCode | (string & {}),
    message: string,
    options: { readonly details?: CrmErrorDetails; readonly retryable?: boolean; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.retryable = options.retryable ?? false;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Whether a value is a `CrmError`, also one made by another copy of this package; with `code`, of that code. */
  static is(value: unknown, code?: CrmErrorCode | (string & {})): value is CrmError {
    if (typeof value !== "object" || value === null || !(MARKER in value)) return false;
    return code === undefined || (value as unknown as CrmError).code === code;
  }
}
