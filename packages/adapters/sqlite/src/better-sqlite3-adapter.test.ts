import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@relata/memory";
import { compareStorageAdapters, testStorageAdapter } from "@relata/testkit";
import Database from "better-sqlite3";
import { sqlite } from "./sqlite-adapter.ts";

testStorageAdapter("better-sqlite3 on a file", (after) => {
  const folder = mkdtempSync(join(tmpdir(), "relata-sqlite-"));
  after(() => rmSync(folder, { recursive: true }));
  return sqlite({ filename: join(folder, "crm.db"), driver: Database });
});

testStorageAdapter("better-sqlite3 in memory", () => sqlite({ filename: ":memory:", driver: Database }));

compareStorageAdapters(
  { name: "memory", open: () => memory() },
  { name: "better-sqlite3", open: () => sqlite({ filename: ":memory:", driver: Database }) },
);
