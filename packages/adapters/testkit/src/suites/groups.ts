/** Figures by group: columns, months, and columns of rows that are reached through references. */
import { expect } from "vitest";
import { fact, type Suite } from "../bench/fact.ts";
import { eq, gt, isNull, not, some } from "../question/condition.ts";
import { join, sales } from "../schema/sales.ts";
import { figures, figuresOver, measure, rows, sum } from "./aggregate-fixture.ts";

const own = (column: string) => ({ path: [], column });

export const groups: Suite = {
  name: "groups",
  facts: [
    figures(
      "gives no row over no rows, with groups",
      { table: "deals", where: eq("id", "none"), groupBy: [own("status")], measures: [rows] },
      [],
    ),
    figures("gives the groups alone without measures", { table: "deals", groupBy: [own("status")], measures: [] }, [
      ["won"],
      ["open"],
      ["lost"],
    ]),
    figures(
      "groups by a column, null as a group of its own",
      { table: "accounts", groupBy: [own("industry")], measures: [rows] },
      [
        ["retail", 1],
        ["energy", 1],
        [null, 1],
      ],
    ),
    figures("groups by a boolean", { table: "accounts", groupBy: [own("active")], measures: [rows] }, [
      [true, 1],
      [false, 1],
      [null, 1],
    ]),
    figures("groups by a bigint", { table: "deals", groupBy: [own("amount")], measures: [rows] }, [
      [100n, 2],
      [50n, 1],
      [-25n, 1],
      [null, 1],
    ]),
    figuresOver({
      accounts: ["a", "A", "a ", "a"].map((name, number) => ({ id: `${number}`, name })),
    })("groups by texts exactly", { table: "accounts", groupBy: [own("name")], measures: [rows] }, [
      ["a", 2],
      ["A", 1],
      ["a ", 1],
    ]),
    figures(
      "groups by two columns",
      { table: "deals", groupBy: [own("account_id"), own("status")], measures: [rows, sum("amount")] },
      [
        ["acme", "won", 1, 100n],
        ["acme", "open", 1, 50n],
        ["beta", "won", 1, null],
        ["core", "won", 1, -25n],
        ["core", "lost", 1, 100n],
      ],
    ),
    figures(
      "groups by the first of several conditions that holds, and by their number where none does",
      { table: "deals", groupBy: [{ cases: [gt("amount", 50n), gt("quantity", 1)] }], measures: [rows, sum("amount")] },
      [
        [0, 2, 200n],
        [1, 2, -25n],
        [2, 1, 50n],
      ],
    ),
    figures(
      "groups by conditions that hold where a column is null, and through relations, beside other keys",
      {
        table: "deals",
        groupBy: [
          { cases: [not(gt("amount", 50n)), eq("status", "won")] },
          own("status"),
          { cases: [some(join.dealAccount, eq("industry", "retail")), some(join.dealAccount, isNull("industry"))] },
        ],
        measures: [rows],
      },
      [
        [0, "open", 0, 1],
        [0, "won", 1, 1],
        [0, "won", 2, 1],
        [1, "won", 0, 1],
        [2, "lost", 1, 1],
      ],
    ),
    figures("groups by a date", { table: "deals", groupBy: [own("close_date")], measures: [rows] }, [
      ["2024-01-31", 1],
      ["2024-02-01", 1],
      [null, 1],
      ["2024-01-01", 1],
      ["2023-01-15", 1],
    ]),
    figures(
      "buckets instants by the last start that is not after them, and the first one before all",
      {
        table: "accounts",
        groupBy: [{ ...own("seen"), bucket: { startingAt: [-3, 0, 5, 9] } }],
        measures: [rows, measure("min", "seen")],
      },
      [
        [-3, 1, -5],
        [5, 1, 5],
        [null, 1, null],
      ],
    ),
    figures(
      "buckets instants of rows that are reached, beside other groups, with starts that stand twice",
      {
        table: "deals",
        where: gt("quantity", 1),
        groupBy: [
          own("status"),
          { path: [join.dealAccount], column: "seen", bucket: { startingAt: [-5, 6, 6, 6, 7] } },
        ],
        measures: [rows, sum("quantity")],
      },
      [
        ["won", -5, 2, 5n],
        ["won", null, 1, 4n],
      ],
    ),
    figuresOver({
      accounts: [0, 1, 499, 500, 999].map((day) => ({ id: `a${day}`, name: "a", seen: day * 86_400_000 + 1 })),
    })(
      "buckets instants by a thousand starts",
      {
        table: "accounts",
        groupBy: [
          { ...own("seen"), bucket: { startingAt: Array.from({ length: 1_000 }, (_, day) => day * 86_400_000) } },
        ],
        measures: [rows],
      },
      [0, 1, 499, 500, 999].map((day) => [day * 86_400_000, 1]),
    ),
    figures(
      "buckets dates by month, in their years",
      { table: "deals", groupBy: [{ ...own("close_date"), bucket: "month" }], measures: [rows, sum("amount")] },
      [
        ["2024-01", 2, 75n],
        ["2024-02", 1, 50n],
        ["2023-01", 1, 100n],
        [null, 1, null],
      ],
    ),
    figures(
      "groups by a column of a joined row",
      { table: "deals", groupBy: [{ path: [join.dealAccount], column: "industry" }], measures: [rows, sum("amount")] },
      [
        ["retail", 2, 150n],
        ["energy", 1, null],
        [null, 2, 75n],
      ],
    ),
    figures(
      "groups rows with null references under null, and loses none",
      { table: "deals", groupBy: [{ path: [join.dealOwner], column: "name" }], measures: [rows] },
      [
        ["Ann", 2],
        ["Bob", 1],
        [null, 2],
      ],
    ),
    figures(
      "groups through two joins",
      {
        table: "deals",
        groupBy: [{ path: [join.dealAccount, join.accountOwner], column: "name" }],
        measures: [rows, sum("quantity")],
      },
      [
        ["Ann", 2, 2n],
        ["Bob", 1, 3n],
        [null, 2, 4n],
      ],
    ),
    figures(
      "groups by two paths to one table apart",
      {
        table: "deals",
        groupBy: [
          { path: [join.dealOwner], column: "name" },
          { path: [join.dealAccount, join.accountOwner], column: "name" },
        ],
        measures: [rows],
      },
      [
        ["Ann", "Ann", 1],
        [null, "Ann", 1],
        ["Bob", "Bob", 1],
        ["Ann", null, 1],
        [null, null, 1],
      ],
    ),
    figures(
      "groups by two columns of one path, and by the row's own",
      {
        table: "deals",
        groupBy: [
          { path: [join.dealAccount], column: "industry" },
          own("status"),
          { path: [join.dealAccount], column: "active" },
        ],
        measures: [rows],
      },
      [
        ["retail", "won", true, 1],
        ["retail", "open", true, 1],
        ["energy", "won", null, 1],
        [null, "won", false, 1],
        [null, "lost", false, 1],
      ],
    ),
    figuresOver({
      accounts: [
        { id: "t", name: "Top" },
        { id: "u", parent_id: "t" },
        { id: "v", parent_id: "t" },
      ],
    })(
      "groups by a path to the same table",
      { table: "accounts", groupBy: [{ path: [join.accountParent], column: "name" }], measures: [rows] },
      [
        ["Top", 2],
        [null, 1],
      ],
    ),
    figures(
      "applies conditions before grouping",
      { table: "deals", where: gt("amount", 0n), groupBy: [own("status")], measures: [rows] },
      [
        ["won", 1],
        ["open", 1],
        ["lost", 1],
      ],
    ),
    figures(
      "applies conditions on relations",
      {
        table: "deals",
        where: some(join.dealAccount, not(isNull("industry"))),
        groupBy: [{ path: [join.dealAccount], column: "industry" }],
        measures: [sum("amount"), rows],
      },
      [
        ["retail", 150n, 2],
        ["energy", null, 1],
      ],
    ),
    fact("gives 2,000 groups", async (bench) => {
      const accounts = Array.from({ length: 2_000 }, (_, number) => ({ id: `a${number}`, employees: number }));
      const store = await bench.open(sales, { accounts });
      expect(await store.aggregate({ table: "accounts", groupBy: [own("employees")], measures: [rows] })).toHaveLength(
        2_000,
      );
    }),
  ],
};
