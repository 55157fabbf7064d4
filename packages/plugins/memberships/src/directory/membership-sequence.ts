/** The next number of a program, or of one year of it. It has no history: it changes with every member. */
import { defineEntity, integer, reference, text } from "@relata/core/plugin";

export const membershipSequence = defineEntity("membershipSequence", {
  plural: "membershipSequences",
  written: "operations",
  history: false,
  fields: {
    programId: reference("membershipProgram", { inverse: "sequences", onDelete: "cascade" }),
    /** "2026" where numbers begin anew each year, else "". */
    year: text({ maxLength: 4 }),
    next: integer({ min: 1 }),
  },
  unique: [["programId", "year"]],
});
