/** What one can do with accounts. */
import { pipelined } from "../pipeline/pipelined.ts";
import { standardLifecycle } from "../pipeline/standard-lifecycle.ts";
import { account, accountStageEntry } from "./account.ts";

/** An account has a lifecycle as soon as it is put into one. */
export const pipelinedAccount = pipelined(account, { stays: accountStageEntry, standard: standardLifecycle });
