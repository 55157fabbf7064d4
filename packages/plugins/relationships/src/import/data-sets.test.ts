/** Real data on each storage. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { upsertByExternalId } from "@relata/core";
import { expect, it } from "vitest";
import { onEveryStorage, type TestedCrm } from "../relationships-fixture.ts";
import { officeHolderType } from "../type/standard-types.ts";

const folder = fileURLToPath(new URL("../../../../../../shared/data", import.meta.url));
const npsp = join(folder, "npsp/dev_org.sql");
const offices = join(folder, "public-offices/offices.json");
const skipped = (file: string) => (existsSync(file) ? "" : ` (skipped: there is no ${file})`);

/** The rows of a table of an SQL dump: the values of each, as texts. */
function rowsOfDump(dump: string, table: string): readonly (readonly string[])[] {
  const inserts = dump.matchAll(new RegExp(`^INSERT INTO "${table}" VALUES\\((.*)\\);$`, "gm"));
  return [...inserts].map(([, values]) =>
    [...values!.matchAll(/'((?:[^']|'')*)'|[^,]+/g)].map(([plain, quoted]) => quoted?.replaceAll("''", "'") ?? plain),
  );
}

/** A role as it is read: without the mark of a list, and with single blanks. */
const titleOf = (role: string) => role.replace(/^-\s+/, "").replace(/\s+/g, " ").trim();

const contactsInto = (tx: TestedCrm) => tx.contacts;
const accountsInto = (tx: TestedCrm) => tx.accounts;

onEveryStorage((open) => {
  it.skipIf(!existsSync(npsp))(
    `makes 62 relationships of the 248 rows of the real data set npsp, in which each stands four times${skipped(npsp)}`,
    async () => {
      const crm = await open();
      const dump = readFileSync(npsp, "utf8");
      const people = rowsOfDump(dump, "Contact").map(([key, , givenName, familyName]) => ({
        ...{ key: key!, input: { givenName: givenName!, familyName: familyName! } },
      }));
      await upsertByExternalId(crm, { source: "npsp", entityType: "contact", into: contactsInto }, people);
      const rows = rowsOfDump(dump, "npe4__Relationship__c").map(([id, role, from, to]) => ({ id, role, from, to }));
      expect(rows).toHaveLength(248);
      await crm.relationships.defineTypes([
        { key: "partner", shape: "symmetric", name: "partner of", fromRole: "partner" },
        { key: "colleague", shape: "symmetric", name: "colleague of", fromRole: "colleague" },
      ]);
      const end = { entity: "contact", by: { source: "npsp" } } as const;
      const options = { columns: { key: "id" }, from: end, to: end, isToldTwice: true, source: "npsp" } as const;
      const first = await crm.relationships.importRelationships(rows, options);
      expect(first).toMatchObject({ rows: 248, created: 12, leftOut: 236, mirrors: 62, doubles: 124 });
      expect(first.counts).toEqual({ mirror: 62, double: 124, unmapped_role: 50 });
      expect(first.unmapped).toEqual([{ role: "Employee", inverseRole: "Employee", count: 50 }]);

      const rules = [{ role: "Employee", otherRole: "Employee", type: "colleague" }];
      const dry = await crm.relationships.importRelationships(rows, { ...options, rules, dryRun: true });
      expect(dry).toMatchObject({ created: 50, unchanged: 12, counts: { mirror: 62, double: 124 }, isDryRun: true });
      expect(await crm.relationships.count()).toBe(12);
      const second = await crm.relationships.importRelationships(rows, { ...options, rules });
      expect(second).toMatchObject({
        created: 50,
        unchanged: 12,
        leftOut: 186,
        mirrors: 62,
        doubles: 124,
        unmapped: [],
      });
      expect(await crm.relationships.count()).toBe(62);
      const third = await crm.relationships.importRelationships(rows, { ...options, rules });
      expect(third).toMatchObject({ created: 0, unchanged: 62, leftOut: 186 });
    },
  );

  it.skipIf(!existsSync(offices))(
    `makes relationships of the 2,890 holdings of the real data set public-offices, whose ends are exclusive${skipped(offices)}`,
    async () => {
      const crm = await open();
      const { memberships, organizations } = JSON.parse(readFileSync(offices, "utf8")) as {
        readonly memberships: readonly {
          readonly [column in "id" | "person_id" | "organization_id" | "role" | "start_date" | "end_date"]: string;
        }[];
        readonly organizations: readonly { readonly id: string; readonly name: string }[];
      };
      const persons = [...new Set(memberships.map((each) => each.person_id))];
      await upsertByExternalId(
        crm,
        { source: "parlparse", entityType: "contact", into: contactsInto },
        persons.map((key) => ({ key, input: { familyName: key.split("/").at(-1)! } })),
      );
      await upsertByExternalId(
        crm,
        { source: "parlparse", entityType: "account", into: accountsInto },
        // Two of them stand there twice.
        [...new Map(organizations.map(({ id, name }) => [id, name]))].map(([key, name]) => ({ key, input: { name } })),
      );
      await crm.relationships.defineTypes([
        officeHolderType,
        {
          ...{ key: "member", name: "member of", inverseName: "has as a member", mayOverlap: true },
          ...{ fromRole: "member", toRole: "organisation" },
        },
      ]);
      const columns = {
        ...{ key: "id", from: "person_id", to: "organization_id", validFrom: "start_date", validUntil: "end_date" },
      };
      const options = {
        ...{ columns, endsAreExclusive: true, statedOn: "2010-05-12", source: "parlparse" },
        from: { entity: "contact", by: { source: "parlparse" } },
        to: { entity: "account", by: { source: "parlparse" } },
        rules: [{ role: /./, type: "office_holder", office: true }],
      } as const;
      const strict = await crm.relationships.importRelationships(memberships, { ...options, dryRun: true });
      expect(strict.counts).toEqual({ no_role: 873, no_whole_day: 19 });
      expect(strict.created).toBe(2_890 - 873 - 19);
      const choices = { no_role: { type: "member" }, no_whole_day: "keep" } as const;
      const report = await crm.relationships.importRelationships(memberships, { ...options, choices });
      expect(report).toMatchObject({ rows: 2_890, created: 2_890, fallen: 873, leftOut: 0, counts: { no_role: 873 } });
      const again = await crm.relationships.importRelationships(memberships, { ...options, choices });
      expect(again).toMatchObject({ created: 0, unchanged: 2_890 });

      const keys = new Map<string, string>();
      for await (const { key, recordId } of crm.externalIds.iterate()) keys.set(recordId, key);
      const heldOn = async (day: string) => {
        const where = { validFrom: { lte: day }, validUntil: { gte: day } };
        const held: string[] = [];
        for await (const { fromId, toId, office } of crm.relationships.iterate({ where, include: { office: true } }))
          held.push(`${keys.get(toId)} ${office?.title ?? "member"}: ${keys.get(fromId)!.split("/").at(-1)}`);
        return held.sort();
      };
      const of = async (office: string, day: string) =>
        (await heldOn(day)).flatMap((held) => (held.startsWith(`${office}: `) ? [held.slice(office.length + 2)] : []));
      expect(await of("home-office Secretary of State", "2006-05-07")).toEqual(["10113"]);
      expect(await of("home-office Secretary of State", "2006-05-08")).toEqual(["10501"]);
      expect(await of("home-office Secretary of State", "2009-06-10")).toEqual([]);
      expect(await of("hm-treasury Prime Minister", "2007-06-27")).toEqual(["10047"]);
      expect(await of("hm-treasury Prime Minister", "2007-06-28")).toEqual([]);
      const [office] = (
        await crm.offices.list({ where: { title: "Secretary of State", account: { name: "Home Office" } } })
      ).items;
      const around = await crm.relationships.holdersAround(office!.id, { on: "2006-05-08" });
      expect(
        [around.before, around.on, around.after].map((all) =>
          all.map(({ holder }) => keys.get(holder.id)!.split("/").at(-1)),
        ),
      ).toEqual([["10113"], ["10501"], ["10549"]]);
      for (const day of ["1997-05-02", "2001-06-11", "2004-02-29", "2007-07-26", "2010-05-10", "2010-05-11"]) {
        const expected = memberships
          .filter(
            ({ start_date: start, end_date: end }) => start <= day && (day < end || (day === end && start === end)),
          )
          .map(
            ({ organization_id, role = "member", person_id }) =>
              `${organization_id} ${titleOf(role)}: ${person_id.split("/").at(-1)}`,
          );
        expect(await heldOn(day)).toEqual(expected.sort());
      }

      // Who leaves and who comes share the day of the data, and no day of ours; but for who came and left on that day.
      const holdings = new Map<string, { readonly validFrom: string | null; readonly validUntil: string | null }>();
      for await (const edge of crm.relationships.iterate()) holdings.set(edge.key!, edge);
      const handovers = memberships.flatMap((left) =>
        memberships.flatMap((came) => {
          const isSame = left.organization_id === came.organization_id && left.role === came.role;
          return isSame && left.id !== came.id && left.end_date === came.start_date ? [{ left, came }] : [];
        }),
      );
      expect(handovers).toHaveLength(402);
      const shared = handovers.filter(
        ({ left, came }) =>
          holdings.get(`parlparse:${left.id}`)!.validUntil! >= holdings.get(`parlparse:${came.id}`)!.validFrom!,
      );
      expect(shared.every(({ left }) => left.start_date === left.end_date)).toBe(true);
      expect(shared).toHaveLength(5);
    },
  );
});
