/** Opportunities with what they refer to, by a named statement for each thing that is read, one after another. */
import { FROM, PAGE_SIZE } from "../sales/contestant.ts";
import type { Including } from "../sales/includes.ts";
import {
  ACCOUNT_COLUMNS,
  type AccountRow,
  accountOf,
  stageEntryOf,
  USER_COLUMNS,
  type UserRow,
  userOf,
} from "../sales/related-rows.ts";
import {
  OPPORTUNITY_COLUMNS,
  type OpportunityRow,
  opportunityOf,
  STAGE_ENTRY_COLUMNS,
  type StageEntryRow,
  TENANT,
} from "../sales/rows.ts";
import { GET, pageText, type RawClient } from "./raw.ts";

const ACCOUNT = `select ${ACCOUNT_COLUMNS.join()} from crm.account where tenant_id = $1 and id = $2`;
const OWNER = `select ${USER_COLUMNS.join()} from crm."user" where tenant_id = $1 and id = $2`;
const STAYS = `select ${STAGE_ENTRY_COLUMNS.slice(1).join()} from crm.opportunity_stage_entry where tenant_id = $1 and record_id = $2 order by id`;
const LIST = pageText(OPPORTUNITY_COLUMNS, "expected_close_date >= $3");

export function rawIncluding({ query }: Pick<RawClient, "query">): Including {
  const withRelated = async (row: OpportunityRow) => {
    const [account] = await query<AccountRow>("account", ACCOUNT, [TENANT, row.account_id]);
    const [owner] = await query<UserRow>("owner", OWNER, [TENANT, row.owner_id]);
    const stays = await query<StageEntryRow>("stays", STAYS, [TENANT, row.id]);
    return {
      ...opportunityOf(row),
      account: accountOf(account!),
      owner: userOf(owner!),
      stageEntries: stays.map(stageEntryOf),
    };
  };
  return {
    async get(id) {
      const [row] = await query<OpportunityRow>("get", GET, [TENANT, id]);
      return withRelated(row!);
    },
    async list() {
      const rows = await query<OpportunityRow>("list", LIST, [TENANT, "open", FROM]);
      const records = [];
      for (const row of rows.slice(0, PAGE_SIZE)) records.push(await withRelated(row));
      return records;
    },
  };
}
