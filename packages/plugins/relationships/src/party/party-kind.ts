/** A kind of account beyond a customer: a government body, a media outlet. A tenant adds one without code. */
import { defineEntity, json, text } from "@relata/core/plugin";
import { attributesSchema } from "../type/type-schemas.ts";

export const partyKind = defineEntity("partyKind", {
  plural: "partyKinds",
  fields: {
    key: text({ minLength: 1, maxLength: 100 }).unique(),
    name: text({ fold: true, minLength: 1, maxLength: 200 }),
    attributes: json(() => attributesSchema()).default([]),
  },
});
