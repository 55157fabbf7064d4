/** What one can do with contacts. */
import { pipelined } from "../pipeline/pipelined.ts";
import { standardLifecycle } from "../pipeline/standard-lifecycle.ts";
import { contact, contactStageEntry } from "./contact.ts";

/** A contact has a lifecycle as soon as it is put into one. */
export const pipelinedContact = pipelined(contact, { stays: contactStageEntry, standard: standardLifecycle });
