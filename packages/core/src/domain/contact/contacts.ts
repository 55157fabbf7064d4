/** What one can do with contacts. */
import { loadedFunctions } from "../../kernel/loaded.ts";
import type { Where } from "../../kernel/repository/where.ts";
import type { DomainContext, DomainModel } from "../domain-model.ts";
import { type MoveValues, pipelined } from "../pipeline/pipelined.ts";
import type { PipelinedOperations } from "../pipeline/pipelined-operations.ts";
import { standardLifecycle } from "../pipeline/standard-lifecycle.ts";
import { contact, contactStageEntry } from "./contact.ts";
import type { OwnContactOperations } from "./contact-operations.ts";
import type { ContactRecord } from "./find-parties.ts";

/** A contact has a lifecycle as soon as it is put into one. */
export const pipelinedContact = pipelined(contact, { stays: contactStageEntry, standard: standardLifecycle });

export interface ContactOperations
  extends PipelinedOperations<ContactRecord, MoveValues<(typeof contact)["fields"]>, Where<DomainModel, "contact">>,
    OwnContactOperations {}

const ownOperations = loadedFunctions<DomainContext, OwnContactOperations>(
  {
    byEmail: true,
    byPhone: true,
    ofAccount: true,
    birthdays: true,
    listByName: true,
    mayContact: true,
    doNotContact: true,
    mayContactAgain: true,
  },
  async () => (await import("../operation-rules.ts")).contactOperationsIn,
);

export function contactOperations(context: DomainContext): ContactOperations {
  return { ...pipelinedContact.operations(context), ...ownOperations(context) };
}
