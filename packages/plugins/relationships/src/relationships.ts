/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin } from "@relata/core/plugin";
import { checkEdges } from "./edge/check-edges.ts";
import { edgeServices } from "./edge/edge-services.ts";
import { proposeEvidence } from "./edge/evidence.ts";
import { proposeEdges } from "./edge/propose-edges.ts";
import { graphServices } from "./graph/graph-services.ts";
import { healthServices } from "./health/health-services.ts";
import { parts } from "./parts.ts";
import { questionServices } from "./question/question-services.ts";
import { checkTypes } from "./type/check-types.ts";
import { proposeTypes } from "./type/propose-types.ts";
import { typeServices } from "./type/type-services.ts";

const define = () =>
  definePlugin({
    id: "relationships",
    version: "1.0.0",
    ...parts,
    hooks: {
      relationshipType: { before: proposeTypes, after: checkTypes },
      relationship: [{ before: proposeEdges, after: checkEdges }],
      relationshipEvidence: { before: proposeEvidence },
    },
    services: (context) => ({
      ...typeServices(context),
      ...edgeServices(context),
      ...questionServices(context),
      ...graphServices(context),
      ...healthServices(context),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Relationships extends Named<ReturnType<typeof define>> {}

/** Relationships between records of any entities, as `crm.relationships`. */
export const relationships = (): Relationships => define();
