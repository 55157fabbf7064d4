/** Nonprofit memberships: programs and levels, chains of terms, payments, statuses of any day. */
export { type Memberships, memberships } from "./memberships.ts";
