/** The fields that e-mail addresses, phone numbers and postal addresses have in common. */
import { boolean, date, text } from "../../kernel/entity/fields.ts";

export const pointFields = {
  /** "work", "home", "mobile", "billing", … */
  kind: text({ maxLength: 100 }).optional(),
  /** One of each contact or account is. */
  isPrimary: boolean().default(false),
  /** Since when nothing may be sent to it, and who says so. */
  optedOutOn: date().optional(),
  optedOutSource: text({ maxLength: 500 }).optional(),
  /** Since when it is known not to work, and who says so. */
  invalidOn: date().optional(),
  invalidSource: text({ maxLength: 500 }).optional(),
};
