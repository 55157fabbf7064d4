/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin } from "@relata/core/plugin";
import { checkEdges } from "./edge/check-edges.ts";
import { edgeServices } from "./edge/edge-services.ts";
import { proposeEvidence } from "./edge/evidence.ts";
import { proposeEdges } from "./edge/propose-edges.ts";
import { exportServices } from "./export/export-services.ts";
import { importServices } from "./import/import-services.ts";
import { parts } from "./parts.ts";
import { typeServices } from "./type/type-services.ts";

const define = () =>
  definePlugin({
    id: "relationships",
    version: "1.0.0",
    ...parts,
    hooks: {
      relationship: [{ before: proposeEdges, after: checkEdges }],
      relationshipEvidence: { before: proposeEvidence },
    },
    services: (context) => ({
      ...typeServices(context),
      ...edgeServices(context),
      ...importServices(context),
      ...exportServices(context),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Relationships extends Named<ReturnType<typeof define>> {}

/** Relationships between records of any entities, as `crm.relationships`. */
export const relationships = (): Relationships => define();
