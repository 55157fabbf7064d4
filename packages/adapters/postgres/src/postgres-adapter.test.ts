import { memory } from "@relata/memory";
import { freshSchemas } from "@relata/postgres-server";
import { compareStorageAdapters, testStorageAdapter } from "@relata/testkit";
import { postgres } from "./postgres-adapter.ts";

const open = freshSchemas(postgres);

testStorageAdapter("postgres", open);

compareStorageAdapters({ name: "memory", open: () => memory() }, { name: "postgres", open });
