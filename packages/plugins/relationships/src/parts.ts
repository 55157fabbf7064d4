/** What the plugin brings, apart from its rules: they take the context that follows from it. */
import type { ContextOf } from "@relata/core/plugin";
import { edgeErrors } from "./edge/edge-errors.ts";
import { relationship } from "./edge/relationship.ts";
import { relationshipAct } from "./edge/relationship-act.ts";
import { relationshipEvidence } from "./edge/relationship-evidence.ts";
import { engagement } from "./engagement/engagement.ts";
import { engagementErrors } from "./engagement/engagement-errors.ts";
import { engagementType } from "./engagement/engagement-type.ts";
import { exportErrors } from "./export/export-errors.ts";
import { healthErrors } from "./health/health-errors.ts";
import { importErrors } from "./import/import-errors.ts";
import { inferenceErrors } from "./inference/inference-errors.ts";
import { inferenceRule } from "./inference/inference-rule.ts";
import { office } from "./office/office.ts";
import { officeErrors } from "./office/office-errors.ts";
import { partyAttribute } from "./party/party-attribute.ts";
import { partyErrors } from "./party/party-errors.ts";
import { partyKind } from "./party/party-kind.ts";
import { partyProfile } from "./party/party-profile.ts";
import { questionErrors } from "./question/question-errors.ts";
import { partyReading } from "./transparency/party-reading.ts";
import { partyStatement } from "./transparency/party-statement.ts";
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
    inferenceRule,
    partyStatement,
    partyReading,
    partyAttribute,
  ],
  errors: {
    ...typeErrors,
    ...edgeErrors,
    ...questionErrors,
    ...officeErrors,
    ...engagementErrors,
    ...partyErrors,
    ...inferenceErrors,
    ...healthErrors,
    ...importErrors,
    ...exportErrors,
  },
  extend: contactFields,
} as const;

export type RelationshipsContext = ContextOf<typeof parts>;

type Plural =
  | "accounts"
  | "relationshipTypes"
  | "relationships"
  | "relationshipActs"
  | "relationshipEvidences"
  | "engagementTypes"
  | "engagements"
  | "offices"
  | "partyKinds"
  | "partyProfiles"
  | "inferenceRules"
  | "partyStatements"
  | "partyReadings"
  | "partyAttributes";

/** A record of the repository of this name. */
export type RecordIn<P extends Plural> = Awaited<ReturnType<RelationshipsContext[P]["update"]>>;
export type TypeRecord = RecordIn<"relationshipTypes">;
export type RelationshipRecord = RecordIn<"relationships">;
export type OfficeRecord = RecordIn<"offices">;
export type EngagementRecord = RecordIn<"engagements">;
export type EngagementTypeRecord = RecordIn<"engagementTypes">;
export type PartyKindRecord = RecordIn<"partyKinds">;
export type PartyProfileRecord = RecordIn<"partyProfiles">;
export type AccountRecord = RecordIn<"accounts">;
