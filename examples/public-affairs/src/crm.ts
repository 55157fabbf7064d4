/** The CRM of a public affairs office: core, relationships, and the types, kinds of parties and rules that it works with. */
import { type CrmOptions, createCrm } from "@relata/core";
import {
  defineInferenceRule,
  defineRelationshipType,
  relationships,
  standardPartyKinds,
  standardRules,
  standardTypes,
} from "@relata/relationships";

/** Someone whom one has met and could ring up: what the office itself knows. */
export const knows = defineRelationshipType({
  key: "knows",
  category: "social",
  shape: "symmetric",
  name: "knows",
  fromRole: "acquaintance",
  fromEntities: ["contact"],
  attributes: [{ key: "through", kind: "text" }],
  defaultStrength: "0.6",
});

/** Who is known by somebody of ours who works there. */
const doorOpener = defineInferenceRule({
  key: "door_opener",
  name: "can be introduced at",
  inverseName: "is open to",
  fromRole: "visitor",
  toRole: "host",
  steps: [{ types: ["knows"] }, { types: ["employment", "office_holder"], entities: ["account"] }],
});

/** All of it is defined whenever the application starts: what is there already stays as it is. Explanations are logged as readings. */
export async function openOffice(options: Pick<CrmOptions, "storage" | "clock">) {
  const crm = await createCrm({ ...options, plugins: [relationships({ logReading: true })] });
  await crm.relationships.defineTypes([...standardTypes, knows]);
  await crm.relationships.definePartyKinds(standardPartyKinds);
  await crm.relationships.defineRules([...standardRules, doorOpener]);
  return crm;
}

export type Office = Awaited<ReturnType<typeof openOffice>>;
