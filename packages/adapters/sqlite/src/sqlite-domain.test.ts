import { memory } from "@relata/memory";
import { compareDomain, testDomain } from "@relata/testkit";
import { leasedFiles } from "./fixtures/leased-files.ts";
import { sqlite } from "./sqlite-adapter.ts";

testDomain(
  "sqlite on a file",
  leasedFiles((filename) => sqlite({ filename, durability: "relaxed" })),
);

compareDomain(
  { name: "memory", open: () => memory() },
  { name: "sqlite", open: () => sqlite({ filename: ":memory:" }) },
);
