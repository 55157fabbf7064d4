/** What types refuse. */
export const typeErrors = {
  unknown_relationship_type:
    'There is no relationship type "{type}": make it with relationships.defineTypes, or use one of those that there are: {known}.',
  relationship_type_archived:
    'Relationship type "{type}" is archived: nothing new can be of it. Restore it first, or use another one.',
  relationship_type_in_use:
    'Relationship type "{type}" cannot get this {field}: {count} of its relationships would break it, such as {ids}. End, correct or retract them first.',
} as const;
