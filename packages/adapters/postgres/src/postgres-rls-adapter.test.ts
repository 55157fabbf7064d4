import { memory } from "@relata/memory";
import { freshSchemas } from "@relata/postgres-server";
import { compareStorageAdapters, testStorageAdapter } from "@relata/testkit";
import { postgres } from "./postgres-adapter.ts";

// Proven for a user who is bound by the policies: neither owner of the tables nor superuser.
const open = freshSchemas((place) => postgres({ ...place, rowLevelSecurity: true }), { appUser: true });

testStorageAdapter("postgres with row-level security", open);

compareStorageAdapters({ name: "memory", open: () => memory() }, { name: "postgres with row-level security", open });
