import { memory } from "@relata/memory";
import { leasedSchemas } from "@relata/postgres-server";
import { compareDomain, testDomain } from "@relata/testkit";
import { postgres } from "./postgres-adapter.ts";

const open = leasedSchemas(postgres);

testDomain("postgres", open);

compareDomain({ name: "memory", open: () => memory() }, { name: "postgres", open });
