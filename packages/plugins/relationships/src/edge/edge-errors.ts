/** What relationships refuse together; what one of them refuses by itself is `invalid_input`. */
export const edgeErrors = {
  relationship_overlap: '{from} and {to} would stand in "{type}" twice on {day}: {remedy}, or let the type mayOverlap.',
  relationship_reversed:
    '{from} and {to} would stand in "{type}" both ways on {day}: {remedy}, or let the type mayReverse.',
  too_many_relationships:
    '{thing} would have {count} {which}relationships "{type}" at its {end} end on {day}, and {most} is the most: {remedy}.',
  relationship_ended: "Relationship {id} ended on {on} already: reopen it first, or correct what was recorded.",
  relationship_retracted: "Relationship {id} was retracted, as what never was: reopen it first.",
  relationship_not_ended: "Relationship {id} goes on, and there is no end to take back.",
  relationship_key_taken:
    'A relationship with the key "{key}" is there already, {id}, of another type or between others: give this one another key.',
} as const;
