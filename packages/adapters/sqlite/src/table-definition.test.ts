import { expect, it } from "vitest";
import { listedValues, withConstraint, withNull, withRules } from "./table-definition.ts";

const definition =
  'CREATE TABLE "deal" ("id" TEXT not null, "stage" TEXT default \'a, ("b")\' not null constraint "deal.stage" check ("stage" in (\'a, ("b")\', \'it\'\'s\')), ' +
  '"won" INTEGER default true constraint "deal.won" check ("won" in (0, 1)), "note" TEXT default \' check ("note" in (\'\'x\'\'))\', ' +
  'constraint "deal_pk" primary key ("id"), "late" TEXT) strict';

it("finds the lists of values, and takes neither defaults nor other checks for one", () => {
  expect([...listedValues(definition)]).toEqual([["stage", ['a, ("b")', "it's"]]]);
});

it("finds no list in a table of another's making", () => {
  expect([...listedValues("create table deals (stage text check (stage in ('a')), [x] int)")]).toEqual([]);
});

it("replaces the rules of a column, and keeps its default and everything else", () => {
  expect(withRules(definition, "stage", "")).toBe(
    'CREATE TABLE "deal" ("id" TEXT not null, "stage" TEXT default \'a, ("b")\', ' +
      '"won" INTEGER default true constraint "deal.won" check ("won" in (0, 1)), "note" TEXT default \' check ("note" in (\'\'x\'\'))\', ' +
      'constraint "deal_pk" primary key ("id"), "late" TEXT) strict',
  );
  expect(withRules('create table "t" ("a" TEXT not null, "b" INTEGER default -5 not null)', "b", "check (1)")).toBe(
    'create table "t" ("a" TEXT not null, "b" INTEGER default -5 check (1))',
  );
  expect(withRules(definition, "won", "not null")).toContain('"won" INTEGER default true not null, "note"');
  expect(withRules('create table "t" ("a" TEXT, "b" TEXT)', "a", "not null")).toBe(
    'create table "t" ("a" TEXT not null, "b" TEXT)',
  );
});

it("allows null in a column, and keeps its default and its check", () => {
  expect(withNull(definition, "stage")).toBe(definition.replace(`")' not null`, `")'`));
  expect(withNull(definition, "id")).toBe(definition.replace('"id" TEXT not null', '"id" TEXT'));
  expect(withNull(definition, "won")).toBe(definition);
  expect(withNull("create table deals (stage text not null)", "stage")).toBe(undefined);
});

it("knows no column that is not there, or is written in another way", () => {
  expect(withRules(definition, "deal_pk", "not null")).toBe(undefined);
  expect(withRules("create table deals (stage text)", "stage", "not null")).toBe(undefined);
  const byHand = 'create table "t" ("a" TEXT collate nocase, "b" TEXT check (length("b") > 2))';
  expect(withRules(byHand, "a", "not null")).toBe(undefined);
  expect(withRules(byHand, "b", "not null")).toBe(undefined);
});

it("puts a constraint after all columns", () => {
  expect(withConstraint('create table "t" ("a" TEXT) strict', "check (1)")).toBe(
    'create table "t" ("a" TEXT, check (1)) strict',
  );
});
