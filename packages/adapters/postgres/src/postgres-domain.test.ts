import { memory } from "@relata/memory";
import { leasedSchemas } from "@relata/postgres-server";
import { compareDomain } from "@relata/testkit";
import { postgres } from "./postgres-adapter.ts";

// The domain's facts, one by one, are those of postgres-rls-domain.test.ts: for a user who is bound by the policies.
compareDomain({ name: "memory", open: () => memory() }, { name: "postgres", open: leasedSchemas(postgres) });
