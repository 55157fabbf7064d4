/** The plugin on one screen: what it brings, and where each rule stands. */
import { definePlugin } from "@relata/core/plugin";
import { checkEdges } from "./edge/check-edges.ts";
import { edgeServices } from "./edge/edge-services.ts";
import { proposeEvidence } from "./edge/evidence.ts";
import { proposeEdges } from "./edge/propose-edges.ts";
import { checkEngagements, proposeEngagements } from "./engagement/engagement-hooks.ts";
import { engagementServices } from "./engagement/engagement-services.ts";
import { followEngagementTypes } from "./engagement/engagement-type-hooks.ts";
import { checkParticipations, proposeParticipations } from "./engagement/participation-hooks.ts";
import { exportServices } from "./export/export-services.ts";
import { graphServices } from "./graph/graph-services.ts";
import { healthServices } from "./health/health-services.ts";
import { importServices } from "./import/import-services.ts";
import { inferenceServices } from "./inference/inference-services.ts";
import { proposeRules, typesOfRules } from "./inference/rule-hooks.ts";
import { mergeServices } from "./merge/merge-services.ts";
import { tidied } from "./merge/tidy-moved.ts";
import { checkHoldings, proposeHoldings } from "./office/holding-hooks.ts";
import { mergeOffices } from "./office/merge-offices.ts";
import { checkOffices, proposeOffices } from "./office/office-hooks.ts";
import { officeServices } from "./office/office-services.ts";
import { parts } from "./parts.ts";
import { followProfiles } from "./party/follow-profiles.ts";
import { checkKinds, proposeKinds, proposeProfiles } from "./party/party-hooks.ts";
import { partyServices } from "./party/party-services.ts";
import { questionServices } from "./question/question-services.ts";
import { timelineServices } from "./timeline/timeline-services.ts";
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
      relationshipType: [{ before: proposeTypes, after: checkTypes }, typesOfRules],
      relationship: [
        // Offices and engagements are waited for first.
        { before: proposeHoldings },
        { before: proposeParticipations },
        { before: proposeEdges, after: tidied(checkEdges, checkHoldings, checkParticipations) },
      ],
      relationshipEvidence: { before: proposeEvidence },
      account: { merging: mergeOffices },
      office: { before: proposeOffices, after: checkOffices },
      engagementType: { after: followEngagementTypes },
      engagement: { before: proposeEngagements, after: checkEngagements },
      partyKind: { before: proposeKinds, after: checkKinds },
      inferenceRule: { before: proposeRules },
      partyProfile: { before: proposeProfiles, after: followProfiles },
    },
    services: (context) => ({
      ...typeServices(context),
      ...edgeServices(context),
      ...questionServices(context),
      ...importServices(context),
      ...exportServices(context),
      ...officeServices(context),
      ...engagementServices(context),
      ...partyServices(context),
      ...timelineServices(context),
      ...inferenceServices(context),
      ...graphServices(context),
      ...healthServices(context),
      ...mergeServices(context),
      ...transparencyServices(context, { logReading }),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Relationships extends Named<ReturnType<typeof define>> {}

/**
 * Relationships between records of any entities, as `crm.relationships`.
 *
 * @example
 * ```ts
 * import { createCrm } from "@relata/core";
 * import { memory } from "@relata/memory";
 * import { relationships, standardTypes } from "@relata/relationships";
 *
 * const crm = await createCrm({ storage: memory(), plugins: [relationships()] });
 * await crm.relationships.defineTypes(standardTypes);
 * const anna = await crm.contacts.create({ givenName: "Anna" });
 * const acme = await crm.accounts.create({ name: "Acme" });
 * await crm.relationships.relate({
 *   type: "employment",
 *   from: { entityType: "contact", id: anna.id },
 *   to: { entityType: "account", id: acme.id },
 *   validFrom: "2021-09-01",
 * });
 * const { items } = await crm.relationships.relationsOf({ entityType: "account", id: acme.id });
 * console.log(items[0]?.thing.name, items[0]?.role); // Anna employee
 * ```
 */
export const relationships = (options: RelationshipsOptions = {}): Relationships => define(options);
