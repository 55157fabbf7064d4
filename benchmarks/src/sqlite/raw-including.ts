/** Records with what they refer to, by a prepared statement for each thing that is read. */
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
import type { Database } from "./open-database.ts";
import { preparePages } from "./raw.ts";

export function rawIncluding(database: Database): Including {
  const byId = (table: string, columns: readonly string[]) =>
    database.prepare(`select ${columns.join()} from ${table} where tenant_id = ? and id = ?`);
  const opportunity = byId("opportunity", OPPORTUNITY_COLUMNS);
  const account = byId("account", ACCOUNT_COLUMNS);
  const owner = byId(`"user"`, USER_COLUMNS);
  const stays = database.prepare(
    `select ${STAGE_ENTRY_COLUMNS.slice(1).join()} from opportunity_stage_entry where tenant_id = ? and record_id = ? order by id`,
  );
  const { first } = preparePages(database.prepare, OPPORTUNITY_COLUMNS);
  const withRelated = (row: OpportunityRow) => ({
    ...opportunityOf(row),
    account: accountOf(account.get(TENANT, row.account_id) as AccountRow),
    owner: userOf(owner.get(TENANT, row.owner_id) as UserRow),
    stageEntries: (stays.all(TENANT, row.id) as StageEntryRow[]).map(stageEntryOf),
  });
  return {
    get: (id) => withRelated(opportunity.get(TENANT, id) as OpportunityRow),
    list: () => (first.all(TENANT, "open", FROM) as OpportunityRow[]).slice(0, PAGE_SIZE).map(withRelated),
  };
}
