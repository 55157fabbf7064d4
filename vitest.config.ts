import { accessSync, constants } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

// Tests run against the sources, with no build: both resolvers must know the source condition.
const conditions = ["@relata/source", "module", "development|production"];

const node: TestProjectConfiguration = {
  extends: true,
  resolve: { conditions: [...conditions, "node"] },
  ssr: { resolve: { conditions: [...conditions, "node"] } },
  test: {
    name: "node",
    environment: "node",
    globalSetup: ["packages/adapters/postgres-server/src/vitest-setup.ts"],
    include: ["packages/**/src/**/*.test.ts", "benchmarks/src/**/*.test.ts", "examples/**/src/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/*.browser.test.ts"],
  },
};

const browser = (executablePath: string): TestProjectConfiguration => ({
  extends: true,
  resolve: { conditions: [...conditions, "browser"] },
  test: {
    name: "browser",
    include: ["packages/**/src/**/*.browser.test.ts"],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      instances: [{ browser: "chromium" }],
      provider: playwright({
        launchOptions: {
          executablePath,
          args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
          ],
        },
      }),
    },
  },
});

/**
 * The suites of the testkit are short files that run for minutes: where nothing is known of earlier runs, files are ordered by their size, and one of
 * these would begin last, alone. The longest first.
 */
class SuitesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const placeOf = ({ moduleId }: TestSpecification) => SUITES.findIndex((suite) => suite.test(moduleId));
    const ranked = sorted.map((file) => ({ file, place: placeOf(file) }));
    const suites = ranked.filter(({ place }) => place >= 0).sort((a, b) => a.place - b.place);
    return [...suites, ...ranked.filter(({ place }) => place < 0)].map(({ file }) => file);
  }
}

const SUITES = [
  /postgres-crm\.test/,
  /postgres.*-(domain|crm|adapter)\.test/,
  /-crm\.test/,
  /-domain\.test/,
  /plugins\/(\w+)\/src\/\1\.test/,
];

const chromium = findChromium();
// Vitest reads this file once for each project; the line is wanted once.
if (chromium === undefined && process.env.RELATA_BROWSER_SKIP_TOLD === undefined) {
  process.env.RELATA_BROWSER_SKIP_TOLD = "1";
  console.warn("The browser suite is skipped: no Chromium was found (set CHROMIUM_PATH, or install chromium).");
}

export default defineConfig({
  test: {
    passWithNoTests: true,
    // What a test takes is no fact about it: these are for what hangs, on a machine that has other work to do.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    // One more than vitest takes by itself: much of the time a worker waits for a database.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: SuitesFirst },
    projects: chromium === undefined ? [node] : [node, browser(chromium)],
  },
});

function findChromium(): string | undefined {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  candidates.push("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
  return candidates.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
