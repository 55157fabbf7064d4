/** Writes generated data as a source folder: the CSV files that `--from` reads. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CrmError } from "@relata/core";
import { stringify } from "csv-stringify/sync";
import { columnsOf, type SourceName, sourceFiles } from "../source/files.ts";
import type { GeneratedSource } from "./generated-source.ts";

/**
 * Makes the folder where it is missing; files of the same names are replaced.
 *
 * @throws `data_not_writable`
 */
export async function writeSource(source: GeneratedSource, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const name of Object.keys(sourceFiles) as SourceName[]) {
      const content = stringify([...source[name]], { header: true, columns: [...columnsOf(name)] });
      await writeFile(join(folder, sourceFiles[name].file), content);
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CrmError("data_not_writable", `The generated data cannot be written to ${folder}: ${why}.`, { cause });
  }
}
