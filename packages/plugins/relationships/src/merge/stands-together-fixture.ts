/** For tests: what relationships must not be together, day by day. */
import { addDays } from "@relata/core/plugin";
import type { RelationshipRecord, TypeRecord } from "../parts.ts";

type Edge = Pick<
  RelationshipRecord,
  "typeId" | "fromId" | "toId" | "validFrom" | "validUntil" | "isPrimary" | "officeId" | "archivedAt"
>;

/** What is wrong on some day from 30 December 2025 on, for two weeks; nothing, if all is well. */
export function standsTogether(edges: readonly Edge[], types: ReadonlyMap<string, TypeRecord>): readonly string[] {
  const wrong: string[] = [];
  for (let place = 0; place < 14; place++) {
    const day = addDays("2025-12-30", place);
    const valid = edges.filter(
      ({ validFrom, validUntil, archivedAt }) =>
        archivedAt === null && (validFrom ?? "") <= day && day <= (validUntil ?? "9"),
    );
    for (const [at, edge] of valid.entries()) {
      const type = types.get(edge.typeId)!;
      const isSymmetric = type.shape === "symmetric";
      if (edge.fromId === edge.toId && !type.mayRelateToSelf) wrong.push(`${day} ${type.key} itself`);
      for (const other of valid.slice(at + 1).filter(({ typeId }) => typeId === edge.typeId)) {
        const isAlong = edge.fromId === other.fromId && edge.toId === other.toId;
        const isAgainst = edge.fromId === other.toId && edge.toId === other.fromId;
        const isSame = isAlong || (isSymmetric && isAgainst);
        if (isSame && !type.mayOverlap && edge.officeId === other.officeId) wrong.push(`${day} ${type.key} twice`);
        if (isAgainst && !isSymmetric && !type.mayReverse) wrong.push(`${day} ${type.key} both ways`);
      }
      for (const { end, most, primary } of type.limits) {
        const things = isSymmetric ? [edge.fromId, edge.toId] : [end === "from" ? edge.fromId : edge.toId];
        for (const id of things) {
          const counted = valid.filter(
            (each) =>
              each.typeId === edge.typeId &&
              (each.isPrimary || !primary) &&
              (isSymmetric
                ? each.fromId === id || each.toId === id
                : (end === "from" ? each.fromId : each.toId) === id),
          );
          if (counted.length > most) wrong.push(`${day} ${type.key} too many`);
        }
      }
    }
  }
  return wrong;
}
