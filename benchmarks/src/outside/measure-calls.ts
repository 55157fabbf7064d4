/** What a call costs outside of the storage: with one that answers at once. */
import { memory } from "@relata/memory";
import { measure, type Operation } from "../measure/measure.ts";
import { openCrm, type SalesCrm } from "../sales/relata.ts";
import type { Bench } from "../suite.ts";
import { replaying } from "./replaying-storage.ts";

const BULK = 500;
const LISTENERS = 5;

export async function measureCalls(bench: Bench): Promise<void> {
  // Code is only quick when it has run for a while.
  const effort = { warmUpMs: 2 * bench.effort.warmUpMs };
  const cost = async (name: string, what: string, prepare: (crm: SalesCrm) => Operation | Promise<Operation>) => {
    const contestant = await replayed(prepare);
    const entrants = [{ name: "Relata", contestant }];
    await bench.measure({ name, what, prepare: () => contestant }, entrants, { effort });
  };
  await cost("create an account", "two fields, `crm.accounts.create`", (crm) => accountOf(crm));
  await cost("create an opportunity", "as on SQLite, `crm.opportunities.create`", opportunityOf);
  await cost("get an opportunity", "all fields, `crm.opportunities.get`", async (crm) => {
    const { id } = (await (await opportunityOf(crm))(0)) as { readonly id: string };
    return () => crm.opportunities.get(id);
  });
  if (bench.measures("event to five listeners")) bench.add(await eventToListeners(bench));
}

/** The operation on a CRM of its own, whose storage only repeats. */
async function replayed(prepare: (crm: SalesCrm) => Operation | Promise<Operation>): Promise<Operation> {
  const { adapter, keep } = replaying(memory());
  const operation = await prepare(await openCrm(adapter, Date.now));
  await keep(operation);
  return operation;
}

function accountOf(crm: SalesCrm): Operation {
  return (number) => crm.accounts.create({ name: `Account ${number}`, source: "referral" });
}

async function opportunityOf(crm: SalesCrm): Promise<Operation> {
  const { id: accountId } = await crm.accounts.create({ name: "Acme" });
  const { id: ownerId } = await crm.users.create({ name: "Ann", email: "ann@example.com" });
  return (number) =>
    crm.opportunities.create({
      name: `Opportunity ${number}`,
      accountId,
      ownerId,
      amount: { amount: "1250.50", currency: "EUR" },
      expectedCloseDate: "2026-10-01",
      source: "referral",
    });
}

/** What bulk creation costs more with five listeners than with none, for each record's event. */
async function eventToListeners(bench: Bench) {
  let heard = 0;
  const bulk = (listeners: number) =>
    replayed((crm) => {
      for (let listener = 0; listener < listeners; listener++) crm.on("account.created", () => void heard++);
      return (number) =>
        crm.accounts.createMany(Array.from({ length: BULK }, (_, i) => ({ name: `Account ${number} ${i}` })));
    });
  const [none, five] = [await bulk(0), await bulk(LISTENERS)];
  const measured = await measure(
    {
      name: "event to five listeners",
      what: "what it adds to the creation of a record",
      prepare: (bulk: Operation) => bulk,
    },
    [
      { name: "none", contestant: none },
      { name: "five", contestant: five },
    ],
    { ...bench.effort, warmUpMs: 4 * bench.effort.warmUpMs },
  );
  if (heard === 0) throw new Error("No listener has heard of anything.");
  const costs = measured.costs.five!.map((cost, round) => (cost - measured.costs.none![round]!) / BULK);
  return { ...measured, costs: { Relata: costs } };
}
