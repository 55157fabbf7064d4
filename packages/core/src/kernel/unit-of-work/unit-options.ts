/** What a caller may ask of a transaction, checked. */
import * as z from "zod";
import { CrmError } from "../../errors.ts";
import { inputIssues, invalidInput } from "../entity/input-issues.ts";
import { once } from "../once.ts";
import type { TransactionOptions } from "../storage/storage-adapter.ts";
import { textProblem } from "../value/text.ts";

/** Only for the outermost transaction: what is nested is a part of it. */
export interface UnitOptions extends TransactionOptions {
  /**
   * So often, at most, the whole transaction is run again when it has failed with a `CrmError` that is `retryable`. What a lost attempt did
   * is undone, and its events and `committed` hooks never happen. 0 unless said; on a plugin's context 4.
   */
  readonly retries?: number;
  /**
   * 1 to 255 characters, of this tenant. The first transaction with the key stores what `work` returns with what it writes; later ones
   * do nothing, and return it. It must be plain data: what JSON has, `undefined`, `Date`, `bigint`.
   */
  readonly idempotencyKey?: string;
}

/** Which attempt at its transaction `work` is, from 1 on. */
export interface Attempt {
  readonly attempt: number;
}

const MOST_RETRIES = 100;
const LONGEST_KEY = 255;
/** What databases take for a limit: 31 bits. */
const LONGEST_MS = 2_147_483_647;

const optionsSchema = once(() => {
  const limit = z.int().min(1).max(LONGEST_MS).optional();
  return z.strictObject({
    isolation: z.enum(["read committed", "repeatable read", "serializable"]).optional(),
    retries: z.int().min(0).max(MOST_RETRIES).optional(),
    idempotencyKey: z
      .string()
      .min(1, "must have 1 to 255 characters")
      .max(LONGEST_KEY, "must have 1 to 255 characters")
      .transform((key) => key.normalize("NFC"))
      .refine((key) => textProblem(key) === undefined, "must have no NUL and no half of a surrogate pair")
      .optional(),
    statementTimeoutMs: limit,
    lockTimeoutMs: limit,
    idleTimeoutMs: limit,
  });
});

/** @throws `invalid_input`, naming each option. */
export function checkedUnitOptions(given: unknown = {}): UnitOptions {
  const parsed = optionsSchema().safeParse(given);
  if (parsed.success) return parsed.data as UnitOptions;
  const issues = inputIssues(parsed.error.issues, given).map(({ field, code, message, ...rest }) => ({
    ...rest,
    code: code === "unknown_field" ? "unknown_option" : code,
    message: code === "unknown_field" ? "is no option of a transaction" : message,
    field: field === "" ? "options" : `options.${field}`,
  }));
  throw invalidInput("transaction", issues);
}

/** A savepoint begins nothing: it is run again, limited and remembered with the transaction that it is a part of. */
export function refuseNestedOptions(options: UnitOptions): void {
  const given = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (given.length === 0) return;
  throw invalidInput(
    "transaction",
    given.map((name) => ({
      field: `options.${name}`,
      code: "nested_transaction",
      message: "is for the outermost transaction only: give it there",
    })),
  );
}

/** The reply to the commit of a unit is lost. With a key the caller may run it again: what is committed is not done twice. */
export function withKey(error: unknown, idempotencyKey: string): unknown {
  if (!CrmError.is(error, "outcome_unknown")) return error;
  const { code, message, details, cause } = error;
  return new CrmError(code, `${message} Run it again with the same idempotencyKey: it happens once.`, {
    details: { ...details, idempotencyKey },
    retryable: true,
    cause,
  });
}
