/** Relationship types that most need. `defineTypes(standardTypes)` makes them; what is made can be changed, and others added. */
import { defineRelationshipType, type TypeDefinition } from "./define-relationship-type.ts";

const person = ["contact"] as const;
const organisation = ["account"] as const;
const party = ["contact", "account"] as const;

type Ends = Pick<TypeDefinition, "fromEntities" | "toEntities">;
const amongPeople = { fromEntities: person, toEntities: person } as const satisfies Ends;
const atOrganisation = { fromEntities: person, toEntities: organisation } as const satisfies Ends;
const amongOrganisations = { fromEntities: organisation, toEntities: organisation } as const satisfies Ends;
const byParty = { fromEntities: party, toEntities: organisation } as const satisfies Ends;

/** Who holds an office, where the office names no other type. */
export const officeHolderType = defineRelationshipType({
  ...{
    key: "office_holder",
    category: "governance",
    name: "holder of an office at",
    inverseName: "has as office holder",
  },
  ...{ fromRole: "office_holder", toRole: "organisation", ...atOrganisation, defaultStrength: "0.6" },
});

const family = [
  defineRelationshipType({
    ...{ key: "parent", category: "family", name: "parent of", inverseName: "child of", ...amongPeople },
    ...{ fromRole: "parent", toRole: "child", defaultStrength: "0.9" },
    variants: [
      { end: "from", gender: "female", name: "mother of", role: "mother" },
      { end: "from", gender: "male", name: "father of", role: "father" },
      { end: "to", gender: "female", name: "daughter of", role: "daughter" },
      { end: "to", gender: "male", name: "son of", role: "son" },
    ],
  }),
  defineRelationshipType({
    ...{ key: "spouse", category: "family", shape: "symmetric", name: "spouse of", fromRole: "spouse" },
    ...{ fromEntities: person, limits: [{ end: "from", most: 1 }], defaultStrength: "0.9" },
    variants: [
      { end: "from", gender: "female", name: "wife of", role: "wife" },
      { end: "from", gender: "male", name: "husband of", role: "husband" },
    ],
  }),
  defineRelationshipType({
    ...{
      key: "life_partner",
      category: "family",
      shape: "symmetric",
      name: "life partner of",
      fromRole: "life_partner",
    },
    ...{ fromEntities: person, defaultStrength: "0.9" },
  }),
  defineRelationshipType({
    ...{ key: "sibling", category: "family", shape: "symmetric", name: "sibling of", fromRole: "sibling" },
    ...{ fromEntities: person, defaultStrength: "0.8" },
    variants: [
      { end: "from", gender: "female", name: "sister of", role: "sister" },
      { end: "from", gender: "male", name: "brother of", role: "brother" },
    ],
  }),
  defineRelationshipType({
    ...{ key: "guardian", category: "family", name: "guardian of", inverseName: "ward of", ...amongPeople },
    ...{ fromRole: "guardian", toRole: "ward", defaultStrength: "0.8" },
  }),
  defineRelationshipType({
    ...{ key: "household_member", category: "family", name: "lives in", inverseName: "household of" },
    ...{ fromRole: "household_member", toRole: "household", ...atOrganisation, defaultStrength: "0.9" },
  }),
] as const;

const social = [
  defineRelationshipType({
    ...{ key: "friend", category: "social", shape: "symmetric", name: "friend of", fromRole: "friend" },
    ...{ fromEntities: person, defaultStrength: "0.7" },
  }),
  defineRelationshipType({
    ...{
      key: "acquaintance",
      category: "social",
      shape: "symmetric",
      name: "acquaintance of",
      fromRole: "acquaintance",
    },
    ...{ fromEntities: person, defaultStrength: "0.3" },
  }),
  defineRelationshipType({
    ...{ key: "mentor", category: "social", name: "mentor of", inverseName: "mentored by", ...amongPeople },
    ...{ fromRole: "mentor", toRole: "mentee", defaultStrength: "0.6" },
  }),
  defineRelationshipType({
    ...{
      key: "emergency_contact",
      category: "social",
      name: "emergency contact of",
      inverseName: "has as emergency contact",
    },
    ...{ fromRole: "emergency_contact", toRole: "cared_for", ...amongPeople, defaultStrength: "0.7" },
  }),
  defineRelationshipType({
    ...{ key: "referral", category: "social", name: "referred", inverseName: "referred by", fromRole: "referrer" },
    ...{ toRole: "referred", fromEntities: party, toEntities: party, defaultStrength: "0.5" },
  }),
  defineRelationshipType({
    ...{ key: "influence", category: "social", name: "influencer of", inverseName: "influenced by" },
    ...{ fromRole: "influencer", toRole: "influenced", fromEntities: party, toEntities: party },
    ...{ mayReverse: true, defaultStrength: "0.4" },
  }),
] as const;

const work = [
  defineRelationshipType({
    ...{ key: "employment", category: "business", name: "employee of", inverseName: "employer of", ...atOrganisation },
    ...{ fromRole: "employee", toRole: "employer", limits: [{ end: "from", most: 1, primary: true }] },
    attributes: [
      { key: "position", kind: "text" },
      { key: "department", kind: "text" },
    ],
    defaultStrength: "0.5",
  }),
  defineRelationshipType({
    ...{ key: "manager", category: "business", name: "manager of", inverseName: "reports to", ...amongPeople },
    ...{ fromRole: "manager", toRole: "report", defaultStrength: "0.7" },
  }),
  defineRelationshipType({
    ...{ key: "assistant", category: "business", name: "assistant of", inverseName: "assisted by", ...amongPeople },
    ...{ fromRole: "assistant", toRole: "principal", defaultStrength: "0.7" },
  }),
  defineRelationshipType({
    ...{ key: "colleague", category: "business", shape: "symmetric", name: "colleague of", fromRole: "colleague" },
    ...{ fromEntities: person, defaultStrength: "0.5" },
  }),
  officeHolderType,
  defineRelationshipType({
    ...{ key: "board_member", category: "governance", name: "board member of", inverseName: "has on its board" },
    ...{ fromRole: "board_member", toRole: "organisation", ...atOrganisation, defaultStrength: "0.6" },
    attributes: [{ key: "position", kind: "text" }],
  }),
  defineRelationshipType({
    ...{ key: "founder", category: "governance", name: "founder of", inverseName: "founded by", ...byParty },
    ...{ fromRole: "founder", toRole: "founded", defaultStrength: "0.7" },
  }),
  defineRelationshipType({
    ...{ key: "owner", category: "governance", name: "owner of", inverseName: "owned by", ...byParty },
    ...{ fromRole: "owner", toRole: "owned", mayReverse: true, defaultStrength: "0.8" },
    attributes: [{ key: "share", kind: "decimal" }],
  }),
  defineRelationshipType({
    ...{ key: "advisor", category: "business", name: "advisor of", inverseName: "advised by", fromRole: "advisor" },
    ...{ toRole: "advised", fromEntities: party, toEntities: party, defaultStrength: "0.5" },
  }),
] as const;

const organisations = [
  defineRelationshipType({
    ...{
      key: "supplier",
      category: "business",
      name: "supplier of",
      inverseName: "customer of",
      ...amongOrganisations,
    },
    ...{ fromRole: "supplier", toRole: "customer", mayReverse: true, defaultStrength: "0.5" },
  }),
  defineRelationshipType({
    ...{ key: "partner", category: "business", shape: "symmetric", name: "partner of", fromRole: "partner" },
    ...{ fromEntities: organisation, defaultStrength: "0.6" },
  }),
  defineRelationshipType({
    ...{ key: "competitor", category: "business", shape: "symmetric", name: "competitor of", fromRole: "competitor" },
    ...{ fromEntities: organisation, defaultStrength: "0.1" },
  }),
  defineRelationshipType({
    ...{ key: "investor", category: "business", name: "investor in", inverseName: "investment of", ...byParty },
    ...{ fromRole: "investor", toRole: "investment", mayReverse: true, defaultStrength: "0.6" },
  }),
  defineRelationshipType({
    ...{ key: "member", category: "association", name: "member of", inverseName: "has as member", ...byParty },
    ...{ fromRole: "member", toRole: "association", defaultStrength: "0.4" },
  }),
  defineRelationshipType({
    ...{
      key: "sponsor",
      category: "association",
      name: "sponsor of",
      inverseName: "sponsored by",
      fromRole: "sponsor",
    },
    ...{ toRole: "sponsored", fromEntities: party, toEntities: party, defaultStrength: "0.5" },
  }),
  defineRelationshipType({
    ...{ key: "alumnus", category: "education", name: "alumnus of", inverseName: "has as alumnus", ...atOrganisation },
    ...{ fromRole: "alumnus", toRole: "alma_mater", defaultStrength: "0.2" },
    variants: [{ end: "from", gender: "female", name: "alumna of", role: "alumna" }],
  }),
  defineRelationshipType({
    ...{ key: "regulator", category: "government", name: "regulator of", inverseName: "regulated by" },
    ...{ fromRole: "regulator", toRole: "regulated", ...amongOrganisations, defaultStrength: "0.3" },
  }),
  defineRelationshipType({
    ...{ key: "lobbyist", category: "government", name: "lobbyist for", inverseName: "has as lobbyist", ...byParty },
    ...{ fromRole: "lobbyist", toRole: "represented", defaultStrength: "0.4" },
  }),
  defineRelationshipType({
    ...{
      key: "journalist",
      category: "press",
      name: "journalist at",
      inverseName: "has as journalist",
      ...atOrganisation,
    },
    ...{ fromRole: "journalist", toRole: "media_outlet", defaultStrength: "0.5" },
    attributes: [{ key: "beat", kind: "text" }],
  }),
  defineRelationshipType({
    ...{ key: "coverage", category: "press", name: "has covered", inverseName: "was covered by", mayOverlap: true },
    ...{ fromRole: "reporter", toRole: "subject", fromEntities: party, toEntities: party, mayReverse: true },
    defaultStrength: "0.2",
  }),
] as const;

/** By key in code: `standardTypes[0]` is no name; see the keys. Families, friends, work, governance, business, associations, government, press. */
export const standardTypes = [...family, ...social, ...work, ...organisations] as const;
