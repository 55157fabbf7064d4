/** Who controls whom on one day: a pure function over shares. */
import { Big } from "big.js";
import { arrange, type DayEdge } from "./arrange.ts";
import type { AskedHierarchy } from "./asked-hierarchy.ts";

/** An edge and the part of the child that the parent owns itself, in per cent; undefined: not known, and counted as nothing. */
export interface OwnedEdge extends DayEdge {
  readonly owned: Big | undefined;
}

const WHOLE = new Big(100);
const HALF = new Big(50);

/**
 * A branch counts as its parent. In a tree a subsidiary without a share is its parent's whole, and so is everybody in the default
 * hierarchy. Of others whose share is not given, it is not known.
 */
export function ownedEdges(edges: readonly DayEdge[], shape: AskedHierarchy["shape"]): readonly OwnedEdge[] {
  return edges.map((edge) => {
    const { kind, share } = edge;
    if (kind === "branch") return { ...edge, owned: WHOLE };
    if (share !== null) return { ...edge, owned: new Big(share) };
    const isWhole = shape === "tree" && (kind === null || kind === "subsidiary");
    return { ...edge, owned: isWhole ? WHOLE : undefined };
  });
}

/**
 * By account: its nearest controller. A controls C when the shares in C of A and of those that A controls together exceed half. Since
 * shares of one account are at most the whole, of two that control it one controls the other: control is a tree, and all who control an
 * account are its nearest controller, the nearest controller of that one, and so on.
 */
export function nearestControllers(edges: readonly OwnedEdge[]): ReadonlyMap<string, string> {
  const shares = new Map<string, { readonly parentId: string; readonly owned: Big }[]>();
  for (const { childId, parentId, owned } of edges) {
    if (!owned?.gt(0)) continue;
    const known = shares.get(childId);
    if (known) known.push({ parentId, owned });
    else shares.set(childId, [{ parentId, owned }]);
  }
  const controllers = new Map<string, string>();
  const depths = new Map<string, number>();
  for (const { id } of arrange(edges)) {
    const controller = controllerOf(shares.get(id) ?? [], { controllers, depths });
    if (controller !== undefined) controllers.set(id, controller);
    depths.set(id, controller === undefined ? 0 : depths.get(controller)! + 1);
  }
  return controllers;
}

interface ControlTree {
  readonly controllers: ReadonlyMap<string, string>;
  readonly depths: ReadonlyMap<string, number>;
}

/** The lowest in the tree with more than half, its own shares and those of all below it in the tree taken together. */
function controllerOf(
  shares: readonly { readonly parentId: string; readonly owned: Big }[],
  { controllers, depths }: ControlTree,
): string | undefined {
  const majority = shares.find(({ owned }) => owned.gt(HALF));
  if (majority) return majority.parentId;
  if (shares.reduce((total, { owned }) => total.plus(owned), new Big(0)).lte(HALF)) return undefined;
  const together = new Map<string, Big>();
  for (const { parentId, owned } of shares) {
    for (let id: string | undefined = parentId; id !== undefined; id = controllers.get(id))
      together.set(id, (together.get(id) ?? new Big(0)).plus(owned));
  }
  let lowest: string | undefined;
  for (const [id, total] of together)
    if (total.gt(HALF) && (lowest === undefined || depths.get(id)! > depths.get(lowest)!)) lowest = id;
  return lowest;
}

/** All who control an account, the nearest first. */
export function controllersOf(controllers: ReadonlyMap<string, string>, id: string): readonly string[] {
  const chain: string[] = [];
  for (let next = controllers.get(id); next !== undefined; next = controllers.get(next)) chain.push(next);
  return chain;
}
