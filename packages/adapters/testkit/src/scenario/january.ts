/** January: eight deals begin, and one is lost. Times are UTC: an hour behind Berlin until 29 March, then two. */
import { foundCompany } from "./open-company.ts";
import { activity, chf, contact, deal, type Event, eur, move, usd } from "./steps.ts";

export const january: readonly Event[] = [
  ["01-05T08:00", "ann", foundCompany],
  [
    "01-06T09:00",
    "ann",
    contact(
      "zoe",
      { account: "cafe" },
      { givenName: "Zoë", familyName: "Martin", email: "zoe@cafe.example", ownerId: "ann" },
    ),
  ],
  [
    "01-06T09:05",
    "ann",
    contact(
      "juergen",
      { account: "mueller" },
      { givenName: "Jürgen", familyName: "Müller", email: "juergen@mueller.example", ownerId: "ben" },
    ),
  ],
  [
    "01-06T09:10",
    "ann",
    contact("wang", { account: "trading" }, { familyName: "王", givenName: "小明", ownerId: "cem" }),
  ],
  [
    "01-06T09:15",
    "ann",
    contact("ana", { account: "lisbon" }, { givenName: "Ana", familyName: "Sousa", ownerId: "cem" }),
  ],
  [
    "01-07T09:00",
    "ann",
    deal(
      "till",
      { account: "cafe", contact: "zoe" },
      { name: "Tills for Zoë", oneTimeAmount: eur("12500.01"), expectedCloseDate: "2026-02-27", ownerId: "ann" },
    ),
  ],
  [
    "01-08T09:00",
    "ben",
    deal(
      "suite",
      { account: "mueller", contact: "juergen" },
      {
        name: "Suite",
        oneTimeAmount: eur("500.00"),
        recurringAmount: eur("250.00"),
        recurringInterval: "quarter",
        expectedCloseDate: "2026-03-05",
        ownerId: "ben",
      },
    ),
  ],
  [
    "01-09T09:00",
    "cem",
    deal(
      "licences",
      { account: "lisbon", contact: "ana" },
      { name: "Licences", amount: usd("10000.00"), expectedCloseDate: "2026-02-15", ownerId: "cem" },
    ),
  ],
  [
    "01-12T09:00",
    "cem",
    deal("pilot", { account: "alpin" }, { name: "Pilot", amount: chf("8000.00"), ownerId: "cem" }),
  ],
  ["01-12T10:00", "ann", move("till", "demo")],
  [
    "01-13T10:00",
    "ann",
    activity(
      "tillCall",
      { account: "cafe", contact: "zoe", deal: "till" },
      {
        kind: "call",
        subject: "How many tills",
        startAt: new Date("2026-01-13T09:00Z"),
        endAt: new Date("2026-01-13T09:45Z"),
        done: true,
        ownerId: "ann",
      },
    ),
  ],
  [
    "01-14T09:00",
    "ben",
    contact(
      "twin",
      { account: "mueller" },
      { givenName: "J.", familyName: "Müller", phone: "+49 89 1234567", ownerId: "ben" },
    ),
  ],
  [
    "01-15T09:00",
    "ben",
    deal(
      "renewal",
      { pipeline: "renewal", account: "mueller", contact: "twin" },
      {
        name: "Support for 2026",
        recurringAmount: eur("40.00"),
        recurringInterval: "month",
        expectedCloseDate: "2026-02-20",
        ownerId: "ben",
      },
    ),
  ],
  ["01-15T10:00", "ben", move("suite", "demo")],
  ["01-19T09:00", "cem", move("licences", "demo")],
  [
    "01-19T09:30",
    "cem",
    activity(
      "priceList",
      { deal: "licences" },
      { kind: "task", subject: "Send the price list", dueAt: new Date("2026-02-28T15:30Z"), ownerId: "cem" },
    ),
  ],
  [
    "01-20T09:00",
    "cem",
    deal(
      "support",
      { pipeline: "renewal", account: "acme" },
      {
        name: "Support for Acme",
        recurringAmount: eur("600.00"),
        recurringInterval: "half_year",
        expectedCloseDate: "2026-04-10",
        ownerId: "cem",
      },
    ),
  ],
  ["01-20T10:00", "ann", move("till", "offer")],
  [
    "01-21T09:00",
    "cem",
    (crm, book) =>
      crm.activities.addNote(
        { entityType: "account", id: book.id("acme") },
        { body: "Wants a quote in spring.", ownerId: "cem" },
      ),
  ],
  [
    "01-22T09:00",
    "ben",
    deal(
      "upgrade",
      { account: "acme" },
      {
        name: "Upgrade",
        amount: eur("2000.00"),
        expectedCloseDate: "2026-04-30",
        nextStep: "Wait for spring",
        ownerId: "ben",
      },
    ),
  ],
  ["01-26T09:00", "cem", move("pilot", "lost", { lostReason: "other", lostNote: "The board said no." })],
  [
    "01-27T14:00",
    "ann",
    activity("question", {}, { kind: "email", direction: "inbound", subject: "How much is a kitchen", ownerId: "ann" }),
  ],
  [
    "01-27T14:01",
    "ann",
    (crm, book) =>
      crm.activities.addParticipants(book.id("question"), [{ address: "Pat.Quill@home.example", role: "from" }]),
  ],
  [
    "01-27T14:30",
    "ann",
    contact(
      "pat",
      {},
      {
        givenName: "Pat",
        familyName: "Quill",
        email: "pat.quill@home.example",
        phone: "+49 170 5551234",
        birthDate: "1980-05-17",
        ownerId: "ann",
      },
    ),
  ],
  [
    "01-27T14:31",
    "ann",
    (crm, book) => crm.activities.resolveParticipants({ address: "pat.quill@home.example", contactId: book.id("pat") }),
  ],
  [
    "01-27T15:00",
    "ann",
    deal(
      "kitchen",
      { contact: "pat" },
      { name: "A kitchen", amount: eur("900.00"), expectedCloseDate: "2026-03-18", ownerId: "ann" },
    ),
  ],
  ["01-29T09:00", "ben", move("upgrade", "offer")],
  ["01-30T15:00", "ann", move("kitchen", "demo")],
];
