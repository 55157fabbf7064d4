import { expect, it } from "vitest";
import { hasSeveralStatements } from "./several-statements.ts";

it.each([
  "select 1",
  "select 1;",
  " select 1 ; -- done\n /* really */ ; ",
  "select ';' || \"a;b\" || E'it\\'s; ' || 'it''s;' from x",
  "select $$a; b$$, $tag$c; $$ d$tag$",
  "select 1 -- a; b\n",
  "select /* a; b */ 1",
  "",
])("has one statement at most: %j", (text) => {
  expect(hasSeveralStatements(text)).toBe(false);
});

it.each([
  "select 1; commit",
  "select 'a\\'; commit; --'",
  "select E'a\\\\'; commit",
  "select x$a$; commit; --$a$",
  "select 1 -- a\r; commit",
  "select 1 /* /* */ ; commit; /* */",
  "select $a$;$a$; commit",
  'select ";"; commit',
  "; ; select 1; select 2",
])("has several, or may have: %j", (text) => {
  expect(hasSeveralStatements(text)).toBe(true);
});
