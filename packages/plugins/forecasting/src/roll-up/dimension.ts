/** What the lines of a roll-up are: users along the sales hierarchy, accounts along theirs, or the values at the end of a path. */
import { compareText, type FieldDescription, invalidInput } from "@relata/core/plugin";
import type { ForecastingContext } from "../parts.ts";
import { accountDimension } from "./account-dimension.ts";
import type { AskedScope } from "./ask-forecast.ts";
import { type Dimension, subtreeOf, withThoseAbove } from "./line-node.ts";
import { type ManagerNode, readManagers } from "./managers.ts";
import { namesOf } from "./names-of.ts";

/**
 * `owner`: along the sales hierarchy of the instant. `team`: by the opportunity's team. `pipeline`. `account`: by account, along the hierarchy of
 * the plugin `hierarchies`. Or a field of opportunities, or of what they refer to: "source", "account.industry", "owner.teamId".
 */
export type RollUp = "owner" | "team" | "pipeline" | "account" | (string & {});

const aliases: ReadonlyMap<string, string> = new Map([
  ["team", "teamId"],
  ["pipeline", "pipelineId"],
]);

/** @throws `invalid_input` for a path that leads to nothing to group by; `hierarchies_missing`; `hierarchy_cycle`; `not_found` for `under` */
export async function dimensionOf(asked: AskedScope, rollUp: RollUp): Promise<Dimension> {
  if (rollUp === "owner") return ownerDimension(await usersOf(asked));
  if (rollUp === "account") return accountDimension(asked.at);
  return pathDimension(asked, aliases.get(rollUp) ?? rollUp);
}

/** The users whose figures are asked for, from the top down; `under` stands at the top. */
export async function usersOf({ at, under }: Pick<AskedScope, "at" | "under">): Promise<readonly ManagerNode[]> {
  const managers = await readManagers(at);
  if (under === undefined) return managers.nodes;
  const [top, ...below] = managers.atOrUnder(under);
  return [top!, ...below].map((node) => ({
    ...node,
    managerId: node === top ? null : node.managerId,
    depth: node.depth - top!.depth,
  }));
}

/** Whoever has left is shown with what is there still, and with whom is below. */
function ownerDimension(users: readonly ManagerNode[]): Dimension {
  return {
    key: { user: true },
    async nodes(keys) {
      const shown = new Set([...keys, ...users.filter(({ active }) => active).map(({ id }) => id)]);
      const all = users.map(({ id, name, managerId, depth }) => ({ key: id, name, parentKey: managerId, depth }));
      return withThoseAbove(all, shown);
    },
    belonging(key, part) {
      if (key === null) return { users: null };
      if (part === "own") return { users: [key] };
      return {
        users: subtreeOf(
          users.map(({ id, depth }) => ({ key: id, depth })),
          key,
        ),
      };
    },
  };
}

/** A path of relations to a field, and the entity that the field refers to. */
interface Path {
  readonly steps: readonly string[];
  readonly field: FieldDescription;
}

async function pathDimension({ at, query }: AskedScope, path: string): Promise<Dimension> {
  const { steps, field } = pathOf(at, query, path);
  return {
    key: { path: steps },
    async nodes(keys) {
      const names = field.to === undefined ? undefined : await namesOf(at, field.to, keys);
      const nodes = keys.map((key) => ({
        key,
        name: names ? (names.get(key) ?? null) : key,
        parentKey: null,
        depth: 0,
      }));
      return nodes.sort((a, b) => compareText(a.name ?? "", b.name ?? "") || compareText(a.key, b.key));
    },
    belonging: (key) => ({ where: key === null ? absent(steps) : conditionAt(steps, valueFrom(field, key)) }),
  };
}

const UNGROUPABLE: ReadonlySet<FieldDescription["kind"]> = new Set(["money", "json"] as const);

function pathOf(at: ForecastingContext, query: string, path: string): Path {
  const entities = at.entities();
  const refuse = (message: string) => invalidInput(query, [{ field: "rollUp", code: "not_allowed", message }]);
  const steps = path.split(".");
  let entity = entities.find(({ name }) => name === "opportunity")!;
  for (const step of steps.slice(0, -1)) {
    const reference = entity.fields.find(({ name, to }) => name === `${step}Id` && to !== undefined);
    const next = reference && entities.find(({ name }) => name === reference.to);
    if (!next) throw refuse(`goes by "${step}", which is no relation of ${entity.name} to one record`);
    entity = next;
  }
  const field = entity.fields.find(({ name }) => name === steps.at(-1));
  if (!field) throw refuse(`is "${path}": "${steps.at(-1)}" is no field of ${entity.name}, such as "source"`);
  if (UNGROUPABLE.has(field.kind)) throw refuse(`is "${path}", a field of ${field.kind}, which makes no lines`);
  return { steps, field };
}

/** Nothing at the end of the path, or nothing on the way. */
function absent(steps: readonly string[]): object {
  const ways = steps.map((step, at) => {
    const last = at === steps.length - 1;
    return conditionAt([...steps.slice(0, at), last ? step : `${step}Id`], null);
  });
  return { or: ways };
}

function conditionAt(steps: readonly string[], value: unknown): object {
  return steps.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value) as object;
}

/** How a value is written as the key of a line. */
export function keyOfValue(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof Date ? value.toISOString() : String(value);
}

function valueFrom({ kind }: FieldDescription, key: string): unknown {
  switch (kind) {
    case "integer":
      return Number(key);
    case "boolean":
      return key === "true";
    case "instant":
      return new Date(key);
    default:
      return key;
  }
}
