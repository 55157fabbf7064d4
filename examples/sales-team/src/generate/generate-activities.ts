/** Calls, e-mails and meetings about the opportunities of the generated pipeline, and what is still to be done. */
import { addDays, earlierDay } from "../day.ts";
import type { Cells } from "./generated-source.ts";
import type { Random } from "./random.ts";

const past = [
  { activity_type: "call", subject: "First call" },
  { activity_type: "email", subject: "Price list sent" },
  { activity_type: "meeting", subject: "Product shown" },
  { activity_type: "note", subject: "Budget confirmed for this year" },
];

export function generateActivities(
  random: Random,
  { pipeline, contacts }: { readonly pipeline: readonly Cells[]; readonly contacts: readonly Cells[] },
): readonly Cells[] {
  const contactsOf = Map.groupBy(contacts, ({ account }) => account);
  const engaged = pipeline.filter(({ engage_date }) => engage_date !== "");
  const lastDay = engaged.reduce((latest, { engage_date = "" }) => (engage_date > latest ? engage_date : latest), "");
  const rows = engaged.flatMap(({ opportunity_id = "", sales_agent = "", account, engage_date = "", close_date }) => {
    const people = contactsOf.get(account) ?? [];
    const row = (activity: Cells, activity_date: string, completed: "yes" | "no") => ({
      ...activity,
      activity_date,
      completed,
      sales_agent,
      opportunity_id,
      contact_id: people.length === 0 ? "" : (random.pick(people).contact_id ?? ""),
    });
    const until = close_date || lastDay;
    const done = Array.from({ length: random.integer(0, 2) }, () => {
      const day = addDays(engage_date, random.integer(0, 14));
      return row(random.pick(past), earlierDay(day, until), "yes");
    });
    const open = close_date === "" && random.chance(30);
    return open ? [...done, row({ activity_type: "task", subject: "Send the offer" }, lastDay, "no")] : done;
  });
  return rows.map((cells, index) => ({ activity_id: `A${String(index + 1).padStart(5, "0")}`, ...cells }));
}
