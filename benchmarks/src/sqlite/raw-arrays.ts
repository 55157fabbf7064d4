/** The reads of `raw` with rows that come as arrays, which are made quicker than objects: the least that reading records can cost. */
import type { FiveFields, Opportunity, PageQuery, Reader } from "../sales/contestant.ts";
import { PAGE_SIZE } from "../sales/contestant.ts";
import { amountOf, FIVE_FIELDS_COLUMNS, OPPORTUNITY_COLUMNS, TENANT } from "../sales/rows.ts";
import { type ContestantOptions, type Driver, openDatabase } from "./open-database.ts";
import { preparePages, readPage } from "./raw.ts";

type Values = readonly never[];

export function rawArrays(driver: Driver, { filename }: ContestantOptions): Reader {
  const database = openDatabase(driver, filename);
  const byId = database.prepareArrays(
    `select ${OPPORTUNITY_COLUMNS.join()} from opportunity where tenant_id = ? and id = ?`,
  );
  const pages = preparePages(database.prepareArrays, OPPORTUNITY_COLUMNS);
  const fiveFieldsPages = preparePages(database.prepareArrays, FIVE_FIELDS_COLUMNS);
  return {
    get: (id) => opportunityOf(byId.get(TENANT, id) as Values),
    list: (query: PageQuery) => pageOf(readPage(pages, query) as readonly Values[], opportunityOf, DAY_OF_ALL),
    listFiveFields: (query: PageQuery) =>
      pageOf(readPage(fiveFieldsPages, query) as readonly Values[], fiveFieldsOf, DAY_OF_FIVE),
    close: () => database.close(),
  };
}

const DAY_OF_ALL = OPPORTUNITY_COLUMNS.indexOf("expected_close_date");
const DAY_OF_FIVE = FIVE_FIELDS_COLUMNS.indexOf("expected_close_date");

function pageOf<T>(rows: readonly Values[], decode: (row: Values) => T, day: number) {
  const last = rows.length > PAGE_SIZE ? rows[PAGE_SIZE - 1]! : undefined;
  return { items: rows.slice(0, PAGE_SIZE).map(decode), next: last && [last[day], last[0]] };
}

/** By the places of `OPPORTUNITY_COLUMNS`. */
function opportunityOf(row: Values): Opportunity {
  return {
    id: row[0]!,
    version: row[1]!,
    createdAt: new Date(row[2]!),
    createdBy: row[3]!,
    updatedAt: new Date(row[4]!),
    updatedBy: row[5]!,
    archivedAt: row[6]! === null ? null : new Date(row[6]!),
    name: row[7]!,
    accountId: row[8]!,
    contactId: row[9]!,
    amount: amountOf(row[10]!, row[11]!),
    oneTimeAmount: amountOf(row[12]!, row[13]!),
    recurringAmount: amountOf(row[14]!, row[15]!),
    recurringInterval: row[16]!,
    monthlyRecurring: amountOf(row[17]!, row[18]!),
    annualRecurring: amountOf(row[19]!, row[20]!),
    pipelineId: row[21]!,
    stageId: row[22]!,
    status: row[23]!,
    stageEnteredAt: new Date(row[24]!),
    actualCloseDate: row[25]!,
    salesCycleDays: row[26]!,
    lostReasonId: row[27]!,
    lostNote: row[28]!,
    boardPosition: row[29]!,
    probability: String(row[30]! / 100),
    expectedCloseDate: row[31]!,
    ownerId: row[32]!,
    teamId: row[33]!,
    queueId: row[34]!,
    source: row[35]!,
    nextStep: row[36]!,
  };
}

/** By the places of `FIVE_FIELDS_COLUMNS`. */
function fiveFieldsOf(row: Values): FiveFields {
  return {
    id: row[0]!,
    name: row[1]!,
    status: row[2]!,
    amount: amountOf(row[3]!, row[4]!),
    expectedCloseDate: row[5]!,
    ownerId: row[6]!,
  };
}
