/** The sales hierarchy as of an instant: who reports to whom. */
import { CrmError, compareText, count } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";
import { arrange } from "./arrange.ts";

export interface ManagerNode {
  readonly id: string;
  readonly name: string;
  /** Null at the top. */
  readonly managerId: string | null;
  readonly active: boolean;
  /** 0 at the top. */
  readonly depth: number;
}

export interface Managers {
  /** From the top down: managers before those who report to them, each with all below before the next; siblings by name. */
  readonly nodes: readonly ManagerNode[];
  /** The user and everybody below, from the top down. @throws `not_found` */
  atOrUnder(userId: string): readonly ManagerNode[];
}

/** All users, by one query. @throws `hierarchy_cycle` where users manage one another in a circle, written past the SDK */
export async function readManagers(context: ForecastingContext): Promise<Managers> {
  // Groups come in one answer, where a list would come in pages.
  const users = await context.users.aggregate({
    groupBy: { id: "id", name: "name", managerId: "managerId", active: "active" },
    measures: { users: count() },
    archived: "include",
  });
  const inOrder = users.toSorted((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id));
  const arranged = arrange(inOrder.map(({ id, managerId }) => ({ id, parentId: managerId })));
  if (arranged.length < users.length) throw managerCycle(users, arranged);
  const byId = new Map(users.map((user) => [user.id, user]));
  const nodes = arranged.map(({ id, parentId, depth }): ManagerNode => {
    const { name, active } = byId.get(id)!;
    return { id, name, managerId: parentId, active, depth };
  });
  return {
    nodes,
    atOrUnder(userId) {
      const from = nodes.findIndex(({ id }) => id === userId);
      if (from < 0)
        throw new CrmError("not_found", `There is no user "${userId}".`, { details: { entity: "user", id: userId } });
      const top = nodes[from]!.depth;
      const after = nodes.findIndex(({ depth }, at) => at > from && depth <= top);
      return nodes.slice(from, after < 0 ? undefined : after);
    },
  };
}

interface Reporting {
  readonly id: string;
  readonly managerId: string | null;
}

/** Names those who are in the circle, each managed by the next. */
function managerCycle(users: readonly Reporting[], arranged: readonly { readonly id: string }[]): CrmError {
  const placed = new Set(arranged.map(({ id }) => id));
  const managers = new Map(users.map(({ id, managerId }) => [id, managerId]));
  const seen: string[] = [];
  let at = users.find(({ id }) => !placed.has(id))!.id;
  while (!seen.includes(at)) {
    seen.push(at);
    at = managers.get(at)!;
  }
  const circle = [...seen.slice(seen.indexOf(at)), at];
  return new CrmError(
    "hierarchy_cycle",
    `Users manage one another in a circle, ${circle.join(" < ")}: clear the managerId of one of them.`,
    { details: { entity: "user", field: "managerId", circle } },
  );
}
