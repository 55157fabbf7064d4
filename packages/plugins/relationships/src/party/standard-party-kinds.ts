/** Kinds of parties that are ready to be defined. */
import type { PartyKindDefinition } from "./define-party-kinds.ts";

/**
 * Government body, media outlet, association, supplier and partner, each with the attributes that its trade has. What `definePartyKinds` made of them
 * can be changed.
 *
 * @example
 * ```ts
 * import { createCrm } from "@relata/core";
 * import { memory } from "@relata/memory";
 * import { relationships, standardPartyKinds } from "@relata/relationships";
 *
 * const crm = await createCrm({ storage: memory(), plugins: [relationships()] });
 * await crm.relationships.definePartyKinds(standardPartyKinds);
 * const gazette = await crm.accounts.create({ name: "The Gazette" });
 * await crm.relationships.setProfile(gazette.id, { kind: "media_outlet", attributes: { medium: "print", reach: 120_000 } });
 * ```
 */
export const standardPartyKinds: readonly PartyKindDefinition[] = [
  {
    key: "government_body",
    name: "Government body",
    attributes: [
      {
        key: "level",
        kind: "one_of",
        name: "Level",
        values: ["local", "regional", "national", "supranational"],
        required: true,
      },
      { key: "branch", kind: "one_of", name: "Branch", values: ["executive", "legislative", "judicial", "agency"] },
      { key: "jurisdiction", kind: "text", name: "Jurisdiction" },
    ],
  },
  {
    key: "media_outlet",
    name: "Media outlet",
    attributes: [
      {
        key: "medium",
        kind: "one_of",
        name: "Medium",
        values: ["print", "online", "radio", "television", "agency", "podcast"],
        required: true,
      },
      { key: "reach", kind: "number", name: "Reach (people)" },
      { key: "frequency", kind: "text", name: "Frequency" },
      { key: "deadline", kind: "text", name: "Copy deadline" },
    ],
  },
  {
    key: "association",
    name: "Association",
    attributes: [
      {
        key: "purpose",
        kind: "one_of",
        name: "Purpose",
        values: ["industry", "profession", "employers", "union", "consumers", "charity", "other"],
      },
      { key: "members", kind: "number", name: "Members" },
      { key: "registration", kind: "text", name: "Registration number" },
    ],
  },
  {
    key: "supplier",
    name: "Supplier",
    attributes: [
      { key: "number", kind: "text", name: "Supplier number" },
      { key: "status", kind: "one_of", name: "Status", values: ["candidate", "approved", "preferred", "blocked"] },
      { key: "payment_days", kind: "number", name: "Payment term (days)" },
      { key: "approved_on", kind: "date", name: "Approved on" },
    ],
  },
  {
    key: "partner",
    name: "Partner",
    attributes: [
      {
        key: "partnership",
        kind: "one_of",
        name: "Kind of partnership",
        values: ["reseller", "distributor", "integrator", "technology", "referral"],
      },
      { key: "tier", kind: "text", name: "Tier" },
      { key: "commission_percent", kind: "decimal", name: "Commission (%)" },
      { key: "since", kind: "date", name: "Partner since" },
    ],
  },
];
