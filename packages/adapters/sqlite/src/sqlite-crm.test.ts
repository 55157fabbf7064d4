import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testCrm } from "@relata/testkit";
import { sqlite } from "./sqlite-adapter.ts";

testCrm(
  "sqlite on a file",
  (after) => {
    const folder = mkdtempSync(join(tmpdir(), "relata-sqlite-"));
    after(() => rmSync(folder, { recursive: true }));
    // The facts are about behaviour, not about power failures: they need not wait for the disk.
    return sqlite({ filename: join(folder, "crm.db"), durability: "relaxed" });
  },
  { durable: true },
);

// In memory, the storage's own suite and the comparisons with the memory adapter run: what is above them is the same.
