import { testStorageAdapter } from "@relata/testkit";
import { memory } from "./memory-adapter.ts";

testStorageAdapter("memory", () => memory());
