/** Opportunities with three related things: account, owner, and stays in stages. */
import type { Answer } from "../measure/measure.ts";
import { PAGE_SIZE, type PageQuery } from "../sales/contestant.ts";
import type { SalesCrm } from "../sales/relata.ts";
import { OPPORTUNITY_COLUMNS, type OpportunityRow, opportunityOf, type StageEntryRow, TENANT } from "../sales/rows.ts";
import { GET, pageText, type RawClient, STAGE_ENTRY_TABLE } from "./raw.ts";
import {
  ACCOUNT_COLUMNS,
  type AccountRow,
  accountOf,
  stageEntryOf,
  USER_COLUMNS,
  type UserRow,
  userOf,
} from "./related-rows.ts";

export interface Including {
  get(id: string): Answer<object>;
  /** The first page. */
  list(query: Pick<PageQuery, "from">): Answer<readonly object[]>;
}

const include = { account: true, owner: true, stageEntries: true } as const;

export function includingOn(crm: SalesCrm): Including {
  return {
    get: (id) => crm.opportunities.get(id, { include }),
    async list({ from }) {
      const page = await crm.opportunities.list({
        where: { status: "open", expectedCloseDate: { gte: from } },
        orderBy: [{ expectedCloseDate: "asc" }],
        include,
      });
      return page.items;
    },
  };
}

const ACCOUNT = `select ${ACCOUNT_COLUMNS.join()} from crm.account where tenant_id = $1 and id = $2`;
const OWNER = `select ${USER_COLUMNS.join()} from crm."user" where tenant_id = $1 and id = $2`;
const STAYS = `select ${STAGE_ENTRY_TABLE.slice(1).join()} from crm.opportunity_stage_entry where tenant_id = $1 and record_id = $2 order by id`;
const LIST = pageText(OPPORTUNITY_COLUMNS, "expected_close_date >= $3");

/** A query for each thing that is related to a record, one after another. */
export function includingByHand({ query }: Pick<RawClient, "query">): Including {
  const withRelated = async (row: OpportunityRow) => {
    const [account] = await query<AccountRow>("account", ACCOUNT, [TENANT, row.account_id]);
    const [owner] = await query<UserRow>("owner", OWNER, [TENANT, row.owner_id]);
    const stays = await query<StageEntryRow>("stays", STAYS, [TENANT, row.id]);
    return {
      ...opportunityOf(row),
      account: account ? accountOf(account) : null,
      owner: owner ? userOf(owner) : null,
      stageEntries: stays.map(stageEntryOf),
    };
  };
  return {
    async get(id) {
      const [row] = await query<OpportunityRow>("get", GET, [TENANT, id]);
      return withRelated(row!);
    },
    async list({ from }) {
      const rows = await query<OpportunityRow>("list", LIST, [TENANT, "open", from]);
      const records = [];
      for (const row of rows.slice(0, PAGE_SIZE)) records.push(await withRelated(row));
      return records;
    },
  };
}
