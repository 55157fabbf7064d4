/** What a member lets be seen in the directory of a program, and by whom. A member without one is seen by staff alone. */
import { defineEntity, oneOf, reference } from "@relata/core/plugin";
import { audiences } from "./audience.ts";

const shown = () => oneOf(...audiences).default("staff");

export const membershipListing = defineEntity("membershipListing", {
  plural: "membershipListings",
  fields: {
    programId: reference("membershipProgram", { inverse: "listings", onDelete: "cascade" }).written("once"),
    /** A contact or an account. Whoever is a member through another one may have one too. */
    contactId: reference("contact", { inverse: "membershipListings", onDelete: "cascade" }).optional().written("once"),
    accountId: reference("account", { inverse: "membershipListings", onDelete: "cascade" }).optional().written("once"),
    /** Whoever may not see the name does not find the member at all. */
    name: shown(),
    level: shown(),
    /** The first day as a member. */
    since: shown(),
    number: shown(),
    email: shown(),
    phone: shown(),
    /** The primary postal address. */
    address: shown(),
    /** Of a contact. */
    jobTitle: shown(),
    organization: shown(),
    /** Of an account. */
    website: shown(),
    industry: shown(),
  },
  unique: [
    ["programId", "contactId"],
    ["programId", "accountId"],
  ],
});
