/** Imports on each storage, and that of a real data set. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { count, createCrm, sum } from "@relata/core";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { hierarchies } from "../hierarchies.ts";
import { accountsOf, placementOf, refusal } from "../hierarchies-fixture.ts";

const onPostgres = leasedSchemas(postgres);
const storages = [
  ["memory", () => memory()],
  [
    "SQLite",
    () => {
      const folder = mkdtempSync(join(tmpdir(), "relata-imports-"));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      return sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
    },
  ],
  ["PostgreSQL", () => onPostgres((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

const dataset = fileURLToPath(new URL("../../../../../../shared/data/crm-sales-opportunities", import.meta.url));
const legal = { hierarchy: "legal" } as const;
const named = { ...legal, by: { field: "name" } } as const;

describe.each(storages)("imports on %s", { timeout: 60_000 }, (_, makeStorage) => {
  async function openGroup(names: string, shape: "tree" | "graph" = "graph") {
    const crm = await createCrm({ storage: await makeStorage(), plugins: [hierarchies()] });
    onTestFinished(() => crm.close());
    await crm.hierarchies.define({ key: "legal", name: "Legal ownership", shape });
    const accounts = await accountsOf(crm, names);
    const place = (all: readonly string[]) =>
      crm.hierarchies.setParents(
        all.map((each) => placementOf(each, accounts.id)),
        legal,
      );
    return { crm, place, ...accounts };
  }

  it("imports edges in any order, once, and tells of each row that has no place", async () => {
    const { crm, id, name } = await openGroup("ABCDE", "tree");
    await crm.accounts.create({ name: "E" });
    const rows = [
      { child: "D", parent: "C" },
      { child: "C", parent: "B", share: "60.0" },
      { child: "B", parent: "A" },
      { child: "A", parent: "D" },
      { child: "A", parent: null },
      { child: "B", parent: "B" },
      { child: "C", parent: "B", share: "60" },
      { child: "D", parent: "B" },
      { child: "Z", parent: "A" },
      { child: "A", parent: "E" },
      { child: "D", parent: "A", validFrom: "2026-02-01", validUntil: "2026-02-01" },
    ];
    const by = { ...legal, by: { field: "name" }, ends: "excluded" } as const;
    expect(await refusal(crm.hierarchies.importEdges(rows, by))).toMatchObject({
      code: "import_rejected",
      message: expect.stringContaining(
        "Findings that are to be rejected: 7. The first of them: row 3 (A) would close a circle",
      ),
      details: { findings: expect.arrayContaining([expect.objectContaining({ problem: "dangling", row: 8 })]) },
    });
    expect(await crm.accountEdges.count()).toBe(0);
    const choices = { otherwise: "detach" } as const;
    const dry = await crm.hierarchies.importEdges(rows, { ...by, choices, dryRun: true });
    expect(await crm.accountEdges.count()).toBe(0);
    const report = await crm.hierarchies.importEdges(rows, { ...by, choices });
    expect(report).toEqual(dry);
    expect(report).toMatchObject({ created: 3, unchanged: 0, atTop: 1, leftOut: 7, shape: "tree" });
    expect(report.findings.map(({ row, problem }) => `${row} ${problem}`)).toEqual([
      "3 cycle",
      "5 self_loop",
      "6 duplicate",
      "7 several_parents",
      "8 dangling",
      "9 ambiguous",
      "10 invalid",
    ]);
    expect(new Set(name(report.findings[0]!.path))).toEqual(new Set(["A", "B", "C", "D"]));
    expect(name(await crm.hierarchies.path(id.D!, legal))).toEqual(["A", "B", "C", "D"]);
    const again = await crm.hierarchies.importEdges(rows, { ...by, choices });
    expect(again).toMatchObject({ created: 0, unchanged: 3, atTop: 1, leftOut: 7 });
  });

  it("imports what a tree cannot hold as a graph, in place of what is stored, and into the default tree", async () => {
    const { crm, place, id, name } = await openGroup("ABC", "tree");
    await place(["C<A ..2026-06-30"]);
    const row = { child: id.C!, parent: id.B!, validFrom: "2026-01-01" };
    const many = { ...legal, choices: { several_parents: "graph" } } as const;
    expect(await refusal(crm.hierarchies.importEdges([row], legal))).toMatchObject({ code: "import_rejected" });
    await crm.hierarchies.importEdges([row], { ...legal, existing: "replace" });
    expect(name(await crm.hierarchies.root(id.C!, { ...legal, on: "2026-03-01" }))).toBe("B");
    expect(name(await crm.hierarchies.root(id.C!, { ...legal, on: "2025-12-31" }))).toBe("A");
    const report = await crm.hierarchies.importEdges([{ ...row, parent: id.A! }], many);
    expect(report).toMatchObject({ created: 1, leftOut: 0, shape: "graph" });
    expect(name(await crm.hierarchies.ancestors(id.C!, { ...legal, on: "2026-03-01" })).map((each) => each.id)).toEqual(
      ["A", "B"],
    );
    const rows = [
      { child: id.C!, parent: id.B! },
      { child: id.B!, parent: id.A! },
    ];
    expect(await crm.hierarchies.importEdges(rows)).toMatchObject({ created: 2, shape: "tree" });
    expect(await crm.hierarchies.importEdges(rows)).toMatchObject({ created: 0, unchanged: 2 });
    expect(name(await crm.hierarchies.path(id.C!))).toEqual(["A", "B", "C"]);
    expect(await refusal(crm.hierarchies.importEdges([{ child: id.A!, parent: id.C! }]))).toMatchObject({
      code: "import_rejected",
    });
    expect(await refusal(crm.hierarchies.importEdges(rows, { choices: many.choices }))).toMatchObject({
      code: "invalid_input",
      details: { field: "choices.several_parents" },
    });
  });

  it("leaves out a row that closes a circle with what stands, and no row of a circle that does not stand", async () => {
    const { crm, id, name } = await openGroup("ABC");
    const rows = ["B<A", "A<B", "B<C", "C<A"].map((row) => ({ child: row[0]!, parent: row[2]! }));
    const report = await crm.hierarchies.importEdges(rows, { ...named, choices: { cycle: "detach" } });
    expect(report).toMatchObject({ created: 3, leftOut: 1 });
    expect(name(report.findings)).toEqual([
      {
        ...{ problem: "cycle", choice: "detach", row: 1, child: "A", parent: "B", path: ["A", "B", "A"] },
        message: "would close a circle: A → B → A",
      },
    ]);
    expect(name(await crm.hierarchies.ancestors(id.B!, legal)).map((each) => each.id)).toEqual(["A", "C"]);
  });

  it("takes an account to the top where a row says so, in place of what is stored or not at all", async () => {
    const { crm, place, id, name } = await openGroup("ABC", "tree");
    await place(["C<A"]);
    const top = [{ child: "C", parent: null, validFrom: "2026-01-01" }];
    expect(await refusal(crm.hierarchies.importEdges(top, named))).toMatchObject({
      code: "import_rejected",
      message: expect.stringContaining(
        `rejected: 1. The first of them: row 0 (C) would be at the top and below ${id.A} on 2026-01-01.`,
      ),
    });
    const kept = await crm.hierarchies.importEdges(top, { ...named, choices: { top_and_below: "detach" } });
    expect(kept).toMatchObject({ atTop: 0, leftOut: 1, findings: [{ problem: "top_and_below", row: 0 }] });
    const replacing = { ...named, existing: "replace", choices: { otherwise: "detach" } } as const;
    const rows = [...top, { child: "A", parent: "C", validFrom: "2026-01-01" }, { child: "C", parent: "B" }];
    const report = await crm.hierarchies.importEdges(rows, replacing);
    expect(report).toMatchObject({
      created: 1,
      atTop: 1,
      leftOut: 1,
      findings: [{ problem: "top_and_below", row: 2 }],
    });
    expect(name(await crm.hierarchies.path(id.C!, { ...legal, on: "2025-12-31" }))).toEqual(["A", "C"]);
    expect(name(await crm.hierarchies.path(id.A!, { ...legal, on: "2026-01-01" }))).toEqual(["C", "A"]);
    expect(await crm.hierarchies.importEdges(rows, replacing)).toMatchObject({ created: 0, unchanged: 1, atTop: 1 });
  });

  it("takes an account to the top of the default hierarchy", async () => {
    const { crm, id } = await openGroup("AC");
    await crm.hierarchies.move(id.C!, id.A!);
    const rows = [{ child: id.C!, parent: "" }];
    expect(await refusal(crm.hierarchies.importEdges(rows))).toMatchObject({ code: "import_rejected" });
    const report = await crm.hierarchies.importEdges(rows, { existing: "replace" });
    expect(report).toMatchObject({ created: 0, atTop: 1, findings: [] });
    expect((await crm.accounts.get(id.C!)).parentId).toBe(null);
  });

  it("turns stored edges round, in whatever order the rows come", async () => {
    const { crm, place, id, name } = await openGroup("ABCDE", "tree");
    await place(["B<A", "C<B", "D<C"]);
    const rows = ["A<B", "E<E", "B<C", "C<D"].map((row) => ({ child: row[0]!, parent: row[2]! }));
    const options = { ...named, existing: "replace", choices: { self_loop: "detach" } } as const;
    const report = await crm.hierarchies.importEdges([...rows, { child: "D", parent: null }], options);
    expect(report).toMatchObject({ created: 3, atTop: 1, findings: [{ problem: "self_loop" }] });
    expect(name(await crm.hierarchies.path(id.A!, legal))).toEqual(["D", "C", "B", "A"]);
  });

  it("keeps what a row found stored, whatever later rows of the same account replace", async () => {
    const { crm, place, id, name } = await openGroup("ABC", "tree");
    await place(["C<A"]);
    const rows = ["C<A", "C<B"].map((row) => ({ child: row[0]!, parent: row[2]! }));
    const options = { ...named, existing: "replace", choices: { several_parents: "detach" } } as const;
    expect(await crm.hierarchies.importEdges(rows, options)).toMatchObject({ unchanged: 1, created: 0, leftOut: 1 });
    expect(name(await crm.hierarchies.path(id.C!, legal))).toEqual(["A", "C"]);
  });

  it("tells of each row whose key no account can have, by field, by source and by id", async () => {
    const { crm, id } = await openGroup("A");
    await crm.externalIds.create({ source: "erp", entityType: "account", recordId: id.A!, key: "a" });
    const keys = ["x\0", "\ud800", "x".repeat(501), "x".repeat(100_000), "Nowhere", ""];
    const told = async (by: { field: string } | { source: string } | undefined, parent: string | null) => {
      const rows = keys.map((child) => ({ child, parent }));
      const report = await crm.hierarchies.importEdges(rows, { ...legal, by, choices: { otherwise: "detach" } });
      expect(report).toMatchObject({ created: 0, atTop: 0, leftOut: 6 });
      return report.findings.map(({ problem }) => problem);
    };
    const problems = ["dangling", "dangling", "dangling", "dangling", "dangling", "invalid"];
    expect(await told({ field: "name" }, "A")).toEqual(problems);
    expect(await told({ source: "erp" }, "a")).toEqual(problems);
    expect(await told(undefined, id.A!)).toEqual(problems);
    expect(await told({ field: "name" }, null)).toEqual(problems);
  });

  it("reads rows as they come, and stores nothing once it is aborted", async () => {
    const { crm } = await openGroup("", "tree");
    await crm.accounts.createMany([{ name: "Top" }, { name: "Below" }]);
    const controller = new AbortController();
    async function* rows(isAborted: boolean) {
      yield { child: "Below", parent: "Top" };
      if (isAborted) controller.abort(new Error("enough"));
      yield { child: "Top", parent: null };
    }
    const aborted = crm.hierarchies.importEdges(rows(true), { ...named, signal: controller.signal });
    await expect(aborted).rejects.toThrow("enough");
    expect(await crm.accountEdges.count()).toBe(0);
    expect(await crm.hierarchies.importEdges(rows(false), named)).toMatchObject({ created: 1, atTop: 1 });
    await expect(crm.hierarchies.importEdges(7 as never, named)).rejects.toThrow(
      "must be a list, or an iteration of rows",
    );
  });

  it.skipIf(!existsSync(dataset))(
    `makes a hierarchy of the column subsidiary_of of the real data set crm-sales-opportunities, and rolls up what it won${existsSync(dataset) ? "" : ` (skipped: there is no ${dataset})`}`,
    async () => {
      const { crm } = await openGroup("", "tree");
      const rows = readTable("accounts.csv").map((cells) => ({ child: cells[0]!, parent: cells[6]! }));
      const accounts = await crm.accounts.createMany(rows.map(({ child }) => ({ name: child })));
      const report = await crm.hierarchies.importEdges(rows, named);
      expect(report).toMatchObject({ created: 15, atTop: 70, findings: [] });
      const acme = await crm.accounts.find({ where: { name: "Acme Corporation" } });
      expect(await crm.hierarchies.descendants(acme!.id, legal)).toHaveLength(4);
      expect((await crm.hierarchies.nodes(legal)).every(({ depth }) => depth <= 1)).toBe(true);

      const ids = new Map(accounts.map(({ id, name }) => [name, id]));
      const deals = readTable("sales_pipeline.csv").map(([key, , , account, stage, , , amount]) => ({
        ...{ name: key!, accountId: ids.get(account!) ?? null, isWon: stage === "Won" },
        amount: { amount: `${amount || "0"}.00`, currency: "USD" },
      }));
      const won = await crm.opportunities.createMany(deals.flatMap(({ isWon, ...deal }) => (isWon ? [deal] : [])));
      await crm.opportunities.moveMany(won.map(({ id }) => ({ id, stage: "won" })));
      const query = {
        entity: "opportunity",
        where: { status: "won" },
        measures: { deals: count(), won: sum("amount") },
      };
      const { own, total } = await crm.hierarchies.rollUp(acme!.id, { ...query, ...legal });
      expect(total).toEqual({ deals: 214, won: [{ amount: "519349.00", currency: "USD" }] });
      expect(own.won).toEqual([{ amount: "101744.00", currency: "USD" }]);
      const all = await crm.opportunities.aggregate({ where: { status: "won" }, measures: { won: sum("amount") } });
      expect(all).toEqual([{ won: [{ amount: "10005534.00", currency: "USD" }] }]);
    },
  );
});

/** Without its first line. */
function readTable(file: string): readonly (readonly string[])[] {
  const [, ...lines] = readFileSync(join(dataset, file), "utf8").trim().split(/\r?\n/);
  return lines.map((line) => line.split(","));
}
