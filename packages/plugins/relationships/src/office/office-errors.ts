/** What is refused about offices. */
export const officeErrors = {
  office_held_twice:
    'Office "{title}" ({id}) has one holder at a time, and would have {count} on {day}: {holders}. End the one first (vacate), appoint with "replacing", or let the office have several (isSingleHolder: false).',
  office_held_by_same:
    'Office "{title}" ({id}) would be held twice by {holder} on {day}, by {ids}: end or correct the one first.',
  office_not_there:
    'Office "{title}" ({id}) is there {days}, and would be held on other days by relationship {relationshipId}: end or correct that first, or give the office other days.',
  office_elsewhere:
    'Office "{title}" ({id}) is held by relationships of the type "{type}" that lead to account {accountId}, and relationship {relationshipId} is none.',
  office_vacant: 'Office "{title}" ({id}) is not held by {holder} on {day}: nothing ends.',
  office_in_use:
    'Office "{title}" ({id}) cannot get another {field}: {count} relationships hold it. End it (endOffice), and define another one.',
} as const;
