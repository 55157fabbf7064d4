/** For tests: a small source folder, all of whose figures can be worked out by hand. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const teams = `sales_agent,manager,regional_office
Ann Adler,Mia Moss,North
Ben Baker,Mia Moss,North
Cy Cole,Max Muir,South
`;

const accounts = `account,sector,year_established,revenue,employees,office_location,subsidiary_of
Hill,technolgy,1999,1.5,120,Philipines,
Lake,retail,2004,1100.04,2822,United States,Hill
`;

const products = `product,series,sales_price
Alpha Pro,Alpha,1000
Beta,Beta,50
`;

const pipeline = `opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
O1,Ann Adler,Alpha Pro,Lake,Won,2025-01-10,2025-02-20,900
O2,Ann Adler,AlphaPro,Hill,Lost,2025-01-15,2025-04-01,0
O3,Ben Baker,Beta,Hill,Won,2025-02-01,2025-02-11,55
O4,Ben Baker,Beta,,Engaging,2025-01-05,,
O5,Cy Cole,Alpha Pro,Lake,Engaging,2025-03-01,,
O6,Cy Cole,Beta,,Prospecting,,,
`;

const contacts = `contact_id,first_name,last_name,email,job_title,account
C1,Lena,Lund,lena@hill.example ,Buyer,Hill
C2,,Olsen,,,Lake
`;

const activities = `activity_id,activity_type,subject,activity_date,completed,sales_agent,opportunity_id,contact_id
A1,call,First call,2025-01-10,yes,Ann Adler,O1,C2
A2,task,Send the offer,2025-03-15,no,Cy Cole,O5,
`;

/** The content of each file of a good source. */
export const goodFiles = {
  "sales_teams.csv": teams,
  "accounts.csv": accounts,
  "products.csv": products,
  "sales_pipeline.csv": pipeline,
  "contacts.csv": contacts,
  "activities.csv": activities,
};

export type FixtureFiles = { readonly [F in keyof typeof goodFiles]?: string | Uint8Array | null };

/** A folder with the good files, except for `changes`; null leaves a file out. It is gone when the test has finished. */
export async function writeFixture(changes: FixtureFiles = {}): Promise<string> {
  const folder = await temporaryFolder();
  for (const [file, content] of Object.entries({ ...goodFiles, ...changes })) {
    if (content !== null) await writeFile(join(folder, file), content);
  }
  return folder;
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "relata-sales-team-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A good file with one piece of its text replaced. */
export function edited(file: keyof typeof goodFiles, before: string, after: string): FixtureFiles {
  if (!goodFiles[file].includes(before)) throw new Error(`${file} has no ${before}`);
  return { [file]: goodFiles[file].replace(before, after) };
}
