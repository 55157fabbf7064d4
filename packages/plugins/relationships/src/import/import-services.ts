/** Imports, as services. The code is loaded when it is first asked for. */
import { loadedFunctions } from "@relata/core/plugin";
import type { RelationshipsContext } from "../parts.ts";
import type { ImportOptions, ImportSource } from "./import-options.ts";
import type { ImportReport } from "./import-report.ts";

interface ImportServices {
  /**
   * Brings relationships in from rows, CSV or JSON, whole or as they come: a row that cannot be is left out and told, and takes none along. Again, it
   * adds nothing: what has the key of a row, or says the same without one, is there already.
   *
   * Atomic is a unit of `unitSize` relationships; where a problem's choice is `reject`, and in a dry run, the whole. A bounded number of statements is sent
   * for each unit and each thousand rows. Held in memory are these, and some hundred bytes for each row, by which mirrors and doubles are known.
   *
   * @throws `invalid_input` for options, and for text that cannot be read (what units have stored by then stays); `unknown_relationship_type`,
   * `relationship_type_archived` for types that options name; `relationship_import_rejected` where a problem is found that is to be rejected, and then
   * nothing is imported; the reason of `signal`
   * @example
   * ```ts run with relationships
   * const csv = `nr,person,organisation,post
   * 1,${bela.id},${acme.id},Founder since 2020
   * 2,nobody,${acme.id},Employee`;
   * const { created, findings } = await crm.relationships.importRelationships({ csv }, {
   *   columns: { key: "nr", from: "person", to: "organisation", role: "post" },
   *   ...{ from: { entity: "contact" }, to: { entity: "account" }, source: "register" },
   * });
   * console.log(created); // 1
   * for (const { line, problem } of findings) console.log(line, problem); // 3 unknown_thing: nothing is lost without a word
   * ```
   */
  importRelationships(source: ImportSource, options?: ImportOptions): Promise<ImportReport>;
}

export const importServices: (context: RelationshipsContext) => ImportServices = loadedFunctions<
  RelationshipsContext,
  ImportServices
>({ importRelationships: true }, async () => {
  const { importRelationships } = await import("./import-relationships.ts");
  return (context) => ({ importRelationships: (source, options) => importRelationships(context, source, options) });
});
