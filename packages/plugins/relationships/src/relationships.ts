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
import { importServices } from "./import/import-services.ts";
import { checkHoldings, proposeHoldings } from "./office/holding-hooks.ts";
import { mergeOffices } from "./office/merge-offices.ts";
import { checkOffices, proposeOffices } from "./office/office-hooks.ts";
import { officeServices } from "./office/office-services.ts";
import { parts } from "./parts.ts";
import { checkKinds, proposeKinds, proposeProfiles } from "./party/party-hooks.ts";
import { partyServices } from "./party/party-services.ts";
import { timelineServices } from "./timeline/timeline-services.ts";
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
      relationship: [
        { before: proposeEdges, after: checkEdges },
        { before: proposeHoldings, after: checkHoldings },
        { before: proposeParticipations, after: checkParticipations },
      ],
      relationshipEvidence: { before: proposeEvidence },
      account: { merging: mergeOffices },
      office: { before: proposeOffices, after: checkOffices },
      engagementType: { after: followEngagementTypes },
      engagement: { before: proposeEngagements, after: checkEngagements },
      partyKind: { before: proposeKinds, after: checkKinds },
      partyProfile: { before: proposeProfiles },
    },
    services: (context) => ({
      ...typeServices(context),
      ...edgeServices(context),
      ...importServices(context),
      ...exportServices(context),
      ...officeServices(context),
      ...engagementServices(context),
      ...partyServices(context),
      ...timelineServices(context),
    }),
  });

type Named<T> = T;
/** A named interface keeps declaration files and hovers short. */
export interface Relationships extends Named<ReturnType<typeof define>> {}

/** Relationships between records of any entities, as `crm.relationships`. */
export const relationships = (): Relationships => define();
