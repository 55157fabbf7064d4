/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin } from "@relata/core/plugin";
import { checkEdges } from "./edge/check-edges.ts";
import { edgeServices } from "./edge/edge-services.ts";
import { proposeEvidence } from "./edge/evidence.ts";
import { proposeEdges } from "./edge/propose-edges.ts";
import { inferenceServices } from "./inference/inference-services.ts";
import { proposeRules, typesOfRules } from "./inference/rule-hooks.ts";
import { mergeServices } from "./merge/merge-services.ts";
import { tidied } from "./merge/tidy-moved.ts";
import { parts } from "./parts.ts";
import { transparencyServices } from "./transparency/transparency-services.ts";
import { checkTypes } from "./type/check-types.ts";
import { proposeTypes } from "./type/propose-types.ts";
import { typeServices } from "./type/type-services.ts";

export interface RelationshipsOptions {
  /** Explanations and exports of parties are noted as readings; otherwise only what `recordReading` is told. */
  readonly logReading?: boolean;
}

const define = ({ logReading = false }: RelationshipsOptions) =>
  definePlugin({
    id: "relationships",
    version: "1.0.0",
    ...parts,
    hooks: {
      relationship: [{ before: proposeEdges, after: tidied(checkEdges) }],
      relationshipType: [{ before: proposeTypes, after: checkTypes }, typesOfRules],
      relationshipEvidence: { before: proposeEvidence },
      inferenceRule: { before: proposeRules },
    },
    services: (context) => ({
      ...typeServices(context),
      ...edgeServices(context),
      ...inferenceServices(context),
      ...mergeServices(context),
      ...transparencyServices(context, { logReading }),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Relationships extends Named<ReturnType<typeof define>> {}

/** Relationships between records of any entities, as `crm.relationships`. */
export const relationships = (options: RelationshipsOptions = {}): Relationships => define(options);
