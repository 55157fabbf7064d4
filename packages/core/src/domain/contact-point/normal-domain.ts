/** Internet domains in the form that they are compared by: lower case, ASCII, without the dot at the end. */
import type { Normalized } from "./normalized.ts";

/** Every runtime has it: its parser of hosts turns a domain into ASCII (UTS 46, Punycode). */
const { URL } = globalThis as unknown as { readonly URL: new (url: string) => { readonly hostname: string } };

/** What the parser would take as something else than a part of the host, or leave out. */
const OTHER_PARTS = /[\s\p{C}/\\?#@:%[\]]/u;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;

/** Of the part of an e-mail address behind the @; it may be a name without a dot. */
export function normalHost(host: string): Normalized {
  const text = host.normalize("NFKC").trim();
  if (text === "") return { problem: "is empty" };
  if (OTHER_PARTS.test(text)) return { problem: "has more in it than letters, digits, hyphens and dots" };
  let ascii: string;
  try {
    ascii = new URL(`http://${text}`).hostname.replace(/\.$/, "");
  } catch {
    return { problem: "is not the name of a domain" };
  }
  const labels = ascii.split(".");
  const fits = ascii.length <= 253 && labels.every((label) => label.length <= 63 && LABEL.test(label));
  if (!fits || /^\d+$/.test(labels.at(-1)!)) return { problem: "is not the name of a domain" };
  return { normalized: ascii };
}

/** "Bücher.example." to "xn--bcher-kva.example". Schemes, paths and ports are refused, and so is a name without a dot. */
export function normalDomain(domain: string): Normalized {
  const host = normalHost(domain);
  if (host.problem !== undefined) return { problem: `${host.problem}: give it as "example.com"` };
  if (!host.normalized.includes(".")) return { problem: 'is not the name of a domain: give it as "example.com"' };
  return host;
}
