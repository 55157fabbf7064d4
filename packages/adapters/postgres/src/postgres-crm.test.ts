import { freshSchemas, leasedSchemas } from "@relata/postgres-server";
import { testCrm, testReopening } from "@relata/testkit";
import { postgres } from "./postgres-adapter.ts";

testCrm("postgres", leasedSchemas(postgres));

testReopening("postgres", freshSchemas(postgres));
