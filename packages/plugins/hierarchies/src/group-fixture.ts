/** For tests: a CRM with hierarchies and an entity of the application's own, and short ways to fill it. */
import { type CrmOptions, createCrm, date, defineEntity, integer, money, reference, text } from "@relata/core";
import { hierarchies } from "./hierarchies.ts";

/** An entity of the application's own, which refers to accounts twice. */
const shipment = defineEntity("shipment", {
  plural: "shipments",
  fields: {
    senderId: reference("account", { inverse: "sent" }),
    receiverId: reference("account", { inverse: "received" }).optional(),
    label: text(),
    boxes: integer().optional(),
    value: money().optional(),
    shippedOn: date().optional(),
  },
});

/** It is noon of 26 November 2026 in UTC until it is set. */
export function createClock() {
  let now = Date.UTC(2026, 10, 26, 12);
  return {
    now: () => now,
    set(instant: string) {
      now = Date.parse(instant);
    },
  };
}

export async function openCrm(options: CrmOptions) {
  return createCrm({ clock: createClock().now, ...options, entities: [shipment], plugins: [hierarchies()] });
}

export type TestedCrm = Awaited<ReturnType<typeof openCrm>>;

/** Accounts by name, each below the one before the slash: `["Acme", "Acme/Bluth", "Bluth/Cyberdyne"]`. Gives their ids by name. */
export async function makeTree(crm: TestedCrm, paths: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const ids: Record<string, string> = {};
  for (const path of paths) {
    const [parent, own] = path.includes("/") ? path.split("/") : [undefined, path];
    const parentId = parent === undefined ? null : ids[parent]!;
    ids[own!] = (await crm.accounts.create({ name: own!, parentId })).id;
  }
  return ids;
}

/** A hierarchy of its own with these edges: `[child, parent, share, more]`. */
export async function makeHierarchy(
  crm: TestedCrm,
  { key, shape, edges }: { readonly key: string; readonly shape: "tree" | "graph"; readonly edges: readonly EdgeOf[] },
): Promise<void> {
  const { id: hierarchyId } = await crm.accountHierarchies.create({ key, name: key, shape });
  await crm.accountEdges.createMany(
    edges.map(([childId, parentId, share, more]) => ({
      hierarchyId,
      childId,
      parentId,
      share: share ?? null,
      ...more,
    })),
  );
}

type EdgeOf = readonly [
  child: string,
  parent: string,
  share?: string | null,
  more?: { readonly kind?: "branch" | "joint_venture"; readonly validFrom?: string; readonly validUntil?: string },
];
