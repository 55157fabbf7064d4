import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@relata/memory";
import { compareDomain, testDomain } from "@relata/testkit";
import { sqlite } from "./sqlite-adapter.ts";

testDomain("sqlite on a file", (after) => {
  const folder = mkdtempSync(join(tmpdir(), "relata-sqlite-"));
  after(() => rmSync(folder, { recursive: true }));
  return sqlite({ filename: join(folder, "crm.db") });
});

compareDomain(
  { name: "memory", open: () => memory() },
  { name: "sqlite", open: () => sqlite({ filename: ":memory:" }) },
);
