/** Every plugin there is in one CRM, and an entity of the application's own. */
import { calendar } from "@relata/calendar";
import { type CrmOptions, createCrm, defineEntity, reference, text } from "@relata/core";
import { forecasting } from "@relata/forecasting";
import { hierarchies } from "@relata/hierarchies";
import { memberships } from "@relata/memberships";
import { phone } from "@relata/phone";
import { relationships } from "@relata/relationships";
import { sponsoring } from "./sponsoring.ts";

const project = defineEntity("project", {
  plural: "projects",
  fields: {
    name: text({ fold: true }),
    accountId: reference("account", { inverse: "projects", onDelete: "cascade" }).optional(),
    leadId: reference("contact", { inverse: "projects", onDelete: "detach" }).optional(),
    subjectType: text().optional(),
    subjectId: text().optional(),
  },
  polymorphic: [{ type: "subjectType", id: "subjectId", onDelete: "detach" }],
  searchFor: ["accountId"],
});

export const everyPlugin = () =>
  [
    phone({ defaultCountry: "DE" }),
    calendar(),
    hierarchies(),
    forecasting(),
    memberships(),
    relationships({ logReading: true }),
    sponsoring(),
  ] as const;

export const openCrm = (options: CrmOptions, plugins = everyPlugin()) =>
  createCrm({
    ...options,
    plugins,
    entities: [project],
    extend: { contact: { badge: text().optional() } },
  });

export type EverythingCrm = Awaited<ReturnType<typeof openCrm>>;
