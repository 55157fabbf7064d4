/** Who takes part, as organizer and attendees of a calendar file. */
import ICAL from "ical.js";
import type { RecordIn } from "./parts.ts";

type User = RecordIn<"users">;
export type Participant = RecordIn<"activityParticipants"> & {
  readonly contact: RecordIn<"contacts"> | null;
  readonly account: RecordIn<"accounts"> | null;
  readonly user: User | null;
};

interface Party {
  readonly name: string | undefined;
  /** Undefined where there is no way to write to the party: then it is named nowhere. */
  readonly uri: string | undefined;
}

/** The organizer is the participant in that role, else the owner, where there are attendees at all. */
export function addAttendees(
  component: ICAL.Component,
  participants: readonly Participant[],
  owner: User | null,
): void {
  const parties = participants.flatMap((participant) => {
    const { name, uri } = partyOf(participant);
    return uri === undefined ? [] : [{ ...participant, name, uri }];
  });
  const attending = parties.filter(({ role }) => role !== "organizer");
  const organizer = parties.find(({ role }) => role === "organizer") ?? ownerOf(owner);
  if (organizer?.uri !== undefined && attending.length > 0) component.addProperty(calAddress("organizer", organizer));
  for (const { role, response, ...party } of attending) {
    const attendee = calAddress("attendee", party);
    attendee.setParameter("role", role === "cc" || role === "bcc" ? "NON-PARTICIPANT" : "REQ-PARTICIPANT");
    attendee.setParameter("partstat", (response ?? "needs-action").toUpperCase());
    component.addProperty(attendee);
  }
}

function partyOf({ contact, account, user, address }: Participant): Party {
  if (contact) {
    const { fullName, givenName, familyName, email, phone } = contact;
    const name = fullName ?? [givenName, familyName].filter((part) => part !== null).join(" ");
    return { name: name === "" ? undefined : name, uri: uriOf(email) ?? uriOf(phone) };
  }
  if (user) return ownerOf(user)!;
  // Whoever answers for an account is a contact; an account has no e-mail address of its own.
  if (account) return { name: account.name, uri: uriOf(account.phone) };
  return { name: undefined, uri: uriOf(address) };
}

function ownerOf(user: User | null): Party | undefined {
  return user ? { name: user.name, uri: uriOf(user.email) } : undefined;
}

function uriOf(address: string | null): string | undefined {
  if (!address) return undefined;
  if (address.includes("@")) return `mailto:${address}`;
  const digits = address.replaceAll(/[^\d+]/g, "");
  return digits === "" ? undefined : `tel:${digits}`;
}

function calAddress(name: string, { name: common, uri }: Party): ICAL.Property {
  const property = new ICAL.Property(name);
  if (common !== undefined) property.setParameter("cn", common);
  property.setValue(uri!);
  return property;
}
