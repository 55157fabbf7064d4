/** What a type says of each of its ends. */
import type { TypeRecord } from "../parts.ts";

export type End = "from" | "to";

type Ends = Pick<TypeRecord, "shape" | "name" | "inverseName" | "fromRole" | "toRole" | "fromEntities" | "toEntities">;

/** The role of what stands at this end; null at the `to` end of a one-sided type. A symmetric one has the same at both. */
export function roleAt(type: Pick<Ends, "shape" | "fromRole" | "toRole">, end: End): string | null {
  return end === "from" || type.shape === "symmetric" ? type.fromRole : type.toRole;
}

/** What stands at this end is this to the other: "employee of"; null where it has no name. */
export function nameAt(type: Pick<Ends, "shape" | "name" | "inverseName">, end: End): string | null {
  return end === "from" || type.shape === "symmetric" ? type.name : type.inverseName;
}

/** The entities that may stand at this end; null: any. */
export function entitiesAt(
  type: Pick<Ends, "shape" | "fromEntities" | "toEntities">,
  end: End,
): readonly string[] | null {
  return end === "from" || type.shape === "symmetric" ? type.fromEntities : type.toEntities;
}

export function otherEnd(end: End): End {
  return end === "from" ? "to" : "from";
}
