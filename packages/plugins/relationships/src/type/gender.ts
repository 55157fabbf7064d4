/** A person's gender, where names of roles differ by it. */
import { text } from "@relata/core/plugin";

export const contactFields = {
  contact: {
    /** "female", "male", or any other word that variants of types use; where it is not known, what they are addressed as tells. */
    gender: text({ maxLength: 50 }).optional(),
  },
} as const;

const byHonorific: ReadonlyMap<unknown, string> = new Map(
  Object.entries({
    female: ["mrs", "ms", "miss", "madam", "frau", "sra", "srta", "dona", "mme", "mlle", "señora", "signora"],
    male: ["mr", "sir", "herr", "sr", "señor", "monsieur", "signor"],
  }).flatMap(([gender, honorifics]) => honorifics.map((honorific) => [honorific, gender] as const)),
);

/** As it is said; else by "Mr.", "Mrs." and their like in some languages; undefined where neither tells. */
export function genderOf(record: { readonly [field: string]: unknown } | undefined): string | undefined {
  if (typeof record?.gender === "string") return record.gender;
  const { honorific } = record ?? {};
  if (typeof honorific !== "string") return undefined;
  return byHonorific.get(honorific.trim().replace(/\.$/, "").toLowerCase());
}
