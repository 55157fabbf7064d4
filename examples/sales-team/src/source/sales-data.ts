/** The sales team's data when it is clean: every name in it is the name of something in it. */
import type { Finding } from "./findings.ts";

export interface SalesData {
  /** The first and the last day that any file mentions. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly offices: readonly string[];
  readonly people: readonly Person[];
  readonly accounts: readonly SourceAccount[];
  readonly products: readonly SourceProduct[];
  readonly contacts: readonly SourceContact[];
  readonly opportunities: readonly SourceOpportunity[];
  readonly activities: readonly SourceActivity[];
  readonly findings: readonly Finding[];
}

/** Someone who sells, or manages those who do. The name is the id. */
export interface Person {
  readonly name: string;
  readonly manager: string | null;
  readonly office: string;
}

export interface SourceAccount {
  readonly name: string;
  readonly industry: string | null;
  readonly country: string | null;
  readonly yearEstablished: number | null;
  readonly employees: number | null;
  /** In dollars: "1100040000.00". */
  readonly annualRevenue: string | null;
  readonly parent: string | null;
}

interface SourceProduct {
  readonly name: string;
  readonly series: string | null;
  readonly listPrice: string;
}

export interface SourceContact {
  readonly id: string;
  readonly givenName: string | null;
  readonly familyName: string;
  readonly email: string | null;
  readonly jobTitle: string | null;
  readonly account: string | null;
}

/** `prospecting` and `engaging` are open. */
export type StageKey = "prospecting" | "engaging" | "won" | "lost";

export interface SourceOpportunity {
  readonly id: string;
  readonly owner: string;
  readonly product: string;
  readonly account: string | null;
  readonly stage: StageKey;
  /** The day of its first stage. */
  readonly createdOn: string;
  /** The day on which it was won or lost; null while it is open. */
  readonly closedOn: string | null;
  /** What it was won for, in dollars; null unless it was. */
  readonly closeValue: string | null;
}

export interface SourceActivity {
  readonly id: string;
  readonly kind: "call" | "email" | "meeting" | "task" | "note";
  readonly subject: string;
  readonly day: string;
  readonly done: boolean;
  readonly owner: string;
  readonly opportunity: string | null;
  readonly contact: string | null;
}
