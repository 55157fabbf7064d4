/** E-mail addresses in the form that they are compared by. */
import { normalHost } from "./normal-domain.ts";
import type { Normalized } from "./normalized.ts";

const ATOMS = /^[^\s\p{C}()<>[\]:;@\\,"]+$/u;
const QUOTED = /^"(?:[^"\\\p{C}]|\\[^\p{C}])*"$/u;
const MOST_CHARACTERS = 320;

/**
 * First NFKC (RFC 6532 asks for it before comparison: a full-width @ is one), then the check, then lower case for all of it: by RFC 5321
 * the part before the @ may tell case, and nobody's does. The domain in ASCII. The rule for what an address is, is lenient: something
 * without spaces and separators, one @, and a domain, which need not have a dot.
 */
export function normalEmail(address: string): Normalized {
  const text = address.normalize("NFKC").trim();
  const at = text.lastIndexOf("@");
  if (at < 0) return { problem: "is not an e-mail address: it has no @" };
  const local = text.slice(0, at);
  if (!ATOMS.test(local) && !QUOTED.test(local))
    return { problem: "is not an e-mail address: what stands before the @ is no name of a mailbox" };
  const host = normalHost(text.slice(at + 1));
  if (host.problem !== undefined)
    return { problem: `is not an e-mail address: what stands behind the @ ${host.problem}` };
  const normalized = `${local.toLowerCase().normalize("NFKC")}@${host.normalized}`;
  if (normalized.length > MOST_CHARACTERS)
    return { problem: `is not an e-mail address: it is longer than ${MOST_CHARACTERS} characters` };
  return { normalized };
}
