import { leasedSchemas } from "@relata/postgres-server";
import { testDomain } from "@relata/testkit";
import { postgres } from "./postgres-adapter.ts";

testDomain(
  "postgres with row-level security",
  leasedSchemas((place) => postgres({ ...place, rowLevelSecurity: true }), { appUser: true }),
);
