/** That an account is of a kind, with what that kind has. An account may be of several. */
import { defineEntity, json, reference } from "@relata/core/plugin";
import * as z from "zod";
import { once } from "../once.ts";

const attributeValues = once(() => z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])));

export const partyProfile = defineEntity("partyProfile", {
  plural: "partyProfiles",
  fields: {
    accountId: reference("account", { inverse: "partyProfiles", onDelete: "cascade" }).written("once"),
    kindId: reference("partyKind", { inverse: "profiles" }).written("once"),
    /** By the attributes of its kind. */
    attributes: json(() => attributeValues()).default({}),
  },
  unique: [["accountId", "kindId"]],
});
