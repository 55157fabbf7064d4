/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin } from "@relata/core/plugin";
import { checkEdges } from "./check-edges.ts";
import { defineHierarchy, type HierarchyDefinition } from "./define-hierarchy.ts";
import { groupServices } from "./group-services.ts";
import { importEdges } from "./import/import-edges.ts";
import type { ImportOptions, ImportReport, ImportRow } from "./import/import-report.ts";
import { lineageServices } from "./lineage-services.ts";
import { makeRoomForMerge } from "./merge-accounts.ts";
import { ownershipServices } from "./ownership-services.ts";
import { parts } from "./parts.ts";
import { placeServices } from "./place-services.ts";
import { proposeEdges } from "./propose-edges.ts";
import { checkHierarchies, proposeHierarchies } from "./propose-hierarchies.ts";

const define = () =>
  definePlugin({
    id: "hierarchies",
    version: "1.0.0",
    ...parts,
    hooks: {
      account: { merging: makeRoomForMerge },
      accountHierarchy: { before: proposeHierarchies, after: checkHierarchies },
      accountEdge: { before: proposeEdges, after: checkEdges },
    },
    services: (context) => ({
      /**
       * Makes a hierarchy, or gives the one of this key this name, and this shape where one is given; one that is archived comes back.
       * One unit.
       *
       * @throws `invalid_input`; `several_parents` for a graph that is no tree
       */
      define: (definition: HierarchyDefinition) => defineHierarchy(context, definition),
      ...lineageServices(context),
      ...placeServices(context),
      ...ownershipServices(context),
      ...groupServices(context),
      /**
       * Brings edges in, in any order: a parent may stand in a later row. One unit, once all rows are there. Each problem has its choice, and each row
       * is told of.
       *
       * @throws `invalid_input`, `unknown_hierarchy`; `import_rejected`, with all findings; the reason of `signal`
       */
      importEdges: (
        rows: Iterable<ImportRow> | AsyncIterable<ImportRow>,
        options?: ImportOptions,
      ): Promise<ImportReport> => importEdges(context, rows, options),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Hierarchies extends Named<ReturnType<typeof define>> {}

/**
 * Account hierarchies beside `account.parentId`: several named trees and graphs, dated edges, ownership and control, as `crm.hierarchies`; the
 * entities `accountHierarchy` and `accountEdge`.
 *
 * @example
 * ```ts run as hierarchies
 * import { createCrm } from "@relata/core";
 * import { hierarchies } from "@relata/hierarchies";
 * import { memory } from "@relata/memory";
 *
 * const crm = await createCrm({ storage: memory(), plugins: [hierarchies()] });
 * const acme = await crm.accounts.create({ name: "Acme" });
 * const lab = await crm.accounts.create({ name: "Acme Lab" });
 * await crm.hierarchies.define({ key: "legal", name: "Legal ownership" });
 * await crm.hierarchies.move(lab.id, acme.id, { hierarchy: "legal", from: "2026-04-01", share: "60" });
 * await crm.hierarchies.root(lab.id, { hierarchy: "legal", on: "2026-03-31" }); // its own id
 * await crm.hierarchies.root(lab.id, { hierarchy: "legal", on: "2026-04-01" }); // Acme's
 * ```
 */
export const hierarchies = (): Hierarchies => define();
