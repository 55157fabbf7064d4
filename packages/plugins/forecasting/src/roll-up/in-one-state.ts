/** Several reads that see one state, however much is written meanwhile. */
import { CrmError } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";

/**
 * One unit of reads, of which each sees what was there when the first of them began. Inside of a unit of the caller's it is that one, with the
 * isolation that the caller has chosen.
 */
export async function inOneState<T>(
  context: ForecastingContext,
  read: (tx: ForecastingContext) => Promise<T>,
): Promise<T> {
  try {
    return await context.transaction(read, { isolation: "repeatable read" });
  } catch (error) {
    if (isNested(error)) return read(context);
    throw error;
  }
}

/** A transaction in a transaction has no isolation of its own, and is refused before anything is read. */
function isNested(error: unknown): boolean {
  if (!CrmError.is(error, "invalid_input") || error.details.entity !== "transaction") return false;
  return error.details.issues?.some(({ code }) => code === "nested_transaction") === true;
}
