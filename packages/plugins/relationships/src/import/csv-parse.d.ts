/** What the plugin uses of csv-parse, without Node's types, which its own declarations bring: for tsconfig.neutral.json. */
export function parse(
  text: string,
  options: {
    readonly delimiter: string;
    readonly bom: boolean;
    readonly relax_column_count: true;
    readonly record_delimiter: string[];
    readonly on_record: (cells: string[]) => null;
  },
): string[][];

export class CsvError extends Error {
  readonly code: string;
}
