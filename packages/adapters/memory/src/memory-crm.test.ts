import { testCrm } from "@relata/testkit";
import { memory } from "./memory-adapter.ts";

testCrm("memory", () => memory());
