/** A small resolved schema for the tests of what queries are compiled to. */
import * as z from "zod";
import { defineEntity } from "../entity/define-entity.ts";
import { boolean, date, decimal, instant, integer, json, money, oneOf, reference, text } from "../entity/fields.ts";
import { resolveSchema } from "../entity/resolve-schema.ts";

const account = defineEntity("account", {
  plural: "accounts",
  fields: { name: text({ fold: true }), parentId: reference("account", { inverse: "children" }).optional() },
});

const visit = defineEntity("visit", {
  plural: "visits",
  fields: {
    note: text(),
    title: text({ fold: true }).optional(),
    score: integer(),
    ratio: decimal({ scale: 2 }).optional(),
    cost: money().optional(),
    day: date().optional(),
    at: instant().optional(),
    done: boolean(),
    kind: oneOf("call", "trip"),
    extra: json(z.json()).optional(),
    accountId: reference("account", { inverse: "visits" }).optional(),
  },
});

export const schema = resolveSchema([{ plugin: "core", entities: [account, visit], extend: {} }]);
export const accounts = schema.entities.get("account")!;
export const visits = schema.entities.get("visit")!;
