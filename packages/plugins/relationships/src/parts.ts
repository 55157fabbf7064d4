/** What the plugin brings, apart from its rules: they take the context that follows from it. */
import type { ContextOf } from "@relata/core/plugin";
import { edgeErrors } from "./edge/edge-errors.ts";
import { relationship } from "./edge/relationship.ts";
import { relationshipAct } from "./edge/relationship-act.ts";
import { relationshipEvidence } from "./edge/relationship-evidence.ts";
import { engagement } from "./engagement/engagement.ts";
import { engagementType } from "./engagement/engagement-type.ts";
import { healthErrors } from "./health/health-errors.ts";
import { office } from "./office/office.ts";
import { partyKind } from "./party/party-kind.ts";
import { partyProfile } from "./party/party-profile.ts";
import { questionErrors } from "./question/question-errors.ts";
import { contactFields } from "./type/gender.ts";
import { relationshipType } from "./type/relationship-type.ts";
import { typeErrors } from "./type/type-errors.ts";

export const parts = {
  entities: [
    relationshipType,
    relationship,
    relationshipAct,
    relationshipEvidence,
    engagementType,
    engagement,
    office,
    partyKind,
    partyProfile,
  ],
  extend: contactFields,
  errors: { ...typeErrors, ...edgeErrors, ...questionErrors, ...healthErrors },
} as const;

export type RelationshipsContext = ContextOf<typeof parts>;

type Plural =
  | "relationshipTypes"
  | "relationships"
  | "relationshipActs"
  | "relationshipEvidences"
  | "engagementTypes"
  | "engagements"
  | "offices"
  | "partyKinds"
  | "partyProfiles";

/** A record of the repository of this name. */
export type RecordIn<P extends Plural> = Awaited<ReturnType<RelationshipsContext[P]["update"]>>;
export type TypeRecord = RecordIn<"relationshipTypes">;
export type RelationshipRecord = RecordIn<"relationships">;
export type OfficeRecord = RecordIn<"offices">;
export type EngagementRecord = RecordIn<"engagements">;
