/** A tree of accounts, about ten levels deep, and a sale of each: what all contestants answer from. */
import { createCrm } from "@relata/core";
import type { StorageAdapter } from "@relata/core/adapter";
import { defineEntity, definePlugin, money, reference, text } from "@relata/core/plugin";
import { createRandom } from "../measure/random.ts";

/** The smallest thing that refers to an account. */
const sale = defineEntity("sale", {
  plural: "sales",
  fields: { name: text(), accountId: reference("account", { inverse: "sales" }), amount: money() },
});
const selling = definePlugin({ id: "selling", entities: [sale] });

export interface Node {
  readonly id: string;
  readonly parent: number | undefined;
  /** Of the way from the top, in short labels. */
  readonly path: string;
  readonly depth: number;
  /** With itself. */
  size: number;
}

const DEEPEST = 10;
const BATCH = 5_000;

export function openCrm(storage: StorageAdapter) {
  return createCrm({ storage, plugins: [selling] });
}

export type TreeCrm = Awaited<ReturnType<typeof openCrm>>;

/** The parent of each is an earlier one, so that the widest level is the last. */
export function makeTree(count: number): readonly Node[] {
  const random = createRandom(7);
  const nodes: Node[] = [];
  for (let number = 0; number < count; number++) {
    const near = Math.floor(number / 3);
    let parent = number === 0 ? undefined : Math.min(number - 1, Math.floor(near * 0.9) + random(1 + near * 0.2));
    while (parent !== undefined && nodes[parent]!.depth >= DEEPEST) parent = nodes[parent]!.parent;
    const above = parent === undefined ? undefined : nodes[parent]!;
    const label = number.toString(36);
    nodes.push({
      id: idOf(number),
      parent,
      path: `${above?.path ?? ""}${label}/`,
      depth: (above?.depth ?? -1) + 1,
      size: 1,
    });
  }
  for (let number = count - 1; number > 0; number--) nodes[nodes[number]!.parent!]!.size += nodes[number]!.size;
  return nodes;
}

/** Those whose subtrees have about so many nodes, none inside of another. */
export function subtreesOf(nodes: readonly Node[], size: number, count: number): readonly Node[] {
  const nearest = nodes
    .filter(({ depth }) => depth >= 1)
    .toSorted((a, b) => Math.abs(a.size - size) - Math.abs(b.size - size));
  const chosen: Node[] = [];
  for (const node of nearest) {
    if (chosen.length === count) break;
    if (!chosen.some(({ path }) => node.path.startsWith(path) || path.startsWith(node.path))) chosen.push(node);
  }
  return chosen;
}

/** By way of the CRM, in its bulk writes. */
export async function writeTree(crm: TreeCrm, nodes: readonly Node[]): Promise<void> {
  const random = createRandom(11);
  for (let from = 0; from < nodes.length; from += BATCH) {
    const batch = nodes.slice(from, from + BATCH);
    await crm.accounts.createMany(
      batch.map(({ id, parent }) => ({
        id,
        name: `Account ${id}`,
        parentId: parent === undefined ? null : nodes[parent]!.id,
      })),
    );
    await crm.sales.createMany(
      batch.map(({ id }) => ({
        name: "Sale",
        accountId: id,
        amount: { amount: `${random(100_000)}.25`, currency: "EUR" },
      })),
    );
  }
}

/** Every pair of a node and one above it, or itself. */
export function* closureOf(nodes: readonly Node[]): Generator<readonly [above: string, id: string]> {
  for (const node of nodes) {
    for (let at: Node | undefined = node; at; at = at.parent === undefined ? undefined : nodes[at.parent]) {
      yield [at.id, node.id];
    }
  }
}

/** Scattered over the key. */
function idOf(number: number): string {
  return `019b7600-0000-7000-8000-${String((number * 7_919) % 1_000_003).padStart(12, "0")}`;
}
