import { leasedSchemas } from "@relata/postgres-server";
import { testCrm } from "@relata/testkit";
import { postgres } from "./postgres-adapter.ts";

testCrm(
  "postgres with row-level security",
  leasedSchemas((place) => postgres({ ...place, rowLevelSecurity: true }), { appUser: true }),
);
