/** February: four more deals, three won, one lost and reopened. Times are UTC: an hour behind Berlin until 29 March, then two. */
import { refused } from "../bench/refusal.ts";
import type { Book, CompanyCrm } from "./open-company.ts";
import { activity, contact, customer, deal, type Event, eur, move, usd } from "./steps.ts";

export const february: readonly Event[] = [
  // Half past midnight on the first of February in Berlin, 26 days before it was expected.
  ["01-31T23:30", "ann", move("till", "won")],
  ["02-02T08:00", "ann", customer("cafe")],
  [
    "02-02T08:30",
    "ann",
    (crm, book) =>
      crm.opportunities.setSplits(book.id("till"), "revenue", [
        { userId: "ann", percent: "50" },
        { userId: "ben", percent: "33.3333" },
        { userId: "cem", percent: "16.6667" },
      ]),
  ],
  [
    "02-02T08:35",
    "ann",
    (crm, book) => crm.opportunities.setSplits(book.id("till"), "overlay", [{ userId: "ben", percent: "40" }]),
  ],
  [
    "02-02T09:00",
    "ann",
    deal("loyalty", { account: "cafe", contact: "zoe" }, { name: "Loyalty cards", ownerId: "ann" }),
  ],
  [
    "02-03T09:00",
    "ann",
    (crm, book) =>
      crm.opportunities.setSplits(book.id("loyalty"), "revenue", [
        { userId: "ann", percent: "66.67" },
        { userId: "ben", percent: "33.33" },
      ]),
  ],
  ["02-03T10:00", "ben", move("suite", "offer")],
  [
    "02-04T09:00",
    "cem",
    deal(
      "order",
      { account: "trading", contact: "wang" },
      { name: "First order", amount: usd("4000.00"), expectedCloseDate: "2026-02-25", ownerId: "cem" },
    ),
  ],
  ["02-05T09:00", "ben", move("renewal", "quoted")],
  ["02-09T09:00", "ann", move("loyalty", "demo")],
  [
    "02-10T09:00",
    "ann",
    deal(
      "hosting",
      { pipeline: "renewal", account: "lisbon" },
      {
        name: "Hosting",
        recurringAmount: usd("300.00"),
        recurringInterval: "year",
        expectedCloseDate: "2026-03-31",
        ownerId: "ann",
      },
    ),
  ],
  ["02-10T16:00", "ben", move("suite", "lost", { lostReason: "price" })],
  ["02-11T09:00", "cem", move("order", "demo")],
  [
    "02-11T15:00",
    "ann",
    activity("brochure", {}, { kind: "email", direction: "inbound", subject: "A brochure, please", ownerId: "ann" }),
  ],
  [
    "02-11T15:01",
    "ann",
    (crm, book) =>
      crm.activities.addParticipants(book.id("brochure"), [{ address: "P.Quill@work.example", role: "from" }]),
  ],
  [
    "02-12T09:00",
    "ann",
    contact(
      "patricia",
      {},
      { givenName: "Patricia", familyName: "Quill", email: "p.quill@work.example", ownerId: "ann" },
    ),
  ],
  ["02-16T09:00", "ann", offerWithoutAmount],
  [
    "02-16T09:00",
    "ann",
    move("loyalty", "offer", { set: { amount: eur("3000.00"), expectedCloseDate: "2026-04-20" } }),
  ],
  ["02-18T09:00", "cem", move("order", "offer")],
  [
    "02-20T09:00",
    "ben",
    activity(
      "prepare",
      { deal: "support" },
      { kind: "task", subject: "Prepare the quote", dueAt: new Date("2026-02-28T05:30Z"), ownerId: "ben" },
    ),
  ],
  [
    "02-20T09:05",
    "ann",
    activity(
      "report",
      {},
      { kind: "task", subject: "Report to the board", dueAt: new Date("2026-02-27T16:00Z"), ownerId: "ann" },
    ),
  ],
  ["02-23T09:00", "ben", move("renewal", "renewed", { closeDate: "2026-02-20" })],
  ["02-23T09:05", "ben", customer("mueller")],
  ["02-24T09:00", "ben", move("suite", "offer")],
  ["02-25T09:00", "cem", move("order", "won")],
  ["02-25T09:05", "cem", customer("trading")],
  // Half past eleven at night in Berlin.
  [
    "02-28T22:30",
    "ben",
    deal(
      "walkIn",
      { account: "nord" },
      {
        name: "Walk-in",
        amount: eur("700.00"),
        expectedCloseDate: "2026-05-31",
        nextStep: "Call in May",
        ownerId: "ben",
      },
    ),
  ],
];

/** An offer needs an amount and an expected close date; both are named, and nothing happens. */
async function offerWithoutAmount(crm: CompanyCrm, book: Book): Promise<void> {
  const refusal = await refused(crm.opportunities.moveTo(book.id("loyalty"), "offer"));
  if (refusal.code !== "invalid_input") throw new Error(`The offer was refused with ${refusal.code}.`);
}
