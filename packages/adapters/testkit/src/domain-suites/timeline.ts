/** activities.timeline: what has happened to a record and around it, in one order. Over 400 lines: its facts share one busy account. */
import { createCrm } from "@relata/core";
import { defineEntity, definePlugin, instant, reference, text, timelineWhere } from "@relata/core/plugin";
import { expect } from "vitest";
import { refused, refusedDetails } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

type Query = NonNullable<Parameters<DomainCrm["activities"]["timeline"]>[1]>;
type Entry = Awaited<ReturnType<DomainCrm["activities"]["timeline"]>>["items"][number];
interface Timed {
  readonly activities: Pick<DomainCrm["activities"], "timeline">;
}

/** "10:00 activity Call": the time, the kind, and what it tells of. */
function line(entry: Entry): string {
  const told = () => {
    switch (entry.kind) {
      case "activity":
        return entry.data.subject;
      case "stage_move":
        return `${entry.data.from?.key ?? "-"} > ${entry.data.stage.key}`;
      case "field_change": {
        const { entityType } = entry.record;
        const names = entry.data.changes.map(({ field }) => ` ${field}`).join("");
        return `${entityType} ${entry.data.kind}${entry.data.kind === "updated" && entityType !== "opportunity" ? names : ""}`;
      }
      default:
        return JSON.stringify(entry.data);
    }
  };
  return `${entry.at.toISOString().slice(11, 16)} ${entry.kind} ${told()}`;
}

type Named = readonly [entityType: string, id: string];

async function shown(crm: Timed, [entityType, id]: Named, query: Query = {}): Promise<readonly string[]> {
  return (await crm.activities.timeline({ entityType, id }, query)).items.map(line);
}

/** An account with a contact, an opportunity that moves, activities of all of them, at one time of the day each. */
async function sampled(bench: CrmBench) {
  const crm = await openDomain(bench);
  const clock = (time: string) => bench.clock.set(`2026-06-15T${time}:00Z`);
  const account = await crm.accounts.create({ name: "Acme" });
  clock("10:01");
  const contact = await crm.contacts.create({ givenName: "Ann", accountId: account.id });
  clock("10:02");
  const deal = await crm.opportunities.create({ name: "Rollout", accountId: account.id });
  clock("10:03");
  await crm.activities.create({ kind: "note", subject: "On the account", accountId: account.id });
  clock("10:04");
  const call = await crm.activities.create({
    kind: "call",
    subject: "Linked",
    startAt: new Date("2026-06-15T10:04:00Z"),
  });
  await crm.activities.link(call.id, { entityType: "account", id: account.id });
  clock("10:05");
  const meeting = await crm.activities.create({
    kind: "meeting",
    subject: "With Ann",
    startAt: new Date("2026-06-15T10:05:00Z"),
  });
  await crm.activities.addParticipants(meeting.id, [{ contactId: contact.id }]);
  clock("10:06");
  await crm.accounts.update(account.id, { industry: "retail", employees: 12 });
  clock("10:07");
  await crm.as({ actorId: "bob" }).opportunities.moveTo(deal.id, "proposal");
  clock("10:08");
  await crm.activities.create({ kind: "task", subject: "On the deal", opportunityId: deal.id });
  return { crm, clock, account, contact, deal, call, meeting };
}

const ofTheAccount = [
  "10:06 field_change account updated industry employees",
  "10:04 activity Linked",
  "10:03 activity On the account",
  "10:00 field_change account created",
];

const withBelow = [
  "10:08 activity On the deal",
  "10:07 field_change opportunity updated",
  "10:07 stage_move qualification > proposal",
  "10:06 field_change account updated industry employees",
  "10:05 activity With Ann",
  "10:04 activity Linked",
  "10:03 activity On the account",
  "10:02 field_change opportunity created",
  "10:02 stage_move - > qualification",
  "10:01 field_change contact created",
  "10:00 field_change account created",
];

async function everything(crm: Timed, record: { readonly entityType: string; readonly id: string }, query: Query) {
  const lines: string[] = [];
  let after: string | undefined;
  do {
    const page = await crm.activities.timeline(record, { ...query, after });
    lines.push(...page.items.map(line));
    after = page.next;
  } while (after !== undefined);
  return lines;
}

const payment = defineEntity("payment", {
  plural: "payments",
  fields: {
    accountId: reference("account", { inverse: "payments" }),
    receivedAt: instant(),
    amount: text(),
  },
  indexes: [["accountId", "receivedAt"]],
});
const branch = defineEntity("branch", {
  plural: "branches",
  fields: { name: text(), accountId: reference("account", { inverse: "branches" }) },
});

/** Payments are entries of an account; branches hang below it. */
const paying = definePlugin({
  id: "paying",
  entities: [payment, branch],
  timeline: {
    entries: {
      async "payment.received"(context, request) {
        const { items } = await context.payments.list({
          where: { accountId: { in: request.records.account ?? [] }, ...timelineWhere(request, "receivedAt") },
          orderBy: [{ receivedAt: "desc" }],
          archived: "include",
          limit: request.limit,
        });
        return items.map(({ id, receivedAt, createdBy, accountId, amount }) => ({
          at: receivedAt,
          id,
          by: createdBy,
          record: { entityType: "account", id: accountId },
          data: { amount },
        }));
      },
    },
    below: {
      async account(context, accountId) {
        const { items } = await context.branches.list({ where: { accountId }, archived: "include", limit: 1_000 });
        return items.map(({ id }) => ({ entityType: "branch", id }));
      },
    },
  },
});

export const timeline: CrmSuite = {
  name: "the timeline",
  facts: [
    crmFact(
      "has what refers to a record, is linked to it, and what was changed in it, the latest first",
      async (bench) => {
        const { crm, account } = await sampled(bench);
        expect(await shown(crm, ["account", account.id])).toEqual(ofTheAccount);
      },
    ),
    crmFact("has the activities that a contact takes part in, and those that a user owns", async (bench) => {
      const { crm, clock, contact, meeting } = await sampled(bench);
      expect(await shown(crm, ["contact", contact.id])).toEqual([
        "10:05 activity With Ann",
        "10:01 field_change contact created",
      ]);
      clock("10:09");
      await crm.users.create({ id: "bob", name: "Bob" });
      await crm.activities.update(meeting.id, { ownerId: "bob" });
      expect(await shown(crm, ["user", "bob"], { kinds: ["activity"] })).toEqual(["10:05 activity With Ann"]);
      expect(await shown(crm, ["activity", meeting.id])).toEqual([
        "10:09 field_change activity updated ownerId",
        "10:05 activity With Ann",
        "10:05 field_change activity created",
      ]);
    }),
    crmFact("has the moves from stage to stage: from where, to where, who", async (bench) => {
      const { crm, deal } = await sampled(bench);
      const { items } = await crm.activities.timeline(
        { entityType: "opportunity", id: deal.id },
        { kinds: ["stage_move"] },
      );
      expect(items.map((entry) => [line(entry), entry.by, entry.record.id === deal.id])).toEqual([
        ["10:07 stage_move qualification > proposal", "bob", true],
        ["10:02 stage_move - > qualification", null, true],
      ]);
      expect(items.map(({ data }) => (data as { readonly durationMs: number | null }).durationMs)).toEqual([
        null,
        300_000,
      ]);
    }),
    crmFact("has the changes of fields: which, from what, to what, who", async (bench) => {
      const { crm, account } = await sampled(bench);
      await crm.as({ actorId: "bob" }).accounts.update(account.id, { industry: "energy" });
      const { items } = await crm.activities.timeline({ entityType: "account", id: account.id }, { limit: 1 });
      expect(items).toMatchObject([
        {
          kind: "field_change",
          by: "bob",
          record: { entityType: "account", id: account.id },
          data: { kind: "updated", version: 3, changes: [{ field: "industry", before: "retail", after: "energy" }] },
        },
      ]);
    }),
    crmFact(
      "has what hangs below an account: its contacts and opportunities, their activities, moves and changes",
      async (bench) => {
        const { crm, account } = await sampled(bench);
        expect(await shown(crm, ["account", account.id], { includeBelow: true })).toEqual(withBelow);
      },
    ),
    crmFact("of a contact has the opportunities that the contact has a role in below it", async (bench) => {
      const { crm, contact, deal } = await sampled(bench);
      const below = () =>
        shown(crm, ["contact", contact.id], { includeBelow: true, kinds: ["activity", "stage_move"] });
      expect(await below()).toEqual(["10:05 activity With Ann"]);
      await crm.opportunityContacts.create({ opportunityId: deal.id, contactId: contact.id, role: "decision_maker" });
      expect(await below()).toEqual([
        "10:08 activity On the deal",
        "10:07 stage_move qualification > proposal",
        "10:05 activity With Ann",
        "10:02 stage_move - > qualification",
      ]);
    }),
    crmFact("of an account has those who work there now, by whatever affiliation", async (bench) => {
      const { crm, account } = await sampled(bench);
      const [now, past] = await crm.contacts.createMany([{ givenName: "Now" }, { givenName: "Past" }]);
      await crm.affiliations.createMany([
        { contactId: now!.id, accountId: account.id, kind: "other", validUntil: "2026-06-15" },
        { contactId: past!.id, accountId: account.id, kind: "other", validUntil: "2026-06-14" },
      ]);
      await crm.activities.createMany([
        { kind: "note", subject: "Now", contactId: now!.id },
        { kind: "note", subject: "Past", contactId: past!.id },
      ]);
      const lines = await shown(crm, ["account", account.id], { includeBelow: true, kinds: ["activity"], limit: 1 });
      expect(lines).toEqual(["10:08 activity Now"]);
    }),
    crmFact(
      "has only the kinds asked for, and only what lies between two instants, the second not included",
      async (bench) => {
        const { crm, account } = await sampled(bench);
        const at = (time: string) => new Date(`2026-06-15T${time}:00Z`);
        const between = { from: at("10:03"), to: at("10:06") };
        expect(await shown(crm, ["account", account.id], between)).toEqual(ofTheAccount.slice(1, 3));
        const kinds = ["stage_move", "field_change"];
        expect(
          await shown(crm, ["account", account.id], { includeBelow: true, kinds, from: at("10:02"), to: at("10:07") }),
        ).toEqual([withBelow[3], withBelow[7], withBelow[8]]);
        expect(await shown(crm, ["account", account.id], { kinds: [] })).toEqual([]);
      },
    ),
    crmFact("comes in pages of any length, which have each entry once", async (bench) => {
      const { crm, account } = await sampled(bench);
      for (const limit of [1, 2, 3, 4, 5, 10, 11, 12]) {
        const lines = await everything(crm, { entityType: "account", id: account.id }, { includeBelow: true, limit });
        expect(lines).toEqual(withBelow);
      }
    }),
    crmFact("has each entry once, page by page, where all of it is of one instant", async (bench) => {
      const crm = await openDomain(bench);
      const account = await crm.accounts.create({ name: "Acme" });
      const contacts = await crm.contacts.createMany(
        Array.from({ length: 5 }, (_, i) => ({ givenName: `c${i}`, accountId: account.id })),
      );
      for (const round of [1, 2])
        await crm.contacts.updateMany(contacts.map(({ id }) => ({ id, jobTitle: `${round}` })));
      await crm.opportunities.createMany(
        Array.from({ length: 4 }, (_, i) => ({ name: `o${i}`, accountId: account.id })),
      );
      const made = await crm.activities.createMany(
        Array.from({ length: 6 }, (_, i) => ({ kind: "note" as const, subject: `n${i}`, accountId: account.id })),
      );
      // Tied to all contacts: each of them is found in many ways.
      await crm.activities.linkMany(
        made.flatMap(({ id }) =>
          contacts.map((contact) => ({ id, record: { entityType: "contact", id: contact.id } })),
        ),
      );
      const record = { entityType: "account", id: account.id };
      const identities = async (limit: number) => {
        const found: string[] = [];
        let after: string | undefined;
        do {
          const page = await crm.activities.timeline(record, { includeBelow: true, limit, after });
          found.push(...page.items.map(({ kind, id }) => `${kind} ${id}`));
          after = page.next;
        } while (after !== undefined);
        return found;
      };
      const whole = await identities(500);
      // 6 activities; 1 account; 5 contacts, 3 versions each; 4 opportunities and 4 stays.
      expect([whole.length, new Set(whole).size]).toEqual([30, 30]);
      for (const limit of [1, 2, 7]) expect(await identities(limit)).toEqual(whole);
    }),
    crmFact("neither repeats nor misses an entry while others write", async (bench) => {
      const { crm, clock, account, contact } = await sampled(bench);
      const record = { entityType: "account", id: account.id };
      const lines: string[] = [];
      let after: string | undefined;
      do {
        const page = await crm.activities.timeline(record, { includeBelow: true, limit: 2, after });
        lines.push(...page.items.map(line));
        clock("11:00");
        await crm.contacts.update(contact.id, { jobTitle: `Title ${lines.length}` });
        await crm.activities.create({ kind: "note", subject: "New", accountId: account.id });
        after = page.next;
      } while (after !== undefined);
      expect(lines).toEqual(withBelow);
    }),
    crmFact("moves an activity with its links and participants when it is held at another time", async (bench) => {
      const { crm, account, contact, call, meeting } = await sampled(bench);
      await crm.activities.updateMany([
        { id: call.id, startAt: new Date("2026-06-15T08:00:00Z") },
        { id: meeting.id, startAt: new Date("2026-06-15T07:00:00Z") },
      ]);
      expect(await shown(crm, ["account", account.id], { kinds: ["activity"] })).toEqual([
        "10:03 activity On the account",
        "08:00 activity Linked",
      ]);
      const before = { to: new Date("2026-06-15T07:30:00Z"), kinds: ["activity"] };
      expect(await shown(crm, ["contact", contact.id], before)).toEqual(["07:00 activity With Ann"]);
    }),
    crmFact("keeps what is archived, and loses what is deleted or erased", async (bench) => {
      const { crm, clock, account, contact, call, meeting } = await sampled(bench);
      clock("10:09");
      await crm.activities.archive(call.id);
      await crm.accounts.archive(account.id);
      expect(await shown(crm, ["account", account.id])).toEqual([
        "10:09 field_change account archived",
        ...ofTheAccount,
      ]);
      await crm.activities.delete(call.id);
      await crm.activities.erase(meeting.id);
      await crm.contacts.erase(contact.id);
      const left = await shown(crm, ["account", account.id], { includeBelow: true });
      expect(left).toEqual([
        "10:09 field_change account archived",
        ...withBelow.filter((each) => !/Linked|With Ann|contact/.test(each)),
      ]);
      expect((await refused(crm.activities.timeline({ entityType: "contact", id: contact.id }))).code).toBe(
        "not_found",
      );
      await crm.accounts.restore(account.id);
      expect((await shown(crm, ["account", account.id]))[0]).toBe("10:09 field_change account restored");
    }),
    crmFact("of one tenant has nothing of another", async (bench) => {
      const { crm, account } = await sampled(bench);
      const other = crm.as({ tenantId: "other" });
      expect((await refused(other.activities.timeline({ entityType: "account", id: account.id }))).code).toBe(
        "not_found",
      );
      await other.users.create({ id: "bob", name: "Bob" });
      await crm.users.create({ id: "bob", name: "Bob" });
      await crm.activities.create({ kind: "task", subject: "Ours", ownerId: "bob" });
      expect(await shown(other, ["user", "bob"])).toEqual(["10:08 field_change user created"]);
      expect(await shown(crm, ["user", "bob"])).toEqual(["10:08 activity Ours", "10:08 field_change user created"]);
    }),
    crmFact("answers for the past: what was there then, as it was then", async (bench) => {
      const { crm, account } = await sampled(bench);
      const then = (time: string) => crm.asOf(new Date(`2026-06-15T${time}:00Z`));
      expect(await shown(then("10:05"), ["account", account.id])).toEqual(ofTheAccount.slice(1));
      expect(
        await everything(then("10:06"), { entityType: "account", id: account.id }, { includeBelow: true, limit: 2 }),
      ).toEqual(withBelow.slice(3));
      expect((await refused(then("09:59").activities.timeline({ entityType: "account", id: account.id }))).code).toBe(
        "not_found",
      );
    }),
    crmFact("sees what its unit has written", async (bench) => {
      const { crm, account } = await sampled(bench);
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        await tx.activities.addNote({ entityType: "account", id: account.id }, { body: "In the unit" });
        expect((await shown(tx, ["account", account.id]))[0]).toBe("10:08 activity In the unit");
        throw undone;
      });
      await expect(unit).rejects.toBe(undone);
      expect(await shown(crm, ["account", account.id])).toEqual(ofTheAccount);
    }),
    crmFact("is there for records of the application's own, and of entities without history", async (bench) => {
      const visit = defineEntity("visit", { plural: "visits", history: false, fields: { title: text() } });
      const crm = await createCrm({ ...(await bench.options()), entities: [visit] });
      const { id } = await crm.visits.create({ title: "First" });
      await crm.activities.addNote({ entityType: "visit", id }, { body: "Went well" });
      expect(await shown(crm, ["visit", id])).toEqual(["10:00 activity Went well"]);
    }),
    crmFact("has what plugins add, in its place, and what they hang below a record", async (bench) => {
      const crm = await createCrm({ ...(await bench.options()), plugins: [paying] });
      const account = await crm.accounts.create({ name: "Acme" });
      const at = (time: string) => new Date(`2026-06-15T${time}:00Z`);
      await crm.payments.createMany([
        { accountId: account.id, receivedAt: at("09:00"), amount: "10" },
        { accountId: account.id, receivedAt: at("10:00"), amount: "20" },
        { accountId: account.id, receivedAt: at("10:00"), amount: "30" },
      ]);
      const { id } = await crm.branches.create({ name: "North", accountId: account.id });
      await crm.activities.addNote({ entityType: "branch", id }, { body: "Opened" });
      const record = { entityType: "account", id: account.id };
      const own = [
        "10:00 field_change account created",
        '10:00 payment.received {"amount":"30"}',
        '10:00 payment.received {"amount":"20"}',
        '09:00 payment.received {"amount":"10"}',
      ];
      for (const limit of [1, 2, 3, 4]) expect(await everything(crm, record, { limit })).toEqual(own);
      expect(await everything(crm, record, { includeBelow: true, limit: 2 })).toEqual([
        "10:00 activity Opened",
        ...["10:00 field_change branch created", own[0]],
        ...own.slice(1),
      ]);
      expect(await shown(crm, ["account", account.id], { kinds: ["payment.received"] })).toEqual(own.slice(1));
    }),
    crmFact("refuses what is no question, a kind that nobody adds, and a cursor of another question", async (bench) => {
      const { crm, account, contact } = await sampled(bench);
      const record = { entityType: "account", id: account.id };
      const odd = { kinds: "activity", from: "today", limit: 0, more: 1 } as never;
      expect((await refusedDetails(crm.activities.timeline(record, odd))).issues!.map(({ field }) => field)).toEqual([
        "kinds",
        "from",
        "limit",
        "more",
      ]);
      const kind = await refusedDetails(crm.activities.timeline(record, { kinds: ["activity", "stage"] }));
      expect(kind.issues).toMatchObject([{ field: "kinds", code: "not_allowed" }]);
      expect((await refused(crm.activities.timeline({ id: account.id } as never))).field).toBe("entityType");
      expect((await refused(crm.activities.timeline({ entityType: "acount", id: account.id }))).code).toBe(
        "invalid_query",
      );
      expect((await refused(crm.activities.timeline({ entityType: "account", id: "acme" }))).code).toBe("not_found");
      const { next } = await crm.activities.timeline(record, { limit: 1 });
      const others = [
        () => crm.activities.timeline({ entityType: "contact", id: contact.id }, { limit: 1, after: next }),
        () => crm.activities.timeline(record, { includeBelow: true, after: next }),
        () => crm.activities.timeline(record, { after: "x" }),
      ];
      for (const other of others) expect((await refused(other())).code).toBe("invalid_cursor");
    }),
    crmFact(
      "is refused to plugins that add the same kind, hang what is not there, or give no entries",
      async (bench) => {
        const options = await bench.options();
        const again = definePlugin({ id: "again", timeline: { entries: { "payment.received": async () => [] } } });
        expect((await refused(createCrm({ ...options, plugins: [paying, again] }))).code).toBe("plugin_conflict");
        const nowhere = definePlugin({ id: "nowhere", timeline: { below: { acount: async () => [] } } });
        expect((await refused(createCrm({ ...options, plugins: [nowhere] }))).code).toBe("schema_invalid");
        const odd = definePlugin({ id: "odd", timeline: { entries: { "odd.one": "none" } } as never });
        expect((await refused(createCrm({ ...options, plugins: [odd] }))).code).toBe("plugin_invalid");
        const wrong = definePlugin({ id: "wrong", timeline: { entries: { "wrong.one": async () => [{}] as never } } });
        const crm = await createCrm({ ...options, plugins: [wrong] });
        const { id } = await crm.accounts.create({ name: "Acme" });
        expect((await refused(crm.activities.timeline({ entityType: "account", id }))).code).toBe("plugin_invalid");
      },
    ),
    crmFact("costs a bounded number of queries, however much there is below", async (bench) => {
      const options = await bench.options();
      let queries = 0;
      const crm = await createCrm({ ...options, onQuery: () => void queries++ });
      const account = await crm.accounts.create({ name: "Acme" });
      const count = async () => {
        queries = 0;
        await crm.activities.timeline({ entityType: "account", id: account.id }, { includeBelow: true, limit: 10 });
        return queries;
      };
      const fill = async (many: number) => {
        const contacts = await crm.contacts.createMany(
          Array.from({ length: many }, (_, i) => ({ givenName: `c${i}`, accountId: account.id })),
        );
        await crm.opportunities.createMany(
          Array.from({ length: many }, (_, i) => ({ name: `o${i}`, accountId: account.id })),
        );
        await crm.activities.createMany(
          contacts.map(({ id }, i) => ({ kind: "note" as const, subject: `n${i}`, contactId: id })),
        );
      };
      await fill(10);
      const few = await count();
      await fill(100);
      expect(await count()).toBe(few);
    }),
  ],
};
