import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@relata/memory";
import { compareStorageAdapters, testStorageAdapter } from "@relata/testkit";
import { sqlite } from "./sqlite-adapter.ts";

testStorageAdapter("sqlite on a file", (after) => {
  const folder = mkdtempSync(join(tmpdir(), "relata-sqlite-"));
  after(() => rmSync(folder, { recursive: true }));
  return sqlite({ filename: join(folder, "crm.db") });
});

testStorageAdapter("sqlite in memory", () => sqlite({ filename: ":memory:" }));

compareStorageAdapters(
  { name: "memory", open: () => memory() },
  { name: "sqlite", open: () => sqlite({ filename: ":memory:" }) },
);
