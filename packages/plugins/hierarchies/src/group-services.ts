/** What is asked of a group as a whole: figures, what it has bought, who belongs to it, and what it looks like. */

import type { HierarchyQuery } from "./asked-hierarchy.ts";
import { type AccountTeam, accountTeam } from "./group/account-team.ts";
import { type GroupContactsPage, type GroupContactsQuery, groupContacts } from "./group/group-contacts.ts";
import { type Whitespace, type WhitespaceQuery, whitespace } from "./group/whitespace.ts";
import type { HierarchiesContext } from "./parts.ts";
import type { RollUpMeasures } from "./roll-up/measures.ts";
import {
  type NodeRollUp,
  type RollUp,
  type RollUpAllQuery,
  type RollUpQuery,
  rollUp,
  rollUpAll,
} from "./roll-up/roll-up.ts";
import { type DrawPageQuery, type DrawQuery, drawMermaid, drawPage, drawText } from "./view/draw.ts";

/** Of a day, today unless given. `invalid_input` names each wrong field. */
export interface GroupServices {
  /**
   * Figures of whatever refers to accounts, of the account itself and of all at or below it, side by side. In the default hierarchy the
   * database finds what is below: two aggregates, however much that is, and two more for each `latest`.
   *
   * @throws `invalid_input`, `not_found`, `unknown_hierarchy`; `invalid_query` for a `where` that its entity cannot have; `missing_rate`
   */
  rollUp<const Ms extends RollUpMeasures, const E extends string>(
    id: string,
    query: RollUpQuery<Ms, E>,
  ): Promise<RollUp<Ms, E>>;
  /**
   * The same of all accounts of a hierarchy, or of those at and below one, from the top down: by reading the tree, and one aggregate, with
   * one more for each `latest`, however many accounts there are. @throws as `rollUp`
   */
  rollUpAll<const Ms extends RollUpMeasures, const E extends string>(
    query: RollUpAllQuery<Ms, E>,
  ): Promise<readonly NodeRollUp<Ms, E>[]>;
  /** Which products the members of a group have bought, on won opportunities that are not archived unless said otherwise, and which not. @throws `invalid_input`, `not_found`, `unknown_hierarchy`, `invalid_query` */
  whitespace(id: string, query?: WhitespaceQuery): Promise<Whitespace>;
  /**
   * The contacts that have an affiliation with the account, or one below it, on the day, each once, by id. The default hierarchy has no
   * days: there it is the day of the affiliations.
   *
   * @throws `invalid_input`, `not_found`, `unknown_hierarchy`, `invalid_cursor`
   */
  contacts(id: string, query?: GroupContactsQuery): Promise<GroupContactsPage>;
  /**
   * Who works on the account: its owner, its team, and its members by role, each as it is given here or else at the nearest account above.
   * What is above is one line: in a graph it goes by the parent that owns the most.
   *
   * @throws `invalid_input`, `not_found`, `unknown_hierarchy`
   */
  team(id: string, query?: HierarchyQuery): Promise<AccountTeam>;
  /** A hierarchy, or what is at or below an account, as lines of text. @throws `invalid_input`, `not_found`, `unknown_hierarchy`, `invalid_query`, `missing_rate` */
  drawText(query?: DrawQuery): Promise<string>;
  /** As a flowchart in the language of Mermaid, which itself draws 500 edges and 50,000 characters unless told to draw more. @throws as `drawText` */
  drawMermaid(query?: DrawQuery): Promise<string>;
  /** As a page of HTML that needs no other file and no network: rows open, close and are found by name. @throws as `drawText` */
  drawPage(query?: DrawPageQuery): Promise<string>;
}

export function groupServices(context: HierarchiesContext): GroupServices {
  return {
    rollUp: (id, query) => rollUp(context, id, query),
    rollUpAll: (query) => rollUpAll(context, query),
    whitespace: (id, query) => whitespace(context, id, query),
    contacts: (id, query) => groupContacts(context, id, query),
    team: (id, query) => accountTeam(context, id, query),
    drawText: (query) => drawText(context, query),
    drawMermaid: (query) => drawMermaid(context, query),
    drawPage: (query) => drawPage(context, query),
  };
}
