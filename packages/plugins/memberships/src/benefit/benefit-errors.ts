/** What is refused about benefits. */
export const benefitErrors = {
  unknown_benefit:
    'No program has a benefit "{benefit}": make it with memberships.defineBenefits, or use one of those that there are: {known}.',
  benefit_refused: '{quantity} of benefit "{benefit}" may not be used on {day}: {reason}. There are {left} left.',
  use_differs:
    'A use with the key "{key}" is recorded already, and otherwise: {field} was {recorded}, and is now {given}.',
  gives_back_too_much: "Of use {id}, {left} can be given back, and {given} were.",
} as const;
