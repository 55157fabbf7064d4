import { memory } from "@relata/memory";
import { compareDomain, testDomain } from "@relata/testkit";
import Database from "better-sqlite3";
import { leasedFiles } from "./fixtures/leased-files.ts";
import { sqlite } from "./sqlite-adapter.ts";

testDomain(
  "better-sqlite3 on a file",
  leasedFiles((filename) => sqlite({ filename, durability: "relaxed", driver: Database })),
);

compareDomain(
  { name: "memory", open: () => memory() },
  { name: "better-sqlite3", open: () => sqlite({ filename: ":memory:", driver: Database }) },
);
