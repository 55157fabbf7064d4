import { testCrm, testReopening } from "@relata/testkit";
import Database from "better-sqlite3";
import { leasedFiles } from "./fixtures/leased-files.ts";
import { temporaryFile } from "./fixtures/open-sales.ts";
import { sqlite } from "./sqlite-adapter.ts";

// The facts are about behaviour, not about power failures: they need not wait for the disk.
const open = (filename: string) => sqlite({ filename, durability: "relaxed", driver: Database });

testCrm("better-sqlite3 on a file", leasedFiles(open));

testReopening("better-sqlite3 on a file", () => open(temporaryFile()));
