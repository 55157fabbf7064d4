/** For tests: relationships of two hubs, as they are when one of them takes the place of the other. */
import type { RelationshipRecord, TypeRecord } from "../parts.ts";
import type { Moving } from "./tidy.ts";

const person = (number: number) => `p${String(number).padStart(6, "0")}`;

/** So many of each of two hubs, one day after another; of `most` that one may have on a day, the survivor fills many. */
export function twoHubs(many: number, most: number): Moving {
  const type = {
    ...{ id: "type", shape: "paired", mayOverlap: false, mayReverse: false },
    limits: [{ end: "to", most }],
  } as unknown as TypeRecord;
  const edge = (id: string, number: number, from: number) => {
    const year = String(1000 + (number % 8_000)).padStart(4, "0");
    return {
      ...{ id, typeId: "type", fromType: "contact", fromId: person(from), toType: "account", toId: "hub" },
      ...{ validFrom: `${year}-01-01`, validUntil: `${year}-06-30`, validFromIs: "exact", validUntilIs: "exact" },
      ...{ isPrimary: false, officeId: null, archivedAt: null, attributes: {}, basis: "recorded" },
    } as unknown as RelationshipRecord;
  };
  return {
    survivor: { entityType: "account", id: "hub" },
    standing: Array.from({ length: many }, (_, at) => edge(`a${at}`, at, at)),
    moved: Array.from({ length: many }, (_, at) => edge(`b${at}`, at * 3, many + at)),
    between: new Set(),
    types: new Map([["type", type]]),
  };
}
