/** The person who is erased: found everywhere before, nowhere after, and no total is another one. */
import { expect } from "vitest";
import { type CrmFact, crmFact } from "../crm-suites/crm-bench.ts";
import { everything } from "../crm-suites/tangle.ts";
import { figuresOf } from "./figures.ts";
import { erasePerson } from "./march.ts";
import type { CompanyCrm } from "./open-company.ts";
import { hits } from "./record-facts.ts";
import { periods, played } from "./story.ts";

export const erasureFacts: readonly CrmFact[] = [
  crmFact("erases a person from every place, and changes no total", async (bench) => {
    const { crm, book } = await played(bench, "2026-03-27T09:00:00Z");
    const words = [/quill/i, /patricia/i, /5551234/, /1980-05-17/];
    const found = async () => {
      const places = await placesOf(crm);
      return Object.keys(places).filter((place) => words.some((word) => word.test(places[place]!)));
    };
    const times = ["january", "february", "march 17th"];
    expect(await found()).toEqual(["data", ...times, "outbox", "history", "timeline", "search"]);
    bench.clock.set(periods.march.end);
    const before = await figuresOf(crm, "march");

    bench.clock.set("2026-03-27T09:00:00Z");
    expect(await crm.contacts.impact(book.id("pat"))).toMatchObject({ ok: true });
    const proof = await erasePerson(crm.as({ actorId: "dpo" }), book);
    // The person as twice known, two e-mail addresses, a phone number, a role in a deal, and two e-mails that she sent.
    expect(proof).toMatchObject({ entityType: "contact", erasedBy: "dpo", reason: "request 2026-4", records: 8 });
    expect(await found()).toEqual([]);
    expect(await crm.merges.count()).toBe(1);
    const told = await crm.eventDeliveries.list({ where: { eventName: "contact.erased" } });
    expect(told.items.map(({ recordId }) => recordId).sort()).toEqual([book.id("pat"), book.id("patricia")].sort());
    expect(await crm.opportunities.get(book.id("kitchen"))).toMatchObject({ status: "won", contactId: null });
    expect(await crm.activities.get(book.id("handover"))).toMatchObject({ subject: "All fine", contactId: null });
    bench.clock.set(periods.march.end);
    expect(await figuresOf(crm, "march")).toEqual(before);
    expect(await crm.asOf(new Date(periods.january.end)).contacts.count()).toBe(5);
  }),
];

/** All that a tenant has, as text, by where it is. */
async function placesOf(crm: CompanyCrm): Promise<Readonly<Record<string, string>>> {
  const data = async (from: object) => JSON.stringify([...(await everything(from))]);
  const at = (instant: string) => data(crm.asOf(new Date(instant)));
  const all = { limit: 1_000, archived: "include" } as const;
  const deals = (await crm.opportunities.list(all)).items;
  const people = (await crm.contacts.list(all)).items;
  const histories = [
    ...(await Promise.all(deals.map(({ id }) => crm.opportunities.history(id)))),
    ...(await Promise.all(people.map(({ id }) => crm.contacts.history(id)))),
    ...(await Promise.all((await crm.activities.list(all)).items.map(({ id }) => crm.activities.history(id)))),
  ];
  const timelines = [...deals.map(({ id }) => ["opportunity", id]), ...people.map(({ id }) => ["contact", id])].map(
    ([entityType, id]) =>
      crm.activities.timeline({ entityType: entityType!, id: id! }, { includeBelow: true, limit: 500 }),
  );
  const searches = ["quill", "patricia", "0170 5551234", "pat.quill@home.example"].map((text) => hits(crm, text));
  return {
    data: await data(crm),
    january: await at(periods.january.end),
    february: await at(periods.february.end),
    "march 17th": await at("2026-03-17T12:00:00Z"),
    outbox: JSON.stringify((await crm.eventDeliveries.list(all)).items),
    merges: JSON.stringify([(await crm.merges.list(all)).items, (await crm.erasures.list(all)).items]),
    history: JSON.stringify(histories),
    timeline: JSON.stringify(await Promise.all(timelines)),
    search: JSON.stringify(await Promise.all(searches)),
  };
}
