/** Records with what they refer to, by a prepared statement for each record that is read. */
import type { IncludingContestant } from "../sales/includes.ts";
import { accountOf, stageEntryOf, userOf } from "../sales/related-rows.ts";
import { OPPORTUNITY_COLUMNS, type OpportunityRow, opportunityOf, TENANT } from "../sales/rows.ts";
import { type Driver, openDatabase } from "./open-database.ts";

const PAGE_SIZE = 50;

export function rawIncluding(driver: Driver, filename: string): IncludingContestant & { close(): void } {
  const database = openDatabase(driver, filename);
  const columns = OPPORTUNITY_COLUMNS.join();
  const opportunity = database.prepare(`select ${columns} from opportunity where tenant_id = ? and id = ?`);
  const account = database.prepare("select * from account where tenant_id = ? and id = ?");
  const owner = database.prepare(`select * from "user" where tenant_id = ? and id = ?`);
  const stays = database.prepare(
    "select * from opportunity_stage_entry where tenant_id = ? and record_id = ? order by id",
  );
  const page = database.prepare(
    `select ${columns} from opportunity
    where tenant_id = ? and archived_at is null and status = ? and expected_close_date >= ?
    order by expected_close_date, id limit ${PAGE_SIZE + 1}`,
  );
  const withTwo = (row: OpportunityRow) => ({
    ...opportunityOf(row),
    account: row.account_id === null ? null : accountOf(account.get(TENANT, row.account_id) as never),
    owner: row.owner_id === null ? null : userOf(owner.get(TENANT, row.owner_id) as never),
  });
  return {
    getWithThree(id) {
      const row = opportunity.get(TENANT, id) as OpportunityRow;
      const record = withTwo(row) as Record<string, unknown>;
      record.stageEntries = (stays.all(TENANT, id) as never[]).map(stageEntryOf);
      return record;
    },
    listWithTwo: (from) => (page.all(TENANT, "open", from) as OpportunityRow[]).slice(0, PAGE_SIZE).map(withTwo),
    close: () => database.close(),
  };
}
