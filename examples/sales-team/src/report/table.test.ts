import { expect, it } from "vitest";
import { renderTable } from "./table.ts";

it("aligns columns, with a line below the head", () => {
  const rows = [
    { name: "Ann", won: "1,200" },
    { name: "Zoë", won: "7" },
  ];
  const table = renderTable(rows, [
    { head: "Owner", cell: ({ name }) => name },
    { head: "Won", align: "right", cell: ({ won }) => won },
  ]);
  expect(table.split("\n")).toEqual(["  Owner    Won", "  ────────────", "  Ann    1,200", "  Zoë        7"]);
});
