/** The edges of a day as parts of the whole. */
import { invalidInput } from "@relata/core/plugin";
import { ownedEdges } from "../control.ts";
import type { DayTree } from "../read-tree.ts";
import { type Group, groupOf } from "./add-up.ts";
import { exactOf, factorOf } from "./exact.ts";

const WHOLE = exactOf("1");

/** Each edge with the part that is owned, as `ownership` counts it. @throws `invalid_input` where shares count, and some are not known. */
export function groupOfTree({ asked, nodes, edges }: DayTree, { weighted }: { readonly weighted: boolean }): Group {
  const owned = ownedEdges(edges, asked.shape);
  const unknown = weighted ? owned.filter((edge) => edge.owned === undefined) : [];
  const [first] = unknown;
  if (first) {
    const which = `${first.childId} below ${first.parentId}`;
    const more = unknown.length > 1 ? `, and ${unknown.length - 1} more` : "";
    const message = `counts by shares, and some are not known: that of ${which}${more}. Give them, or leave it out`;
    throw invalidInput("rollUp", [{ field: "weighted", code: "not_allowed", message }]);
  }
  const holdings = owned.map(({ parentId, childId, owned: share }) => {
    return { parentId, childId, factor: share === undefined ? WHOLE : factorOf(share.toFixed()) };
  });
  return groupOf(
    nodes.map(({ id }) => id),
    holdings,
  );
}
