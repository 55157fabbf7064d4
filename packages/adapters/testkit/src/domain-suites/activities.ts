/** Activities, and the records that they are about. */
import { expect } from "vitest";
import { refused } from "../bench/refusal.ts";
import { type CrmBench, type CrmSuite, crmFact } from "../crm-suites/crm-bench.ts";
import { type DomainCrm, openDomain } from "./open-domain.ts";

const nowhere = "019b7ca9-8f2e-7000-8000-000000000000";

async function sampled(bench: CrmBench) {
  const crm = await openDomain(bench);
  const account = await crm.accounts.create({ name: "Acme" });
  const contact = await crm.contacts.create({ familyName: "Roe" });
  const deal = await crm.opportunities.create({ name: "Rollout" });
  const project = await crm.projects.create({ name: "Kitchen" });
  const call = await crm.activities.create({ kind: "call", subject: "Call", dueAt: new Date("2026-06-20T10:00:00Z") });
  const records = {
    account: { entityType: "account", id: account.id },
    contact: { entityType: "contact", id: contact.id },
    opportunity: { entityType: "opportunity", id: deal.id },
    project: { entityType: "project", id: project.id },
  };
  return { crm, call, records };
}

async function subjects(crm: DomainCrm, record: { readonly entityType: string; readonly id: string }): Promise<string> {
  return (await crm.activities.of(record)).items.map(({ subject }) => subject).join(" ");
}

export const activities: CrmSuite = {
  name: "activities",
  facts: [
    crmFact("are open until they are done", async (bench) => {
      const { crm, call } = await sampled(bench);
      expect(call).toMatchObject({ done: false, channel: "phone", direction: null, body: null, accountId: null });
      expect(await crm.activities.update(call.id, { done: true })).toMatchObject({ done: true, version: 2 });
    }),
    crmFact("link to accounts, contacts, opportunities and records of the application's own", async (bench) => {
      const { crm, call, records } = await sampled(bench);
      for (const record of Object.values(records)) await crm.activities.link(call.id, record);
      for (const record of Object.values(records)) expect(await subjects(crm, record)).toBe("Call");
      expect(await crm.activityLinks.count()).toBe(4);
    }),
    crmFact("link to users and teams by the application's ids", async (bench) => {
      const { crm, call } = await sampled(bench);
      await crm.users.create({ id: "ann", name: "Ann" });
      await crm.activities.link(call.id, { entityType: "user", id: "ann" });
      expect(await subjects(crm, { entityType: "user", id: "ann" })).toBe("Call");
      expect(await subjects(crm, { entityType: "team", id: "ann" })).toBe("");
    }),
    crmFact("link once, however often and at the same time they are told to", async (bench) => {
      const { crm, call, records } = await sampled(bench);
      await crm.activities.link(call.id, records.account);
      await crm.activities.link(call.id, records.account);
      await Promise.all(Array.from({ length: 8 }, () => crm.activities.link(call.id, records.project)));
      expect(await crm.activityLinks.count()).toBe(2);
    }),
    crmFact("unlink, and do nothing where there is no link", async (bench) => {
      const { crm, call, records } = await sampled(bench);
      await crm.activities.link(call.id, records.account);
      await crm.activities.link(call.id, records.contact);
      await crm.activities.unlink(call.id, records.account);
      await crm.activities.unlink(call.id, records.account);
      expect([await subjects(crm, records.account), await subjects(crm, records.contact)]).toEqual(["", "Call"]);
    }),
    crmFact("refuse a link to a record that is not there, or is of another tenant or entity", async (bench) => {
      const { crm, call, records } = await sampled(bench);
      const theirs = await crm.as({ tenantId: "other" }).accounts.create({ name: "Theirs" });
      const missing = [
        { entityType: "account", id: nowhere },
        { entityType: "account", id: theirs.id },
        { entityType: "account", id: records.contact.id },
        { entityType: "user", id: "nobody" },
      ];
      for (const record of missing) {
        await expect(crm.activities.link(call.id, record)).rejects.toMatchObject({
          code: "reference_not_found",
          details: { entity: "activityLink", field: "recordId", reference: record.id },
        });
      }
      expect(await crm.activityLinks.count()).toBe(0);
    }),
    crmFact("refuse a link by a text that is no id as they refuse one to nothing", async (bench) => {
      const { crm, call } = await sampled(bench);
      expect((await refused(crm.activities.link(call.id, { entityType: "account", id: "acme" }))).code).toBe(
        "reference_not_found",
      );
    }),
    crmFact("refuse a link to a record of no entity", async (bench) => {
      const { crm, call } = await sampled(bench);
      expect(await refused(crm.activities.link(call.id, { entityType: "acount", id: nowhere }))).toEqual({
        code: "reference_not_found",
        entity: "activityLink",
        field: "entityType",
      });
    }),
    crmFact("refuse a link of an activity that is not there", async (bench) => {
      const { crm, records } = await sampled(bench);
      expect(await refused(crm.activities.link(nowhere, records.account))).toMatchObject({
        code: "reference_not_found",
        field: "activityId",
      });
    }),
    crmFact(
      "lose the link when the record that it leads to is deleted, and get it back when it is restored",
      async (bench) => {
        const { crm, call, records } = await sampled(bench);
        await crm.activities.link(call.id, records.account);
        await crm.activities.link(call.id, records.project);
        await crm.accounts.delete(records.account.id);
        expect((await crm.activityLinks.list()).items.map(({ recordId }) => recordId)).toEqual([records.project.id]);
        await crm.accounts.restore(records.account.id);
        expect(await subjects(crm, records.account)).toBe("Call");
        await crm.projects.erase(records.project.id);
        expect(await crm.activityLinks.count()).toBe(1);
      },
    ),
    crmFact("of a record are those that refer to it and those that are linked, each once", async (bench) => {
      const { crm, call, records } = await sampled(bench);
      const at = (day: string) => new Date(`2026-06-${day}T10:00:00Z`);
      const [first] = await crm.activities.createMany([
        { kind: "email", subject: "Mail", accountId: records.account.id, dueAt: at("18") },
        { kind: "task", subject: "Task", contactId: records.contact.id, dueAt: at("22") },
        { kind: "note", subject: "Note", opportunityId: records.opportunity.id, dueAt: at("23") },
        { kind: "meeting", subject: "Lunch", dueAt: at("24") },
      ]);
      await crm.activities.link(call.id, records.account);
      await crm.activities.link(first!.id, records.account);
      expect(await subjects(crm, records.account)).toBe("Call Mail");
      expect(await subjects(crm, records.contact)).toBe("Task");
      expect(await subjects(crm, records.opportunity)).toBe("Note");
      expect(await subjects(crm, records.project)).toBe("");
    }),
    crmFact("of a record come in pages, the latest first", async (bench) => {
      const { crm, records } = await sampled(bench);
      await crm.activities.createMany(
        Array.from({ length: 7 }, (_, i) => ({
          kind: "task" as const,
          subject: `t${i}`,
          accountId: records.account.id,
          dueAt: new Date(i * 1_000),
        })),
      );
      const pages: string[] = [];
      let after: string | undefined;
      do {
        const page = await crm.activities.of(records.account, { limit: 3, after });
        pages.push(page.items.map(({ subject }) => subject).join(" "));
        after = page.next;
      } while (after !== undefined);
      expect(pages).toEqual(["t6 t5 t4", "t3 t2 t1", "t0"]);
    }),
    crmFact("that are archived are not among them", async (bench) => {
      const { crm, call, records } = await sampled(bench);
      await crm.activities.link(call.id, records.account);
      await crm.activities.archive(call.id);
      expect(await subjects(crm, records.account)).toBe("");
    }),
    crmFact("of one tenant are not those of another", async (bench) => {
      const { crm, call, records } = await sampled(bench);
      await crm.activities.link(call.id, records.account);
      expect(await subjects(crm.as({ tenantId: "other" }), records.account)).toBe("");
    }),
    crmFact("refuse what names no record, and an activity that is none", async (bench) => {
      const { crm, call, records } = await sampled(bench);
      for (const bad of [undefined, null, "account", {}, { entityType: "account" }, { ...records.account, more: 1 }]) {
        expect((await refused(crm.activities.link(call.id, bad as never))).code).toBe("invalid_input");
        expect((await refused(crm.activities.unlink(call.id, bad as never))).code).toBe("invalid_input");
        expect((await refused(crm.activities.of(bad as never))).code).toBe("invalid_input");
      }
      expect(await refused(crm.activities.link("nothing", records.account))).toMatchObject({
        code: "invalid_input",
        field: "activityId",
      });
      expect(await crm.activityLinks.count()).toBe(0);
    }),
    crmFact("are linked by these operations only", async (bench) => {
      const { crm, call, records } = await sampled(bench);
      const forged = crm.activityLinks.create({
        activityId: call.id,
        entityType: "account",
        recordId: records.account.id,
      });
      expect((await refused(forged)).code).toBe("read_only_entity");
    }),
    crmFact("are linked in the unit around them, or not at all", async (bench) => {
      const { crm, call, records } = await sampled(bench);
      const undone = new Error("undone");
      const unit = crm.transaction(async (tx) => {
        await tx.activities.link(call.id, records.account);
        throw undone;
      });
      await expect(unit).rejects.toBe(undone);
      expect(await crm.activityLinks.count()).toBe(0);
    }),
  ],
};
