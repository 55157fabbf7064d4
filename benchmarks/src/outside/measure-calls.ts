/** What a call costs outside of the storage: with one that answers at once. */
import { createCrm } from "@relata/core";
import { memory } from "@relata/memory";
import * as z from "zod";
import { measure, type Operation } from "../measure/measure.ts";
import { openCrm, type SalesCrm } from "../sales/relata.ts";
import type { Bench } from "../suite.ts";
import { replaying } from "./replaying-storage.ts";

const EVENTS = 500;
const LISTENERS = 5;

export async function measureCalls(bench: Bench): Promise<void> {
  const cost = async (name: string, what: string, prepare: (crm: SalesCrm) => Operation | Promise<Operation>) => {
    const contestant = await replayed(prepare);
    const entrants = [{ name: "Relata", contestant }];
    await bench.measure({ name, what, prepare: () => contestant }, entrants);
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

/** What emitting many events costs more with five listeners than with none, for each event. */
async function eventToListeners(bench: Bench) {
  let heard = 0;
  const emitting = async (listeners: number): Promise<Operation> => {
    const { adapter, keep } = replaying(memory());
    const crm = await createCrm({ storage: adapter, events: { "account.visited": z.null() } });
    for (let listener = 0; listener < listeners; listener++) crm.on("account.visited", () => void heard++);
    const { id } = await crm.accounts.create({ name: "Acme" });
    const events = Array.from({ length: EVENTS }, () => ({ recordId: id, data: null }));
    const emit = () => crm.emitMany("account.visited", events);
    await keep(emit);
    return emit;
  };
  const sides = { none: await emitting(0), five: await emitting(LISTENERS) };
  const measured = await measure(
    {
      name: "event to five listeners",
      what: "what five listeners of a declared event add to its emission",
      prepare: (emit: Operation) => emit,
    },
    Object.entries(sides).map(([name, contestant]) => ({ name, contestant })),
    bench.effort,
  );
  if (heard === 0) throw new Error("No listener has heard of anything.");
  const costs = measured.costs.five!.map((cost, round) => (cost - measured.costs.none![round]!) / EVENTS);
  return { ...measured, costs: { Relata: costs } };
}
