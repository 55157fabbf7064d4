/** What an adapter says when it refuses. */
import { CrmError } from "@relata/core/adapter";

export interface Refusal {
  readonly code: string;
  readonly entity?: string | undefined;
  readonly field?: string | undefined;
}

/** The code of an error, and the logical names of what it is about. @throws whatever is not a `CrmError`. */
export function refusalOf(error: unknown): Refusal {
  if (!CrmError.is(error)) throw new Error("The adapter failed with something else than a CrmError.", { cause: error });
  const { entity, field } = error.details;
  return { code: error.code, ...(entity === undefined ? {} : { entity }), ...(field === undefined ? {} : { field }) };
}

/** Waits for a call to be refused. @throws when it succeeds, or fails with something else than a `CrmError`. */
export async function refused(call: Promise<unknown>): Promise<Refusal> {
  return refusalOf(await failure(call));
}

/** The details of a refusal, for facts about more than the names. */
export async function refusedDetails(call: Promise<unknown>): Promise<CrmError["details"]> {
  const error = await failure(call);
  refusalOf(error);
  return (error as CrmError).details;
}

/** What a call fails with. @throws when it succeeds. */
export async function failure(call: Promise<unknown>): Promise<unknown> {
  let result: unknown;
  try {
    result = await call;
  } catch (error) {
    return error;
  }
  throw new Error(`The call was not refused; it gave ${String(result)}.`);
}
