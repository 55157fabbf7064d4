/** Where what is written stands in the list that was given. */

interface Written {
  readonly before?: { readonly id: string };
  readonly after?: { readonly id: string };
}

/** For the details of an error: the places of those that it is about, in their order, and the last of them. */
export interface Places {
  readonly index?: number;
  readonly indexes?: readonly number[];
}

/** Of new records that were given as a list; of one, and of what is changed, nothing is told. */
export function placesIn(batch: readonly Written[]): (ids: readonly string[]) => Places {
  const isNumbered = batch.length > 1 && batch.every(({ before }) => before === undefined);
  const places = new Map(isNumbered ? batch.map(({ after }, index) => [after?.id, index]) : []);
  return (ids) => {
    const indexes = ids.flatMap((id) => places.get(id) ?? []).sort((a, b) => a - b);
    return indexes.length === 0 ? {} : { index: indexes.at(-1)!, indexes };
  };
}
