/** What is refused about rules and statuses. */
export const statusErrors = {
  status_rules_incomplete:
    "The rules leave days without a status: {state}, joined on {joinedOn}, in a term from {startsOn} to {endsOn}, there is none on {day}. Add a rule that matches then.",
  status_in_use:
    'Status "{status}" is that of an override that stands on membership {id}: end it first, or keep the status.',
} as const;
