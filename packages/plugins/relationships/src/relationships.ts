/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin } from "@relata/core/plugin";
import { checkEdges } from "./edge/check-edges.ts";
import { edgeServices } from "./edge/edge-services.ts";
import { proposeEvidence } from "./edge/evidence.ts";
import { proposeEdges } from "./edge/propose-edges.ts";
import { inferenceServices } from "./inference/inference-services.ts";
import { proposeRules, typesOfRules } from "./inference/rule-hooks.ts";
import { mergeServices } from "./merge/merge-services.ts";
import { tidyMoved } from "./merge/tidy-moved.ts";
import { parts } from "./parts.ts";
import { checkTypes } from "./type/check-types.ts";
import { proposeTypes } from "./type/propose-types.ts";
import { typeServices } from "./type/type-services.ts";

const define = () =>
  definePlugin({
    id: "relationships",
    version: "1.0.0",
    ...parts,
    hooks: {
      relationship: [{ after: tidyMoved }, { before: proposeEdges, after: checkEdges }],
      relationshipType: [{ before: proposeTypes, after: checkTypes }, typesOfRules],
      relationshipEvidence: { before: proposeEvidence },
      inferenceRule: { before: proposeRules },
    },
    services: (context) => ({
      ...typeServices(context),
      ...edgeServices(context),
      ...inferenceServices(context),
      ...mergeServices(context),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Relationships extends Named<ReturnType<typeof define>> {}

/** Relationships between records of any entities, as `crm.relationships`. */
export const relationships = (): Relationships => define();
