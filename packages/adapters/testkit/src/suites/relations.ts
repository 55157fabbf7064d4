/** Conditions on related rows: some, none, every. */
import type { Suite } from "../bench/fact.ts";
import {
  and,
  contains,
  eq,
  every,
  everything,
  gt,
  isIn,
  isNull,
  ne,
  none,
  not,
  or,
  some,
} from "../question/condition.ts";
import { join } from "../schema/sales.ts";
import { findsIn } from "./finds-in.ts";

const given = {
  users: [
    { id: "ann", name: "Ann" },
    { id: "bob", name: "Bob" },
  ],
  accounts: [
    { id: "acme", name: "Acme", owner_id: "ann" },
    { id: "beta", name: "Beta", parent_id: "acme", owner_id: "bob" },
    { id: "core", name: "Core", parent_id: "acme" },
    { id: "dune", name: "Dune", parent_id: "beta" },
  ],
  deals: [
    { id: "d1", account_id: "acme", amount: 10n, status: "won", owner_id: "ann" },
    { id: "d2", account_id: "acme", amount: 20n, status: "open", owner_id: null },
    { id: "d3", account_id: "beta", amount: 30n, status: "won", owner_id: "bob" },
    { id: "d4", account_id: "core", amount: null, status: "lost", owner_id: "ann" },
  ],
  notes: [
    { id: "n1", deal_id: "d1", body: "good", pinned: true },
    { id: "n2", deal_id: "d2", body: "bad", pinned: null },
    { id: "n3", deal_id: "d3", body: "good", pinned: false },
  ],
};

const inUsers = findsIn("users", given);
const inAccounts = findsIn("accounts", given);
const inDeals = findsIn("deals", given);
const inNotes = findsIn("notes", given);

const {
  accountDeals,
  accountParent,
  accountChildren,
  accountOwner,
  accountSiblings,
  dealAccount,
  dealOwner,
  dealNotes,
  noteDeal,
} = join;

export const relations: Suite = {
  name: "relations",
  facts: [
    inAccounts("finds rows with some related row", some(accountDeals), ["acme", "beta", "core"]),
    inAccounts("finds rows with some related row that satisfies", some(accountDeals, eq("status", "won")), [
      "acme",
      "beta",
    ]),
    inAccounts("finds rows without related rows", none(accountDeals), ["dune"]),
    inAccounts("finds rows without a related row that satisfies", none(accountDeals, eq("status", "won")), [
      "core",
      "dune",
    ]),
    inAccounts(
      "finds rows of which every related row satisfies, those without any included",
      every(accountDeals, eq("status", "won")),
      ["beta", "dune"],
    ),
    inAccounts("counts a related row with null as failing in every", every(accountDeals, gt("amount", 0n)), [
      "acme",
      "beta",
      "dune",
    ]),
    inAccounts(
      "counts a related row with null as satisfying a negation in every",
      every(accountDeals, not(gt("amount", 0n))),
      ["core", "dune"],
    ),
    inAccounts("makes every over everything true", every(accountDeals, everything), ["acme", "beta", "core", "dune"]),
    inAccounts("makes every over nothing true only without related rows", every(accountDeals, or()), ["dune"]),
    inAccounts("finds nothing by some over nothing", some(accountDeals, or()), []),
    inAccounts(
      "needs one related row to satisfy the whole condition",
      some(accountDeals, and(eq("status", "won"), gt("amount", 10n))),
      ["beta"],
    ),
    inAccounts(
      "lets two conditions be satisfied by two related rows",
      and(some(accountDeals, eq("status", "won")), some(accountDeals, eq("status", "open"))),
      ["acme"],
    ),
    inDeals("follows a to-one reference", some(dealAccount, eq("name", "Beta")), ["d3"]),
    inDeals("finds nothing through a null reference", some(dealOwner), ["d1", "d3", "d4"]),
    inDeals("finds null references by none", none(dealOwner), ["d2"]),
    inDeals("makes every true for a null reference", every(dealOwner, eq("name", "Ann")), ["d1", "d2", "d4"]),
    inAccounts("follows a reference to the same table", some(accountParent, eq("name", "Acme")), ["beta", "core"]),
    inAccounts("follows a reference from the same table", some(accountChildren, eq("name", "Dune")), ["beta"]),
    inAccounts("follows two references of one table", some(accountParent, some(accountParent, eq("name", "Acme"))), [
      "dune",
    ]),
    inAccounts("nests some in some", some(accountDeals, some(dealNotes, eq("body", "good"))), ["acme", "beta"]),
    inAccounts("nests every in some", some(accountDeals, every(dealNotes, eq("body", "good"))), [
      "acme",
      "beta",
      "core",
    ]),
    inAccounts("nests none in every", every(accountDeals, none(dealNotes)), ["core", "dune"]),
    inAccounts("nests some in none", none(accountDeals, some(dealNotes, eq("body", "good"))), ["core", "dune"]),
    inUsers(
      "nests three relations",
      some(
        { table: "accounts", local: "id", foreign: "owner_id" },
        some(accountDeals, some(dealNotes, isNull("pinned"))),
      ),
      ["ann"],
    ),
    inDeals(
      "comes back to the first table in a nested relation",
      some(dealAccount, some(accountDeals, eq("status", "open"))),
      ["d1", "d2"],
    ),
    inAccounts("negates some", not(some(accountDeals, eq("status", "won"))), ["core", "dune"]),
    inAccounts("negates none", not(none(accountDeals, eq("status", "won"))), ["acme", "beta"]),
    inAccounts("negates every", not(every(accountDeals, eq("status", "won"))), ["acme", "core"]),
    inAccounts("negates within a relation", some(accountDeals, not(eq("status", "won"))), ["acme", "core"]),
    inAccounts("negates a nested relation", not(some(accountDeals, not(some(dealNotes, not(eq("pinned", true)))))), [
      "beta",
      "dune",
    ]),
    inDeals(
      "combines a relation with conditions of the row",
      or(some(dealOwner, eq("name", "Bob")), eq("amount", 20n)),
      ["d2", "d3"],
    ),
    inNotes(
      "uses text operators and lists within relations",
      some(noteDeal, and(isIn("status", ["won", "lost"]), some(dealAccount, contains("name", "c")))),
      ["n1"],
    ),
    inAccounts("joins no rows through null", none(accountSiblings), ["acme"]),
    inAccounts("joins rows on columns that are not ids", some(accountSiblings, ne("id", "core")), [
      "beta",
      "core",
      "dune",
    ]),
    inAccounts("tells columns of one name in nested tables apart", some(accountOwner, eq("name", "Ann")), ["acme"]),
  ],
};
