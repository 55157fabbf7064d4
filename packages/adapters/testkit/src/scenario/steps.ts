/** What can happen in the story, each as a step that is done with the names of the book. */
import type { Book, CompanyCrm } from "./open-company.ts";

export type Step = (crm: CompanyCrm, book: Book) => Promise<unknown>;

/** When (without the year), by whom, what. */
export type Event = readonly [at: string, by: string, step: Step];

type Input<K extends "contacts" | "opportunities" | "activities"> = Parameters<CompanyCrm[K]["create"]>[0];
type MoveOptions = NonNullable<Parameters<CompanyCrm["opportunities"]["moveTo"]>[2]>;

/** Names of the book, for references. */
interface About {
  readonly account?: string;
  readonly contact?: string;
  readonly deal?: string;
}

function references(book: Book, { account, contact, deal }: About) {
  return {
    ...(account === undefined ? {} : { accountId: book.id(account) }),
    ...(contact === undefined ? {} : { contactId: book.id(contact) }),
    ...(deal === undefined ? {} : { opportunityId: book.id(deal) }),
  };
}

export const contact =
  (name: string, about: About, input: Input<"contacts">): Step =>
  async (crm, book) =>
    book.write(name, await crm.contacts.create({ ...input, ...references(book, about) }));

export const deal =
  (name: string, { pipeline, ...about }: About & { readonly pipeline?: string }, input: Input<"opportunities">): Step =>
  async (crm, book) => {
    const found = pipeline === undefined ? undefined : await crm.pipelines.find({ where: { key: pipeline } });
    const pipelineId = found === undefined ? {} : { pipelineId: found.id };
    book.write(name, await crm.opportunities.create({ ...input, ...pipelineId, ...references(book, about) }));
  };

export const activity =
  (name: string, about: About, input: Input<"activities">): Step =>
  async (crm, book) =>
    book.write(name, await crm.activities.create({ ...input, ...references(book, about) }));

export const done =
  (name: string, outcome: string): Step =>
  (crm, book) =>
    crm.activities.complete(book.id(name), { outcome });

export const move =
  (name: string, stage: string, options: MoveOptions = {}): Step =>
  (crm, book) =>
    crm.opportunities.moveTo(book.id(name), stage, options);

export const customer =
  (name: string): Step =>
  (crm, book) =>
    crm.accounts.moveTo(book.id(name), "customer");

export const merged =
  (survivor: string, other: string): Step =>
  async (crm, book) => {
    const { mergeId } = await crm.contacts.merge(book.id(survivor), book.id(other));
    book.write(`${other} merged`, { id: mergeId });
  };

export const eur = (amount: string) => ({ amount, currency: "EUR" });
export const usd = (amount: string) => ({ amount, currency: "USD" });
export const chf = (amount: string) => ({ amount, currency: "CHF" });
