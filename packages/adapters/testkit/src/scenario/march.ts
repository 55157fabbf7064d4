/** March: two deals won and one lost, two mergers, a colleague who leaves, and a person who is erased. Times are UTC: an hour behind Berlin until 29 March, then two. */
import type { Book, CompanyCrm } from "./open-company.ts";
import { activity, done, type Event, merged, move } from "./steps.ts";

export const march: readonly Event[] = [
  ["03-01T10:00", "ben", done("prepare", "sent")],
  ["03-02T08:00", "ann", done("report", "sent")],
  ["03-02T09:00", "cem", move("support", "quoted")],
  ["03-03T09:00", "ann", (crm, book) => crm.opportunities.update(book.id("loyalty"), { probability: "75" })],
  [
    "03-03T09:05",
    "ann",
    activity(
      "workshop",
      { deal: "loyalty", contact: "zoe" },
      { kind: "meeting", subject: "Workshop", startAt: new Date("2026-04-08T08:00Z"), ownerId: "ann" },
    ),
  ],
  ["03-05T09:00", "ann", move("hosting", "ended", { lostReason: "timing" })],
  ["03-10T09:00", "ben", move("suite", "won")],
  ["03-12T09:00", "ben", (crm, book) => crm.opportunities.moveToPipeline(book.id("upgrade"), { pipeline: "renewal" })],
  ["03-16T09:00", "ben", merged("juergen", "twin")],
  [
    "03-16T10:00",
    "cem",
    activity(
      "visit",
      { account: "trading" },
      { kind: "task", subject: "Visit", dueAt: new Date("2026-03-31T20:00Z"), ownerId: "cem" },
    ),
  ],
  ["03-17T09:00", "ann", merged("pat", "patricia")],
  ["03-18T09:00", "ann", move("kitchen", "won")],
  ["03-20T16:00", "ann", (crm) => crm.users.deactivate("cem", { to: "ben" })],
  [
    "03-25T09:00",
    "ann",
    activity(
      "handover",
      { contact: "pat", deal: "kitchen" },
      { kind: "call", subject: "All fine", startAt: new Date("2026-03-25T08:30Z"), done: true, ownerId: "ann" },
    ),
  ],
  ["03-27T09:00", "dpo", erasePerson],
];

/** Whose mail from her addresses was never taken for hers is made hers, so that it goes with her. */
export async function erasePerson(crm: CompanyCrm, book: Book) {
  const contactId = book.id("pat");
  const { items } = await crm.emailAddresses.list({ where: { contactId } });
  for (const { address } of items) await crm.activities.resolveParticipants({ address, contactId });
  return crm.contacts.erase(contactId, { reason: "request 2026-4" });
}
