import type { Storage, StorageAdapter } from "@relata/core/adapter";
import { testCrm, testReopening } from "@relata/testkit";
import { memory } from "./memory-adapter.ts";

testCrm("memory", () => memory());

/** What is in memory is gone when it is closed: here it is kept, and opened again. */
testReopening(
  "memory that is kept",
  (after): StorageAdapter => {
    let kept: Promise<Storage> | undefined;
    after(async () => (await kept)?.close());
    return {
      name: "memory",
      async open(options) {
        kept ??= memory().open(options);
        return { ...(await kept), close: async () => {} };
      },
    };
  },
  { everyCall: true },
);
