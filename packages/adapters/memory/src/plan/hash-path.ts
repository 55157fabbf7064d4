/** The access paths that find rows by one value, and the one that looks at all rows. */
import type { Param, Predicate } from "@relata/core/adapter";
import type { Read } from "../run.ts";
import { idPosition } from "../stored-row.ts";
import type { AccessPath } from "./access-path.ts";
import type { Conditions } from "./conditions.ts";

export interface HashPath extends AccessPath {
  readonly position: number;
  /** Where the index stands in a partition. */
  readonly at: number;
  readonly read: Read;
}

const unordered = { order: "none", sameRun: () => 0, seeks: () => false } as const;

/** By primary key: one row at most for each id. */
export function createIdPath(conditions: Conditions): AccessPath & { readonly read: Read } {
  const source = valueSource(conditions, idPosition) ?? { read: () => null, covers: new Set() };
  return {
    ...unordered,
    order: "full",
    ...source,
    fixed: new Set([idPosition]),
    walk({ partition, run }, visit) {
      const row = partition.rows.get(source.read(run) as string);
      if (row !== undefined) visit(row);
    },
  };
}

/** Undefined where the conditions give the column no value. */
export function createHashPath(position: number, at: number, conditions: Conditions): HashPath | undefined {
  const source = valueSource(conditions, position);
  if (source === undefined) return undefined;
  return {
    ...unordered,
    ...source,
    position,
    at,
    fixed: new Set([position]),
    walk: ({ partition, run }, visit) => partition.lookups[at]?.index.visit(source.read(run), visit),
  };
}

/** Every row of the tenant. */
export const scan: AccessPath = {
  ...unordered,
  fixed: new Set(),
  covers: new Set(),
  walk({ partition }, visit) {
    for (const row of partition.rows.values()) if (!visit(row)) return;
  },
};

interface ValueSource {
  readonly read: Read;
  readonly covers: ReadonlySet<Predicate>;
  readonly members?: Param;
}

function valueSource(conditions: Conditions, position: number): ValueSource | undefined {
  const equality = conditions.equalities.get(position);
  if (equality) {
    const covers = new Set(equality.part === undefined ? [] : [equality.part]);
    return equality.isNull ? undefined : { read: equality.read, covers };
  }
  const list = conditions.memberships.get(position);
  return list && { read: (run) => run.member, covers: new Set([list.part]), members: list.values };
}
