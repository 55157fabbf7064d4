import { testDomain } from "@relata/testkit";
import { memory } from "./memory-adapter.ts";

testDomain("memory", () => memory());
