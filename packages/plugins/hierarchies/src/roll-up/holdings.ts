/** The edges of a day as parts of the whole. */
import { invalidInput } from "@relata/core/plugin";
import type { DayTree } from "../read-tree.ts";
import { type Group, groupOf } from "./add-up.ts";
import { exactOf, factorOf } from "./exact.ts";

const WHOLE = exactOf("1");

/** @throws `invalid_input` where shares count, and some are not known. */
export function groupOfTree({ asked, nodes, edges }: DayTree, { weighted }: { readonly weighted: boolean }): Group {
  if (weighted && asked.id === undefined)
    throw refused("counts by shares, and the default hierarchy has none: name a hierarchy with edges");
  const unknown = weighted ? edges.filter(({ share, kind }) => share === null && kind !== "branch") : [];
  const [first] = unknown;
  if (first) {
    const which = `${first.childId} below ${first.parentId}`;
    const more = unknown.length > 1 ? `, and ${unknown.length - 1} more` : "";
    throw refused(`counts by shares, and some are not known: that of ${which}${more}. Give them, or leave it out`);
  }
  const holdings = edges.map(({ parentId, childId, share, kind }) => {
    return { parentId, childId, factor: kind === "branch" || share === null ? WHOLE : factorOf(share) };
  });
  return groupOf(
    nodes.map(({ id }) => id),
    holdings,
  );
}

function refused(message: string): Error {
  return invalidInput("rollUp", [{ field: "weighted", code: "not_allowed", message }]);
}
