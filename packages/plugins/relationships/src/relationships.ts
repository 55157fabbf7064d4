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
 * Relationships between records of any entities, as `crm.relationships`. Days are text, "2021-09-01", both ends included; null is open.
 * Strength and confidence are shares from 0 to 1.
 *
 * @example
 * ```ts run as relationships
 * import { createCrm } from "@relata/core";
 * import { memory } from "@relata/memory";
 * import { relationships, standardRules, standardTypes } from "@relata/relationships";
 *
 * const crm = await createCrm({
 *   storage: memory(),
 *   plugins: [relationships()],
 *   clock: () => Date.parse("2026-02-01T09:00:00Z"),
 * });
 * await crm.relationships.defineTypes(standardTypes);
 * await crm.relationships.defineRules(standardRules);
 * const anna = { entityType: "contact", id: (await crm.contacts.create({ givenName: "Anna" })).id };
 * const bela = { entityType: "contact", id: (await crm.contacts.create({ givenName: "Bela" })).id };
 * const acme = { entityType: "account", id: (await crm.accounts.create({ name: "Acme" })).id };
 * const job = await crm.relationships.relate({ type: "employment", from: anna, to: acme, validFrom: "2021-09-01" });
 * await crm.relationships.relate({ type: "employment", from: bela, to: acme, validFrom: "2023-01-01" });
 * const staff = await crm.relationships.relationsOf(acme);
 * console.log(staff.items.map(({ thing, role }) => [thing.name, role])); // Bela, employee; Anna, employee
 * ```
 */
export const relationships = (options: RelationshipsOptions = {}): Relationships => define(options);
