/** To whom what of a member is shown: pure functions. */

/** From the narrowest to the widest; each sees what the wider ones see. */
export const audiences = ["staff", "members", "public"] as const;
export type Audience = (typeof audiences)[number];

/** What a listing may say of itself that the audience sees. */
export function shownTo(audience: Audience): Audience[] {
  return audiences.slice(audiences.indexOf(audience));
}

/** The fields of a listing, each with the audience that it is shown to. */
export const listedFields = [
  "name",
  "level",
  "since",
  "number",
  "email",
  "phone",
  "address",
  "jobTitle",
  "organization",
  "website",
  "industry",
] as const;
export type ListedField = (typeof listedFields)[number];
