/** What is refused about engagements. */
export const engagementErrors = {
  unknown_engagement_type:
    'There is no kind of engagement "{type}": make it with relationships.defineEngagementType, or use one of those that there are: {known}.',
  engagement_role_in_use:
    'Role "{role}" of the engagements "{type}" cannot be left out: {count} relationships have it. End the engagements, and define another kind.',
  engagement_not_there:
    'Engagement "{name}" ({id}) goes on {days}, and would be taken part in on other days by relationship {relationshipId}: end or correct that first, or give the engagement other days.',
  not_in_engagement: 'Nobody like {party} takes part in engagement "{name}" ({id}) on {day}: there is nothing to end.',
} as const;
