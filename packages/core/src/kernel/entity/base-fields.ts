/** The fields of every record. The kernel writes them; only the id may be given, at creation. */
import type { Fields } from "./field.ts";
import { id, instant, integer, text } from "./fields.ts";

export const baseFields: Fields = {
  id: id().assigned().written("once"),
  version: integer().assigned().written("operations"),
  createdAt: instant().assigned().written("operations"),
  createdBy: text().optional().written("operations"),
  updatedAt: instant().assigned().written("operations"),
  updatedBy: text().optional().written("operations"),
  archivedAt: instant().optional().written("operations"),
};
