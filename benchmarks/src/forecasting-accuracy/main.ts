/**
 * `pnpm evaluate [data set…]`: how good the forecasts are, on real data, where these are present; writes its figures into docs/forecasting.md.
 * Ends with 1 where a goal is not reached.
 */
import { airPassengers } from "./air-passengers.ts";
import { crmSales } from "./crm-sales.ts";
import { m3 } from "./m3.ts";
import { dataFolder, type Section, whyAbsent, writeSection } from "./section.ts";

const sections: readonly Section[] = [crmSales, m3, airPassengers];

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !sections.some((section) => section.name === name));
if (unknown === undefined) {
  for (const section of sections) if (wanted.length === 0 || wanted.includes(section.name)) await evaluate(section);
} else {
  console.error(`There is no data set ${JSON.stringify(unknown)}: ${sections.map(({ name }) => name).join(", ")}.`);
  process.exitCode = 2;
}

async function evaluate(section: Section): Promise<void> {
  const absent = whyAbsent(section.name);
  if (absent !== undefined)
    return console.warn(`${section.name} is skipped: ${absent}. Its figures stay as they were.`);
  const { markdown, missed } = await section.evaluate(dataFolder(section.name));
  writeSection(section.name, markdown);
  for (const words of missed) console.error(`${section.name}: not reached: ${words}`);
  if (missed.length > 0) process.exitCode = 1;
}
