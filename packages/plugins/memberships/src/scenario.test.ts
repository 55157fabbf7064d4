import { readFileSync } from "node:fs";
import { memory } from "@relata/memory";
import { postgres } from "@relata/postgres";
import { leasedSchemas } from "@relata/postgres-server";
import { sqlite } from "@relata/sqlite";
import { describe, expect, it, onTestFinished } from "vitest";
import { openCrm } from "./memberships-fixture.ts";
import { cases, openCases } from "./scenario/cases-fixture.ts";
import { firstQuarter } from "./scenario/first-quarter-fixture.ts";
import { secondHalf } from "./scenario/second-half-fixture.ts";
import { secondQuarter } from "./scenario/second-quarter-fixture.ts";
import { openStory } from "./scenario/story-fixture.ts";

const leased = leasedSchemas(postgres);
const storages = [
  ["memory", async () => memory()],
  ["SQLite", async () => sqlite({ filename: ":memory:" })],
  ["PostgreSQL", async () => leased((cleanUp) => onTestFinished(async () => void (await cleanUp())))],
] as const;

const steps = [...firstQuarter, ...secondQuarter, ...secondHalf];

describe.each(storages)("memberships on %s", (_, make) => {
  it("take a society through a year, with every answer as it was worked out by hand", async () => {
    const story = await openStory(await make());
    onTestFinished(() => story.crm.close());
    const told: string[] = [];
    for (const { on, event, run } of steps) {
      story.clock.set(on);
      const answer = await run(story).catch((error: unknown) => `failed: ${error}`);
      told.push(`${on} ${event}: ${answer}`);
    }
    expect(told).toEqual(steps.map(({ on, event, told: by }) => `${on} ${event}: ${by}`));
  }, 120_000);

  it("make terms, seats and statuses of days as stated", async () => {
    const told: string[] = [];
    for (const { given, run } of cases) {
      const crm = await openCrm({ storage: await make() });
      told.push(`${given}: ${await run(await openCases(crm))}`);
      await crm.close();
    }
    expect(told).toEqual(cases.map(({ given, told: by }) => `${given}: ${by}`));
  }, 120_000);
});

describe("docs/memberships.md", () => {
  const page = readFileSync(new URL("../../../../docs/memberships.md", import.meta.url), "utf8");

  it("has the cases as they are tested", () => {
    expect(page).toContain(
      table(
        ["Case", "Result"],
        cases.map(({ given, told }) => [given, told]),
      ),
    );
  });

  it("has the year as it is tested", () => {
    expect(page).toContain(
      table(
        ["Day", "What happens", "Result"],
        steps.map(({ on, event, told }) => [on, event, told]),
      ),
    );
  });
});

/** Of Markdown. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
