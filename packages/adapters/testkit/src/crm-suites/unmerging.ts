/** unmerge: what a merge has done is undone, exactly, as far as nobody has changed it since. */
import { createCrm } from "@relata/core";
import { defineEntity, definePlugin, integer, reference, text } from "@relata/core/plugin";
import { expect } from "vitest";
import { failure, refused } from "../bench/refusal.ts";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import { createDice, everything, fillTangle, openTangled } from "./tangle.ts";

const nowhere = "019b7ca9-8f2e-7000-8000-000000000000";

export const unmerging: CrmSuite = {
  name: "undoing a merge",
  facts: [
    crmFact("restores what was, in tangles of records, also one merge after another", async (bench) => {
      let merged = 0;
      for (const seed of [1, 2, 3, 4, 5]) {
        const crm = await openTangled(bench);
        const { crates, specimens } = await fillTangle(crm, seed);
        const roll = createDice(seed + 100);
        for (let round = 0; round < 6; round++) {
          const [repository, list] = roll(2) === 0 ? [crm.crates, crates] : [crm.specimens, specimens];
          const there: string[] = [];
          for (const id of list) if ((await repository.count({ where: { id } as never })) > 0) there.push(id);
          const [survivor, other] = [there[roll(there.length)]!, there[roll(there.length)]!];
          if (survivor === other) continue;
          const before = await everything(crm);
          bench.clock.set(new Date(bench.clock.now() + 1_000).toISOString());
          const { mergeId } = await repository.merge(survivor, other);
          const after = await everything(crm);
          expect(after).not.toEqual(before);
          const undone = await repository.unmerge(mergeId);
          expect([seed, round, undone.left, undone.lost, undone.kept]).toEqual([seed, round, [], [], []]);
          expect(await everything(crm)).toEqual(before);
          await repository.merge(survivor, other);
          expect(await everything(crm)).toEqual(after);
          merged++;
        }
        await crm.close();
      }
      expect(merged).toBeGreaterThan(15);
    }),
    crmFact("brings back values, unique ones too, dropped records and places in a tree", async (bench) => {
      const crm = await openTangled(bench);
      const [a, b] = await crm.specimens.createMany([
        { code: "a", note: "kept" },
        { code: "b", serial: 7, price: { amount: "1.00", currency: "EUR" }, seenAt: new Date(0), details: { x: 1 } },
      ]);
      await crm.samples.createMany([
        { id: "s1", specimenId: a!.id },
        { id: "s2", specimenId: b!.id },
      ]);
      await crm.marks.create({ id: "t1", kind: "sample", target: "s2" });
      const [top, middle, low] = await crm.accounts.createMany([{ name: "top" }, { name: "middle" }, { name: "low" }]);
      await crm.accounts.updateMany([
        { id: middle!.id, parentId: top!.id },
        { id: low!.id, parentId: middle!.id },
      ]);
      const before = await everything(crm);
      const { mergeId } = await crm.specimens.merge(a!.id, b!.id, { take: { code: "other" }, values: { note: "new" } });
      const accounts = await crm.accounts.merge(low!.id, top!.id);
      expect(await crm.samples.count()).toBe(1);
      await crm.accounts.unmerge(accounts.mergeId);
      bench.clock.set("2026-06-16T08:00:00Z");
      const undone = await crm.as({ actorId: "ann" }).specimens.unmerge(mergeId);
      expect(undone).toMatchObject({
        survivor: { id: a!.id, code: "a", note: "kept", serial: null },
        other: { id: b!.id, code: "b", serial: 7, version: 2, updatedBy: "ann" },
        left: [],
        lost: [],
        kept: [],
      });
      expect(await everything(crm)).toEqual(before);
      expect((await crm.specimens.history(b!.id)).map(({ kind }) => kind)).toEqual(["created", "deleted", "restored"]);
      expect(await crm.merges.get(mergeId)).toMatchObject({
        unmergedAt: new Date("2026-06-16T08:00:00Z"),
        unmergedBy: "ann",
      });
    }),
    crmFact(
      "leaves out what was dropped where another record has by now what one alone has, and tells it",
      async (bench) => {
        const pot = defineEntity("pot", { plural: "pots", ids: "app", fields: { label: text().optional() } });
        const seal = defineEntity("seal", {
          plural: "seals",
          ids: "app",
          fields: {
            potId: reference("pot", { onDelete: "cascade", onMerge: "drop" }),
            stamp: text().optional(),
            number: integer().optional(),
          },
          unique: [["stamp", "number"]],
        });
        const print = defineEntity("print", {
          plural: "prints",
          ids: "app",
          fields: { sealId: reference("seal", { onDelete: "cascade" }) },
        });
        const crm = await createCrm({ ...(await bench.options()), entities: [pot, seal, print] });
        await crm.pots.createMany([{ id: "p1" }, { id: "p2" }]);
        await crm.seals.createMany([
          { id: "e1", potId: "p2", stamp: "lion", number: 1 },
          { id: "e2", potId: "p2", stamp: "lion", number: 2 },
          { id: "e3", potId: "p2", stamp: "lion" },
        ]);
        await crm.prints.createMany([
          { id: "r1", sealId: "e1" },
          { id: "r2", sealId: "e2" },
        ]);
        const { mergeId } = await crm.pots.merge("p1", "p2");
        expect(await crm.seals.count()).toBe(0);
        await crm.seals.createMany([
          { id: "e4", potId: "p1", stamp: "lion", number: 1 },
          { id: "e5", potId: "p1", stamp: "lion" },
        ]);
        const { lost } = await crm.pots.unmerge(mergeId);
        expect(lost).toEqual([
          { entity: "seal", ids: ["e1"] },
          { entity: "print", ids: ["r1"] },
        ]);
        const idsOf = ({ items }: { readonly items: readonly { readonly id: string }[] }) => items.map(({ id }) => id);
        const byId = { orderBy: [{ id: "asc" }] } as const;
        expect(idsOf(await crm.seals.list(byId))).toEqual(["e2", "e3", "e4", "e5"]);
        expect(idsOf(await crm.prints.list(byId))).toEqual(["r2"]);
      },
    ),
    crmFact("leaves what was changed since, and tells it", async (bench) => {
      const crm = await openTangled(bench);
      await crm.crates.createMany([{ id: "c1", label: "one" }, { id: "c2", label: "two" }, { id: "c3" }]);
      await crm.users.createMany([
        { id: "ann", name: "Ann" },
        { id: "bob", name: "Bob", email: "bob@x.test", managerId: "ann" },
      ]);
      await crm.samples.createMany([
        { id: "s1", crateId: "c2" },
        { id: "s2", crateId: "c2" },
        { id: "s3", crateId: "c2" },
        { id: "s4", crateId: "c1" },
      ]);
      await crm.badges.createMany([
        { id: "g1", crateId: "c1" },
        { id: "g2", crateId: "c2" },
      ]);
      const { mergeId } = await crm.crates.merge("c1", "c2", { take: { label: "other" } });
      await crm.samples.update("s1", { crateId: "c3" });
      await crm.samples.delete("s2");
      await crm.samples.update("s3", { part: 9 });
      await crm.crates.update("c1", { label: "three" });
      const undone = await crm.crates.unmerge(mergeId);
      expect(undone).toMatchObject({
        survivor: { label: "three" },
        other: { label: "two" },
        left: [{ entity: "sample", field: "crateId", ids: ["s1", "s2"] }],
        lost: [],
        kept: ["label"],
      });
      expect((await crm.samples.list()).items.map(({ id, crateId, part }) => [id, crateId, part])).toEqual([
        ["s1", "c3", 1],
        ["s3", "c2", 9],
        ["s4", "c1", 1],
      ]);
      expect((await crm.badges.list()).items.map(({ id, crateId }) => [id, crateId])).toEqual([
        ["g1", "c1"],
        ["g2", "c2"],
      ]);
    }),
    crmFact("does not bring back what refers to what is gone, and keeps a value that is gone", async (bench) => {
      const crm = await openTangled(bench);
      const [a, b] = await crm.specimens.createMany([{ code: "a" }, { code: "b" }]);
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }, { id: "c3" }]);
      await crm.specimens.update(a!.id, { crateId: "c2" });
      await crm.samples.createMany([
        { id: "s1", specimenId: a!.id },
        { id: "s2", specimenId: b!.id, crateId: "c1" },
      ]);
      const { mergeId } = await crm.specimens.merge(a!.id, b!.id, { values: { crateId: "c3" } });
      await crm.crates.delete("c1");
      await crm.crates.delete("c2");
      const undone = await crm.specimens.unmerge(mergeId);
      expect(undone).toMatchObject({ lost: [{ entity: "sample", ids: ["s2"] }], kept: ["crateId"], left: [] });
      expect(await crm.specimens.get(a!.id)).toMatchObject({ crateId: "c3" });
      expect(await crm.samples.count()).toBe(1);
    }),
    crmFact("is refused for what is no merge of the entity, is undone, or cannot be undone", async (bench) => {
      const crm = await openTangled(bench);
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }, { id: "c3" }]);
      const { mergeId } = await crm.crates.merge("c1", "c2");
      expect(await refused(crm.crates.unmerge(nowhere))).toEqual({ code: "not_found", entity: "merge" });
      expect(await refused(crm.crates.unmerge("c1"))).toEqual({ code: "not_found", entity: "merge" });
      expect(await refused(crm.specimens.unmerge(mergeId))).toEqual({ code: "not_found", entity: "merge" });
      expect((await refused(crm.crates.unmerge(7 as never))).code).toBe("invalid_input");
      const later = await crm.crates.merge("c3", "c1");
      expect(await failure(crm.crates.unmerge(mergeId))).toMatchObject({ code: "not_found", details: { id: "c1" } });
      await crm.crates.unmerge(later.mergeId);
      await crm.crates.unmerge(mergeId);
      expect(await failure(crm.crates.unmerge(mergeId))).toMatchObject({
        code: "invalid_input",
        details: { issues: [{ field: "mergeId", code: "already_undone" }] },
      });
      expect(await crm.crates.count()).toBe(3);
    }),
    crmFact("moves back to the other one, where it was restored by itself", async (bench) => {
      const crm = await openTangled(bench);
      await crm.crates.createMany([{ id: "c1" }, { id: "c2", label: "two" }]);
      await crm.samples.create({ id: "s1", crateId: "c2" });
      const { mergeId } = await crm.crates.merge("c1", "c2");
      await crm.crates.restore("c2");
      await crm.crates.update("c2", { label: "new" });
      const undone = await crm.crates.unmerge(mergeId);
      expect(undone).toMatchObject({ survivor: { label: null }, other: { label: "new", version: 3 } });
      expect(await crm.samples.get("s1")).toMatchObject({ crateId: "c2" });
    }),
    crmFact("may undo an earlier merge before a later one", async (bench) => {
      const crm = await openTangled(bench);
      await crm.crates.createMany([{ id: "c1" }, { id: "c2", label: "two" }, { id: "c3", label: "three" }]);
      await crm.samples.createMany([
        { id: "s1", crateId: "c1" },
        { id: "s2", crateId: "c2" },
        { id: "s3", crateId: "c3" },
      ]);
      const before = await everything(crm);
      const first = await crm.crates.merge("c1", "c2");
      const second = await crm.crates.merge("c1", "c3");
      await crm.crates.unmerge(first.mergeId);
      expect(await crm.samples.get("s3")).toMatchObject({ crateId: "c1" });
      await crm.crates.unmerge(second.mergeId);
      expect(await everything(crm)).toEqual(before);
    }),
    crmFact("asks hooks when all is back, tells of it, and is undone whole where they refuse", async (bench) => {
      const seen: unknown[] = [];
      let veto = true;
      const guard = definePlugin({
        id: "guard",
        hooks: {
          team: {
            async unmerging(context, [merge]) {
              const { items } = await context.users.list({ where: { teamId: merge!.other.id } });
              seen.push([merge!.survivor.name, merge!.other.name, items.length]);
              if (veto) throw new Error("no");
            },
          },
        },
      });
      const crm = await createCrm({ ...(await bench.options()), plugins: [guard] });
      await crm.teams.createMany([
        { id: "t1", name: "One" },
        { id: "t2", name: "Two" },
      ]);
      await crm.users.create({ id: "ann", name: "Ann", teamId: "t2" });
      const heard: unknown[] = [];
      crm.on("team.unmerged", ({ recordId, data }) => heard.push([recordId, data]));
      const { mergeId } = await crm.teams.merge("t1", "t2", { take: { name: "other" } });
      const merged = await everything(crm);
      expect((await refused(crm.teams.unmerge(mergeId))).code).toBe("hook_failed");
      expect(await everything(crm)).toEqual(merged);
      expect(heard).toEqual([]);
      veto = false;
      await crm.teams.unmerge(mergeId);
      expect(seen).toEqual([
        ["One", "Two", 1],
        ["One", "Two", 1],
      ]);
      expect(heard).toEqual([["t1", { mergeId, survivorId: "t1", otherId: "t2" }]]);
    }),
    crmFact(
      "takes back what hooks have written because of the merge, and asks none before it writes",
      async (bench) => {
        const seen: string[] = [];
        const tally = defineEntity("tally", {
          plural: "tallies",
          ids: "app",
          fields: { count: integer(), note: text().optional() },
        });
        const counting = definePlugin({
          id: "counting",
          entities: [tally],
          hooks: {
            user: {
              before: async (_context, batch) => {
                seen.push(`before ${batch.map(({ input }) => input.id).join()}`);
                return batch.map(({ input }) => (input.teamId ? { email: `${input.teamId}@x.test` } : undefined));
              },
              async after(context, batch) {
                seen.push(`after ${batch.map(({ after }) => after?.id).join()}`);
                const ids = new Set(batch.flatMap(({ before, after }) => [before?.teamId, after?.teamId]));
                for (const id of ids) {
                  if (!id || (await context.teams.count({ where: { id } })) === 0) continue;
                  const count = await context.users.count({ where: { teamId: id } });
                  const known = await context.tallies.find({ where: { id } });
                  if (!known) await context.tallies.create({ id, count });
                  else if (known.count !== count) await context.tallies.update(id, { count });
                }
              },
            },
            team: {
              async merging(context, [merge]) {
                await context.tallies.delete(merge!.other.id);
                await context.tallies.create({ id: `log of ${merge!.other.id}`, count: 0 });
              },
            },
          },
        });
        const crm = await createCrm({ ...(await bench.options()), plugins: [counting] });
        const tallies = async () => (await crm.tallies.list()).items.map(({ id, count }) => `${id} ${count}`);
        await crm.teams.createMany(["t1", "t2"].map((id) => ({ id, name: id })));
        await crm.users.createMany([
          { id: "ann", name: "Ann", teamId: "t1" },
          { id: "bob", name: "Bob", teamId: "t2" },
          { id: "cy", name: "Cy", teamId: "t2" },
        ]);
        const before = await everything(crm);
        const { mergeId } = await crm.teams.merge("t1", "t2");
        expect(await tallies()).toEqual(["log of t2 0", "t1 3"]);
        expect(await crm.users.get("bob")).toMatchObject({ email: "t1@x.test" });
        expect((await crm.merges.get(mergeId)).dropped).toEqual([{ entity: "tally", ids: ["t2"] }]);
        seen.length = 0;
        const undone = await crm.teams.unmerge(mergeId);
        expect(undone).toMatchObject({ left: [], lost: [], kept: [] });
        expect(seen).toEqual(["after bob,cy"]);
        expect(await everything(crm)).toEqual(before);
        // What was changed since is a change as any other: the hook before it derives from what it is to be, and the tallies follow.
        const again = await crm.teams.merge("t1", "t2");
        await crm.users.update("cy", { name: "Cyd" });
        await crm.users.create({ id: "dee", name: "Dee", teamId: "t1" });
        await crm.tallies.update("log of t2", { note: "kept" });
        seen.length = 0;
        expect(await crm.teams.unmerge(again.mergeId)).toMatchObject({
          left: [{ entity: "tally", field: "count", ids: ["t1"] }],
        });
        expect(seen).toEqual(["before cy", "after bob,cy"]);
        expect(await tallies()).toEqual(["log of t2 0", "t1 2", "t2 2"]);
        expect(await crm.users.get("cy")).toMatchObject({ name: "Cyd", teamId: "t2", email: "t2@x.test" });
      },
    ),
    crmFact("is not for an entity without history, and does not bring back records of one", async (bench) => {
      const note = defineEntity("note", {
        plural: "notes",
        ids: "app",
        history: false,
        fields: { teamId: reference("team", { onDelete: "cascade" }), key: text() },
        unique: [["teamId", "key"]],
      });
      const crm = await createCrm({ ...(await bench.options()), entities: [note] });
      await crm.teams.createMany([
        { id: "t1", name: "One" },
        { id: "t2", name: "Two" },
      ]);
      await crm.notes.createMany([
        { id: "n1", teamId: "t1", key: "a" },
        { id: "n2", teamId: "t2", key: "a" },
        { id: "n3", teamId: "t2", key: "b" },
      ]);
      const teams = await crm.teams.merge("t1", "t2");
      expect(await crm.teams.unmerge(teams.mergeId)).toMatchObject({ lost: [{ entity: "note", ids: ["n2"] }] });
      expect((await crm.notes.list()).items.map(({ id, teamId }) => [id, teamId])).toEqual([
        ["n1", "t1"],
        ["n3", "t2"],
      ]);
      const notes = await crm.notes.merge("n1", "n3");
      expect(await refused(crm.notes.unmerge(notes.mergeId))).toEqual({ code: "no_history", entity: "note" });
    }),
  ],
};

export const erasingMerged: CrmSuite = {
  name: "erasing what was merged",
  facts: [
    crmFact("takes with the survivor all that it was made of, and leaves no word of it", async (bench) => {
      const crm = await createCrm({
        ...(await bench.options()),
        subscribers: {
          mirror: {
            on: ["contact.created", "contact.merged", "contact.deleted", "merge.created", "contact.erased"],
            deliver: () => Promise.reject(new Error("not now")),
          },
        },
      });
      const person = async (givenName: string) => (await crm.contacts.create({ givenName, email: "secret@x.test" })).id;
      const [kept, middle, oldest, stranger] = [
        await person("secret one"),
        await person("secret two"),
        await person("secret three"),
        (await crm.contacts.create({ givenName: "other" })).id,
      ];
      await crm.contacts.merge(middle!, oldest!);
      await crm.contacts.merge(kept!, middle!);
      const proof = await crm.contacts.erase(kept!, { reason: "request 7" });
      // The three, and the e-mail address of each.
      expect(proof).toMatchObject({ recordId: kept, records: 6 });
      for (const id of [kept!, middle!, oldest!])
        expect((await refused(crm.contacts.history(id))).code).toBe("not_found");
      expect(await crm.merges.count()).toBe(0);
      const { items } = await crm.eventDeliveries.list({ orderBy: [{ eventName: "asc" }, { recordId: "asc" }] });
      expect(JSON.stringify(items)).not.toContain("secret");
      expect(items.map(({ eventName, recordId }) => `${eventName} ${recordId}`)).toEqual([
        `contact.created ${stranger}`,
        ...[kept, middle, oldest].sort().map((id) => `contact.erased ${id}`),
      ]);
    }),
    crmFact(
      "leaves the survivor, when it is the other one that is erased, and cannot be undone then",
      async (bench) => {
        const crm = await openTangled(bench);
        await crm.crates.createMany([{ id: "c1" }, { id: "c2", label: "two" }]);
        await crm.badges.createMany([
          { id: "g1", crateId: "c1" },
          { id: "g2", crateId: "c2", note: "secret" },
        ]);
        const { mergeId } = await crm.crates.merge("c1", "c2");
        expect(await crm.crates.erase("c2")).toMatchObject({ records: 2 });
        expect(await crm.crates.get("c1")).toMatchObject({ label: "two" });
        expect((await refused(crm.badges.history("g2"))).code).toBe("not_found");
        expect((await refused(crm.crates.unmerge(mergeId))).code).toBe("not_found");
      },
    ),
    crmFact("spares what a merge was undone of", async (bench) => {
      const crm = await openTangled(bench);
      await crm.crates.createMany([{ id: "c1" }, { id: "c2" }]);
      const { mergeId } = await crm.crates.merge("c1", "c2");
      await crm.crates.unmerge(mergeId);
      await crm.crates.delete("c2");
      expect(await crm.crates.erase("c1")).toMatchObject({ records: 1 });
      expect(await crm.crates.history("c2")).not.toEqual([]);
      expect(await crm.merges.count()).toBe(0);
    }),
    crmFact("takes what was merged into records that are erased along", async (bench) => {
      const crm = await openTangled(bench);
      await crm.crates.create({ id: "c1" });
      const [a, b] = await crm.specimens.createMany([{ code: "a", crateId: "c1" }, { code: "b" }]);
      await crm.specimens.merge(a!.id, b!.id);
      await crm.specimens.delete(a!.id);
      expect(await crm.crates.erase("c1")).toMatchObject({ records: 3 });
      expect((await refused(crm.specimens.history(b!.id))).code).toBe("not_found");
    }),
  ],
};
