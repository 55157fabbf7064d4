/** What is refused about cards. */
export const directoryErrors = {
  no_card: "Membership {id} gives no card on {day}: {reason}.",
} as const;
