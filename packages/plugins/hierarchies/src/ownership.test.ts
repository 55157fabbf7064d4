/** Owners and places on each storage, those of random programs beside a plain model. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCrm } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { hierarchies } from "./hierarchies.ts";
import { accountsOf, placementOf, refusal } from "./hierarchies-fixture.ts";

const onPostgres = leasedSchemas(postgres);
const storages = [
  ["memory", () => memory()],
  [
    "SQLite",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "relata-hierarchies-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      return sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
    },
  ],
  ["PostgreSQL", () => onPostgres((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

const legal = { hierarchy: "legal" } as const;

describe.each(storages)("hierarchies on %s", { timeout: 60_000 }, (_, makeStorage) => {
  async function openGroup(names: string, shape: "tree" | "graph" = "graph") {
    const crm = await createCrm({ storage: await makeStorage(), plugins: [hierarchies()] });
    onTestFinished(() => crm.close());
    await crm.hierarchies.define({ key: "legal", name: "Legal ownership", shape });
    const named = await accountsOf(crm, names);
    const place = (all: readonly string[]) =>
      crm.hierarchies.setParents(
        all.map((each) => placementOf(each, named.id)),
        legal,
      );
    return { crm, place, ...named };
  }

  it("adds ownership up over all paths, exactly, and tells control from it", async () => {
    const { crm, place, id, name } = await openGroup("ABCDEF");
    await place(["B<A 60", "C<B 60", "D<A 30", "D<B 30", "E<D 33.333333333333", "F<C 100"]);
    expect(name(await crm.hierarchies.holdings(id.A!, legal))).toEqual([
      { id: "B", direct: "60", effective: "60", controls: true, isComplete: true },
      { id: "C", direct: "0", effective: "36", controls: true, isComplete: true },
      { id: "D", direct: "30", effective: "48", controls: true, isComplete: true },
      { id: "E", direct: "0", effective: "15.99999999999984", controls: false, isComplete: true },
      { id: "F", direct: "0", effective: "36", controls: true, isComplete: true },
    ]);
    expect(name(await crm.hierarchies.owners(id.D!, legal))).toEqual([
      { id: "B", direct: "30", effective: "30", controls: false, isComplete: true },
      { id: "A", direct: "30", effective: "48", controls: true, isComplete: true },
    ]);
    expect(await crm.hierarchies.ownership(id.B!, id.F!, legal)).toEqual({
      ...{ direct: "0", effective: "60", controls: true, isComplete: true },
    });
    expect(await crm.hierarchies.ownership(id.F!, id.B!, legal)).toMatchObject({ effective: "0", controls: false });
  });

  it("follows control, not any edge, to the global ultimate, and stays in the country to the domestic one", async () => {
    const { crm, place, id, name } = await openGroup("ABCDE");
    await place(["B<A 50", "C<B 51", "D<C 100", "E<D 80", "E<A 20"]);
    const countries = { A: "US", B: "France", C: "Japan", D: "FRANCE", E: "france" };
    for (const [key, country] of Object.entries(countries)) await crm.accounts.update(id[key]!, { country });
    const { globalUltimate, domesticUltimate } = crm.hierarchies;
    expect(name(await globalUltimate(id.E!, legal))).toBe("B");
    expect(name(await globalUltimate(id.A!, legal))).toBe("A");
    expect(name(await domesticUltimate(id.E!, legal))).toBe("B");
    expect(name(await domesticUltimate(id.C!, legal))).toBe("C");
    await crm.accounts.update(id.C!, { country: null });
    expect(await domesticUltimate(id.C!, legal)).toBe(undefined);
  });

  it("counts a branch as its parent, a share that is not known as nothing, and what stands alone in a tree as whole", async () => {
    const { crm, place, id, name } = await openGroup("ABCD");
    await place(["B<A 40", "C<A"]);
    await crm.hierarchies.setParents([{ childId: id.D!, parentId: id.B!, kind: "branch" }], legal);
    expect(name(await crm.hierarchies.holdings(id.A!, legal)).map((each) => Object.values(each).slice(0, 3))).toEqual([
      ["B", "40", "40"],
      ["C", "0", "0"],
      ["D", "0", "40"],
    ]);
    expect(await crm.hierarchies.ownership(id.A!, id.C!, legal)).toMatchObject({ isComplete: false });
    expect(name(await crm.hierarchies.globalUltimate(id.D!, legal))).toBe("B");
    await crm.hierarchies.define({ key: "legal", name: "Legal ownership", shape: "tree" });
    expect(await crm.hierarchies.ownership(id.A!, id.C!, legal)).toMatchObject({ effective: "100", controls: true });
    await crm.hierarchies.move(id.B!, id.A!);
    expect(await crm.hierarchies.ownership(id.A!, id.B!)).toMatchObject({ direct: "100", controls: true });
  });

  it("agrees with a plain model, whatever is moved, detached and written, in which order", {
    timeout: 60_000,
  }, async () => {
    const names = "ABCDEF";
    const days = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"];
    const account = fc.nat(names.length - 1);
    const from = fc.option(fc.nat(3), { nil: null });
    const step = fc.record({ child: account, parent: fc.option(account, { nil: null }), from, until: from });
    const program = fc.record({ isTree: fc.boolean(), steps: fc.array(step, { minLength: 4, maxLength: 10 }) });
    const { crm, id } = await openGroup(names);
    const ids = [...names].map((each) => id[each]!);
    let run = 0;
    await fc.assert(
      fc.asyncProperty(program, async ({ isTree, steps }) => {
        const hierarchy = `run-${run++}`;
        await crm.hierarchies.define({ key: hierarchy, name: "Run", shape: isTree ? "tree" : "graph" });
        /** By day and child: its parents. */
        let model = days.map(() => ids.map(() => new Set<number>()));
        for (const { child, parent, from: first, until: last } of steps) {
          const next = model.map((day) => day.map((parents) => new Set(parents)));
          const isOn = (day: number) => day >= (first ?? 0) && day <= (last ?? 3);
          next.forEach((day, i) => {
            if (!isOn(i)) return;
            if (isTree || parent === null) day[child]!.clear();
            if (parent !== null) day[child]!.add(parent);
          });
          const isBackwards = first !== null && last !== null && last < first;
          const mayBe = !isBackwards && !next.some((day) => isCircular(day));
          const placement = {
            ...{ childId: ids[child]!, parentId: parent === null ? null : ids[parent]! },
            ...{ validFrom: first === null ? null : days[first]!, validUntil: last === null ? null : days[last]! },
          };
          const result = await refusal(crm.hierarchies.setParents([placement], { hierarchy }));
          expect(result === "was not refused").toBe(mayBe);
          if (mayBe) model = next;
        }
        for (const [i, day] of days.entries()) {
          const edges = await crm.hierarchies.edges({ hierarchy, on: day });
          expect(
            edges.map(({ childId, parentId }) => `${ids.indexOf(childId)}<${ids.indexOf(parentId)}`).toSorted(),
          ).toEqual(
            model[i]!.flatMap((parents, child) => [...parents].map((parent) => `${child}<${parent}`)).toSorted(),
          );
        }
      }),
      { numRuns: 12 },
    );
  });
});

/** `parents` by child. */
function isCircular(parents: readonly ReadonlySet<number>[]): boolean {
  const above = (child: number, seen: ReadonlySet<number>): boolean =>
    seen.has(child) || [...parents[child]!].some((parent) => above(parent, new Set([...seen, child])));
  return parents.some((_, child) => above(child, new Set()));
}
