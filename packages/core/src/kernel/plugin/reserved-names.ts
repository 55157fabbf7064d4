/** Names that no entity's plural and no plugin with services can have. */

/** Members that handles and contexts have, some that are kept free for them, and what JavaScript itself looks for on objects. */
const RESERVED: ReadonlySet<string> = new Set([
  "transaction",
  "as",
  "at",
  "asOf",
  "using",
  "native",
  "settled",
  "on",
  "off",
  "emit",
  "emitMany",
  "search",
  "erase",
  "checkTrees",
  "close",
  "now",
  "readsPast",
  "actorId",
  "tenantId",
  "newId",
  "lock",
  "lockShared",
  "lockSharedAtWrite",
  "exists",
  "timelineSources",
  "entities",
  "repository",
  "error",
  "then",
  "constructor",
  "toJSON",
]);

export function isReserved(name: string): boolean {
  return RESERVED.has(name) || name in Object.prototype;
}

/** Members that would make a repository or an API look like a promise, or like something else that JavaScript knows. */
export function isMemberName(name: string): boolean {
  return /^[a-z][a-zA-Z0-9]*$/.test(name) && name !== "then" && name !== "toJSON" && !(name in Object.prototype);
}
