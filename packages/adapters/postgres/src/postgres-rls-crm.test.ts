import { leasedSchemas } from "@relata/postgres-server";
import { testCrm } from "@relata/testkit";
import { postgres } from "./postgres-adapter.ts";

// All parts are proven in postgres-crm.test.ts. These are where statements without a tenant, or with another one, would be found.
testCrm(
  "postgres with row-level security",
  leasedSchemas((place) => postgres({ ...place, rowLevelSecurity: true }), { appUser: true }),
  {
    parts: [
      "tenants",
      "what another tenant has",
      "reading the past",
      "erasing",
      "merging with hooks, units and tenants",
      "joining the application",
      "the outbox",
      "drains that share the work",
      "transactions with a key",
      "many at once",
      "includes",
      "search over all entities",
    ],
  },
);
