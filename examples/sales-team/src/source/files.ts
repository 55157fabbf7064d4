/** The files of a source folder: their columns, and what each column accepts. */
import * as z from "zod";

const name = z
  .string()
  .min(1, "is empty")
  .max(200, "is longer than 200 characters")
  .refine((value) => !value.includes("\0"), "contains a NUL character");
const day = z.iso.date({ error: "is not a day of the calendar written YYYY-MM-DD", abort: true });
const amount = z.string().regex(/^\d{1,12}(\.\d{1,2})?$/, "is not an amount: digits, and at most two after a point");
const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, "is not a whole number")
  .transform(Number);
const millions = z.string().regex(/^\d{1,7}(\.\d{1,6})?$/, "is not an amount in millions");

const stageNames = ["Prospecting", "Engaging", "Won", "Lost"] as const;

const teams = z.object({ sales_agent: name, manager: name, regional_office: name });

const accounts = z.object({
  account: name,
  sector: orNone(name),
  year_established: orNone(wholeNumber),
  revenue: orNone(millions),
  employees: orNone(wholeNumber),
  office_location: orNone(name),
  subsidiary_of: orNone(name),
});

const products = z.object({ product: name, series: orNone(name), sales_price: amount });

const pipeline = z
  .object({
    opportunity_id: name,
    sales_agent: name,
    product: name,
    account: orNone(name),
    deal_stage: z.enum(stageNames, `is not a stage: ${stageNames.join(", ")}`),
    engage_date: orNone(day),
    close_date: orNone(day),
    close_value: orNone(amount),
  })
  .superRefine((row, context) => {
    const refuse = (column: keyof typeof row, message: string) =>
      context.addIssue({ code: "custom", path: [column], message });
    const closed = row.deal_stage === "Won" || row.deal_stage === "Lost";
    if (row.deal_stage !== "Prospecting" && row.engage_date === null)
      refuse("engage_date", `is empty, in a row "${row.deal_stage}"`);
    if (closed && row.close_date === null) refuse("close_date", `is empty, in a row "${row.deal_stage}"`);
    if (!closed && row.close_date !== null) refuse("close_date", `is given, in a row "${row.deal_stage}"`);
    if (row.deal_stage === "Won" && row.close_value === null) refuse("close_value", 'is empty, in a row "Won"');
    if (row.engage_date !== null && row.close_date !== null && row.close_date < row.engage_date) {
      refuse("close_date", `is before the engage_date, ${row.engage_date}`);
    }
  });

const contacts = z.object({
  contact_id: name,
  first_name: orNone(name),
  last_name: name,
  email: orNone(name),
  job_title: orNone(name),
  account: orNone(name),
});

const activityTypes = ["call", "email", "meeting", "task", "note"] as const;

const activities = z.object({
  activity_id: name,
  activity_type: z.enum(activityTypes, `is not an activity: ${activityTypes.join(", ")}`),
  subject: name,
  activity_date: day,
  completed: z.enum(["yes", "no"], 'is neither "yes" nor "no"'),
  sales_agent: name,
  opportunity_id: orNone(name),
  contact_id: orNone(name),
});

/** By name: the file, its columns in their order, the one that no two rows may share, and whether it may be absent. */
export const sourceFiles = {
  teams: { file: "sales_teams.csv", row: teams, key: "sales_agent", optional: false },
  accounts: { file: "accounts.csv", row: accounts, key: "account", optional: false },
  products: { file: "products.csv", row: products, key: "product", optional: false },
  pipeline: { file: "sales_pipeline.csv", row: pipeline, key: "opportunity_id", optional: false },
  contacts: { file: "contacts.csv", row: contacts, key: "contact_id", optional: true },
  activities: { file: "activities.csv", row: activities, key: "activity_id", optional: true },
} as const;

export type SourceName = keyof typeof sourceFiles;
export type SourceRow<N extends SourceName> = z.infer<(typeof sourceFiles)[N]["row"]>;

/** The columns of a file, in their order. */
export function columnsOf(source: SourceName): readonly string[] {
  return Object.keys(sourceFiles[source].row.shape);
}

/** An empty cell is null; any other must satisfy `schema`. */
function orNone<S extends z.ZodType>(schema: S) {
  return z.preprocess((cell) => (cell === "" ? null : cell), schema.nullable());
}
