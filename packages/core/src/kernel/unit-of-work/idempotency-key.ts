/** That a transaction with this key has happened, and what it returned: written with what it wrote. */
import * as z from "zod";
import { defineEntity } from "../entity/define-entity.ts";
import { instant, json, text } from "../entity/fields.ts";

/** The name of the entity. */
export const IDEMPOTENCY_KEY = "idempotencyKey";

export const idempotencyKey = defineEntity(IDEMPOTENCY_KEY, {
  plural: "idempotencyKeys",
  written: "operations",
  history: false,
  fields: {
    key: text({ maxLength: 255 }).unique(),
    usedAt: instant().indexed(),
    /** As `stored-result.ts` writes it; absent only while the transaction is open. */
    result: json(() => z.json()).optional(),
  },
});
