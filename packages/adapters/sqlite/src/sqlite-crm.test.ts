import { testCrm, testReopening } from "@relata/testkit";
import { leasedFiles } from "./fixtures/leased-files.ts";
import { temporaryFile } from "./fixtures/open-sales.ts";
import { sqlite } from "./sqlite-adapter.ts";

// The facts are about behaviour, not about power failures: they need not wait for the disk.
const open = (filename: string) => sqlite({ filename, durability: "relaxed" });

testCrm("sqlite on a file", leasedFiles(open));

testReopening("sqlite on a file", () => open(temporaryFile()));

// In memory, the storage's own suite and the comparisons with the memory adapter run: what is above them is the same.
