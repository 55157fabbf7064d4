/** What a migration fails with that cannot be applied. */
import { CrmError, type CrmErrorDetails } from "../../errors.ts";
import type { Shipped } from "./ledger.ts";

/** `problem` goes on from "The migration … of plugin …". */
export function migrationFailed(
  { plugin, migration }: Shipped,
  problem: string,
  { details = {}, cause }: { readonly details?: CrmErrorDetails; readonly cause?: unknown } = {},
): CrmError {
  return new CrmError("migration_failed", `The migration "${migration.id}" of plugin "${plugin}" ${problem}`, {
    details: { plugin, migration: migration.id, ...details },
    cause,
    retryable: CrmError.is(cause) && cause.retryable,
  });
}
