/** What an error tells of relationships that cannot be together, and what to do about it. */
import { CrmError, invalidInput } from "@relata/core/plugin";
import type { RelationshipsContext } from "../parts.ts";
import { edgeErrors } from "./edge-errors.ts";
import type { Places } from "./places.ts";

const MOST_SHOWN = 5;

/**
 * What is there already is told, for it can be ended; of what is written with them, the places, for it can be left out.
 *
 * @param ids of those that are there; where nothing of them is, and no places are known, all
 */
export function wayOut(relationshipIds: readonly string[], { indexes = [] }: Places) {
  const inputs = indexes.length > 1 ? `one of the inputs ${someOf(indexes)}` : `input ${indexes[0]}`;
  const remedy = [
    ...(relationshipIds.length > 0 ? [`end or correct one of ${someOf(relationshipIds)} first`] : []),
    ...(indexes.length > 0 ? [`leave out ${inputs}, or give it other days`] : []),
  ].join(", or ");
  return { relationshipIds, remedy };
}

function someOf(items: readonly (string | number)[]): string {
  return [...items.slice(0, MOST_SHOWN), ...(items.length > MOST_SHOWN ? ["…"] : [])].join(", ");
}

/** Where an input of a write stands in the call, and what its fields are called there: of evidence, "evidence.2." stands before them. */
export interface PlaceInCall {
  readonly index: number;
  readonly prefix?: string;
}

/** Does a write of some of a call's inputs; what it refuses is told of their places in the call, where that has several. */
export async function toldOfCall<T>(
  tx: RelationshipsContext,
  { of, places }: { readonly of: readonly unknown[]; readonly places: readonly PlaceInCall[] },
  write: () => Promise<T>,
): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const isToldSo = places.length === of.length && places.every(({ prefix }) => prefix === undefined);
    throw isToldSo || !CrmError.is(error) || error.retryable
      ? error
      : ofCall(tx, error, { isOne: of.length === 1, places });
  }
}

function ofCall(
  tx: RelationshipsContext,
  { code, message, details, cause }: CrmError,
  { isOne, places }: { readonly isOne: boolean; readonly places: readonly PlaceInCall[] },
): CrmError {
  const only = places.length === 1 ? 0 : -1;
  const placeOf = (index: unknown): PlaceInCall | undefined => places[typeof index === "number" ? index : only];
  const inCall = (place: PlaceInCall, field: string | undefined) => ({
    ...(field === undefined ? {} : { field: `${place.prefix ?? ""}${field}` }),
    ...(isOne ? {} : { index: place.index }),
  });
  if (details.issues) {
    const issues = details.issues.map((issue) => {
      const place = placeOf(issue.index);
      return place ? { ...issue, ...inCall(place, issue.field) } : issue;
    });
    return invalidInput(details.entity ?? "relationship", issues);
  }
  const place = placeOf(details.index);
  const indexes = (details.indexes as readonly number[] | undefined)?.map((each) => placeOf(each)!.index);
  const told = { ...details, ...(place ? inCall(place, details.field) : {}), ...(indexes ? { indexes } : {}) };
  if (!indexes || !Object.hasOwn(edgeErrors, code)) return new CrmError(code, message, { details: told, cause });
  const way = wayOut((details.relationshipIds ?? []) as readonly string[], { indexes });
  return tx.error(code as keyof typeof edgeErrors, { ...told, ...way });
}
