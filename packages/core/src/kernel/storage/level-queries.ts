/** What a walk asks for, level by level. */
import { oncePer } from "../once-per.ts";
import type { Predicate } from "./predicate.ts";
import type { FindQuery, TraverseQuery } from "./query.ts";

/** The queries of a level, of a walk and of one that goes back along its edges. */
interface Ways {
  readonly forwards: readonly FindQuery[];
  readonly backwards: readonly FindQuery[];
}

/** The same objects for the same walk, so that an adapter compiles them once. */
export const waysOf = oncePer((query: TraverseQuery): Ways => {
  const { direction, where, whereAgainst = where } = query;
  const along = levelQuery(query, "along", where);
  if (direction === "both" && whereAgainst !== where) {
    return {
      forwards: [along, levelQuery(query, "against", whereAgainst)],
      backwards: [levelQuery(query, "against", where), levelQuery(query, "along", whereAgainst)],
    };
  }
  const against = levelQuery(query, "against", where);
  if (direction === "both") return { forwards: [along, against], backwards: [along, against] };
  return direction === "along"
    ? { forwards: [along], backwards: [against] }
    : { forwards: [against], backwards: [along] };
});

/**
 * Edges out of a frontier, whose ids are bound in the place of `start`: id, node before, node, and the types of both. Without edges only
 * the node and its type, from nodes of the one type that is bound in the place of the starts' types.
 */
function levelQuery(query: TraverseQuery, way: "along" | "against", where: Predicate): FindQuery {
  const { table, from, to, types, start, asOf, edges } = query;
  const ends = [
    { id: from, type: types?.from },
    { id: to, type: types?.to },
  ] as const;
  const [before, node] = way === "along" ? ends : ends.toReversed();
  const leads = [node!.id, ...(types ? [before!.type!, node!.type!] : [])];
  const columns =
    edges === false
      ? [node!.id, ...(types ? [node!.type!] : [])]
      : ["id", before!.id, node!.id, ...(types ? [before!.type!, node!.type!] : [])];
  const ofType: readonly Predicate[] =
    edges === false && types ? [{ kind: "compare", column: before!.type!, operator: "eq", value: types.start }] : [];
  return {
    table,
    columns,
    where: {
      kind: "and",
      of: [
        { kind: "in", column: before!.id, values: start },
        ...ofType,
        ...leads.map((column): Predicate => ({ kind: "not", of: { kind: "null", column } })),
        where,
      ],
    },
    orderBy: [],
    include: [],
    ...(asOf === undefined ? {} : { asOf }),
  };
}
