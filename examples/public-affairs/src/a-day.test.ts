import { memory } from "@relata/memory";
import { sqlite } from "@relata/sqlite";
import { expect, it } from "vitest";
import { liveThroughADay } from "./a-day.ts";

it.each([
  ["memory", () => memory()],
  ["SQLite", () => sqlite({ filename: ":memory:" })],
] as const)("takes a register in, and answers for a day on %s", async (_, storage) => {
  const { lines, page } = await liveThroughADay(storage());
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "8 relationships from the register; not understood: Bee keeper

    On 1 June 2023:
    Head of Press: Dora Lind
    Minister: Ben Okoro

    Today:
    Head of Press: Dora Lind
    Minister: vacant, before: Cleo Marsh

    How do we know Ben Okoro?
    Anna Silva – Association of Water Users – Ben Okoro (0.24)

    What follows for Anna Silva:
    can be introduced at Ministry of Water, by 1 way

    May Cleo Marsh get the newsletter?
    Refused by a refusal stated on 2026-06-15: "No newsletters, please.".

    Cleo Marsh: known relationships: 1
    You stated (refusal, newsletter): No newsletters, please.
    Read for: invitation to the water fair"
  `);
  expect(page).toContain("Ministry of Water");
});
