/** What the last full run of each suite gave: `benchmarks/recorded.json`, from which the page and the README's table are made. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import type { Suite } from "../suite.ts";
import type { Figure } from "./figure.ts";

export const RECORDED_FILE = join("benchmarks", "recorded.json");

export interface Report {
  readonly suite: string;
  readonly mode: string;
  /** A calendar day. */
  readonly date: string;
  readonly machine: string;
  /** Of the last minute, when the suite ended. */
  readonly load: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly figures: readonly Figure[];
}

export async function reportOf(suite: Suite, mode: string, figures: readonly Figure[]): Promise<Report> {
  return {
    suite: suite.name,
    mode,
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} cores, ${Math.ceil(totalmem() / 2 ** 30)} GB of memory, ${process.platform} on ${process.arch}`,
    load: loadavg()[0]!.toFixed(1),
    versions: { Node: process.versions.node, ...(await suite.versions()) },
    figures,
  };
}

/** By suite; empty where there is no such file. */
export function readReports(file: string): Readonly<Record<string, Report>> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, Report>) : {};
}

/** In the place of the one that the file has of the suite; the others stay. */
export function writeReport(file: string, report: Report): void {
  const reports = Object.entries({ ...readReports(file), [report.suite]: report }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(reports), undefined, 2)}\n`);
}
