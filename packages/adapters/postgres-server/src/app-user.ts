/** Who the adapters of a test file connect as: the superuser, or a user of the file's own without any right but to rows. */
import { randomBytes } from "node:crypto";
import type { ServerAdministration } from "./server-administration.ts";

/** What an adapter under test is told of its server. */
export interface AdapterPlace {
  readonly connectionString: string;
  readonly schema: string;
  /** The superuser's, where `connectionString` is of a user who may not create tables. */
  readonly migrateWith?: { readonly connectionString: string };
}

export interface SchemaOptions {
  /** As an application's own user, neither owner nor superuser, who may read and write rows; the superuser creates the tables. */
  readonly appUser?: boolean;
}

export interface PlacePreparation {
  /** Creates the user at first, and the schema with the user's rights. */
  prepare(schema: string): Promise<AdapterPlace>;
  /** To be called when the schemas are gone. */
  end(): Promise<void>;
}

export function placePreparation(
  server: ServerAdministration,
  connectionString: string,
  { appUser = false }: SchemaOptions,
): PlacePreparation {
  const name = `t_${process.pid}_${randomBytes(5).toString("hex")}_app`;
  let created: Promise<string> | undefined;
  return {
    async prepare(schema) {
      if (!appUser) return { connectionString, schema };
      created ??= server.createRole(name);
      const own = await created;
      await server.allowRows(schema, name);
      return { connectionString: own, schema, migrateWith: { connectionString } };
    },
    async end() {
      if (created === undefined) return;
      await created;
      await server.dropRole(name);
    },
  };
}
