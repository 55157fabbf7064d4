/** Records through JSON and back, and inputs from the bodies of requests. */
import assert from "node:assert/strict";
import { type CrmSuite, crmFact } from "./crm-bench.ts";
import type { SampleCrm } from "./sample-crm.ts";
