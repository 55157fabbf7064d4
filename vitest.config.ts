import { accessSync, constants } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";

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

const chromium = findChromium();
// Vitest reads this file once for each project; the line is wanted once.
if (chromium === undefined && process.env.RELATA_BROWSER_SKIP_TOLD === undefined) {
  process.env.RELATA_BROWSER_SKIP_TOLD = "1";
  console.warn("The browser suite is skipped: no Chromium was found (set CHROMIUM_PATH, or install chromium).");
}

export default defineConfig({
  test: {
    passWithNoTests: true,
    // One more than vitest takes by itself: much of the time a worker waits for a database.
    maxWorkers: availableParallelism(),
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
