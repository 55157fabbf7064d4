/** The offices of a real data set, held by 2,890 who are known by numbers alone, against a plain scan of its file. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { addDays } from "@relata/core/plugin";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it } from "vitest";
import { openCrm } from "../relationships-fixture.ts";
import { chunksOf } from "../things.ts";
import { officeHolderType } from "../type/standard-types.ts";

const file = fileURLToPath(new URL("../../../../../../shared/data/public-offices/offices.json", import.meta.url));
const reason = existsSync(file) ? "" : ": skipped, for ../shared/data/public-offices is not there";

interface Row {
  readonly id: string;
  readonly organization_id: string;
  readonly person_id: string;
  readonly role: string;
  readonly start_date: string;
  /** The day on which it is held no more. */
  readonly end_date: string;
}

describe.skipIf(reason !== "")(`the data set public-offices${reason}`, { timeout: 120_000 }, () => {
  async function load() {
    const { memberships, organizations } = JSON.parse(readFileSync(file, "utf8")) as {
      readonly memberships: readonly Row[];
      readonly organizations: readonly { readonly id: string; readonly name: string }[];
    };
    const crm = await openCrm({ storage: sqlite({ filename: ":memory:" }) });
    const accounts = await crm.accounts.createMany(organizations.map(({ name }) => ({ name })));
    const accountOf = new Map(organizations.map(({ id }, at) => [id, accounts[at]!.id]));
    const people = [...new Set(memberships.map(({ person_id }) => person_id))];
    const contacts = await crm.contacts.createMany(people.map((givenName) => ({ givenName })));
    const contactOf = new Map(people.map((name, at) => [name, contacts[at]!.id]));
    const nameOf = new Map(people.map((name) => [contactOf.get(name)!, name]));
    // Where the role is missing, the office is known by its organisation alone. Ends are exclusive: 19 holdings have no day at all, and with
    // them go 5 of the 402 handovers.
    const held = memberships
      .map((row) => ({ ...row, role: row.role || "(no role)" }))
      .filter(({ start_date, end_date }) => start_date < end_date);
    const titles = [...Map.groupBy(held, ({ organization_id, role }) => `${organization_id}\n${role}`).values()];
    const offices = await crm.relationships.defineOffices(
      titles.map(([row]) => ({
        ...{ accountId: accountOf.get(row!.organization_id)!, title: row!.role, isSingleHolder: false },
      })),
    );
    const officeOf = new Map(titles.flatMap((rows, at) => rows.map(({ id }) => [id, offices[at]!])));
    await crm.relationships.defineTypes([officeHolderType]);
    for (const part of chunksOf(held, 500))
      await crm.relationships.relateMany(
        part.map(({ id, person_id, organization_id, start_date, end_date }) => ({
          ...{ type: "office_holder", key: id, officeId: officeOf.get(id)!.id },
          from: { entityType: "contact", id: contactOf.get(person_id)! },
          to: { entityType: "account", id: accountOf.get(organization_id)! },
          ...{ validFrom: start_date, validUntil: addDays(end_date, -1) },
        })),
      );
    return { crm, memberships, held, offices, officeOf, nameOf };
  }

  it("tells who held each office on given days, when it was vacant, and the handovers, as a scan of the file does", async () => {
    const { crm, memberships, held, offices, officeOf, nameOf } = await load();
    expect([memberships.length, held.length, offices.length]).toEqual([2_890, 2_871, 1_133]);
    expect(await crm.relationships.count()).toBe(2_871);
    const byOffice = Map.groupBy(held, ({ id }) => officeOf.get(id)!.id);
    const holdersInFile = (officeId: string, day: string) =>
      byOffice
        .get(officeId)!
        .filter(({ start_date, end_date }) => start_date <= day && day < end_date)
        .map(({ person_id }) => person_id)
        .toSorted();
    // The offices that most held, on the days on which most came and went.
    const most = offices.toSorted((a, b) => byOffice.get(b.id)!.length - byOffice.get(a.id)!.length).slice(0, 8);
    for (const day of ["1997-05-02", "2001-06-11", "2005-05-09", "2007-06-28", "2010-05-10", "2010-05-11"]) {
      for (const { id } of most) {
        const found = await crm.relationships.holdersOn(id, { on: day });
        expect(found.map(({ holder }) => nameOf.get(holder.id)!).toSorted()).toEqual(holdersInFile(id, day));
      }
      const vacant = new Set((await crm.relationships.vacancies({ on: day })).map(({ office }) => office.id));
      const empty = offices.filter(({ id }) => holdersInFile(id, day).length === 0).map(({ id }) => id);
      expect([...vacant].toSorted()).toEqual(empty.toSorted());
    }
    const handovers = await crm.relationships.handovers({ from: "1990-01-01", until: "2020-12-31" });
    const meeting = handovers.map(({ outgoing, incoming }) =>
      outgoing.flatMap((from) => incoming.filter((to) => to.holder.id !== from.holder.id)),
    );
    const pairs = [...byOffice.values()].flatMap((rows) =>
      rows.flatMap((from) => rows.filter((to) => to.start_date === from.end_date && to.person_id !== from.person_id)),
    );
    expect([meeting.flat().length, pairs.length]).toEqual([397, 397]);
  });
});
