/** What calls fail with whose unit has failed or ended, or is not the innermost. */
import { CrmError } from "../../errors.ts";
import { wordsOf } from "../thrown.ts";

export function unitFailed(cause: unknown): CrmError {
  const first = wordsOf(cause);
  return new CrmError(
    "unit_failed",
    `A statement of this transaction has failed, so nothing of it can be kept. To go on after a failure, run the part that may fail in a nested transaction. The failure was: ${first}`,
    { cause, retryable: CrmError.is(cause) && cause.retryable },
  );
}

export function unitClosed(call: string): CrmError {
  return new CrmError(
    "unit_closed",
    `${call} was used after its transaction had ended. Await everything inside of the transaction.`,
  );
}

export function unitRequired(call: string): CrmError {
  return new CrmError(
    "unit_required",
    `${call} was called outside of a transaction, and what it does ends with one. Call it on the handle that context.transaction gives.`,
    { details: { call } },
  );
}

export function outerHandle(call: string): CrmError {
  return new CrmError(
    "outer_handle",
    `${call} was called inside of an open transaction with a handle from outside of it, and would wait for itself. Use the handle that the innermost transaction, hook or operation was given.`,
    { details: { call } },
  );
}
