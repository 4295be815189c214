/** Common email providers. None is so short that one typing error turns it into another well-known domain. */
const common = [
  "gmail.com",
  "googlemail.com",
  "outlook.com",
  "outlook.fr",
  "hotmail.com",
  "hotmail.fr",
  "hotmail.co.uk",
  "yahoo.com",
  "yahoo.fr",
  "yahoo.co.uk",
  "icloud.com",
  "orange.fr",
  "wanadoo.fr",
  "laposte.net",
  "numericable.fr",
  "protonmail.com",
  "btinternet.com",
  "comcast.net",
  "verizon.net",
  "videotron.ca",
  "sympatico.ca",
];

/** Real domains that are one typing error away from a common one. */
const real = new Set([
  "mail.com",
  "email.com",
  "ymail.com",
  "gmx.com",
  "yahoo.fi",
  "yahoo.ca",
  "yahoo.co",
  "hotmail.de",
  "hotmail.be",
  "hotmail.ch",
  "hotmail.ca",
  "hotmail.es",
  "hotmail.it",
  "hotmail.nl",
  "outlook.de",
  "outlook.be",
  "outlook.es",
  "outlook.it",
  "outlook.co",
  "orange.net",
]);

/**
 * Suggests the intended address when its domain is one typing error away from a common one: a letter too many, missing
 * or wrong, or two swapped. Null when there is nothing to suggest; an unusual domain is no error.
 */
export function suggestAddress(typed: string): string | null {
  const [, name, domain = ""] = /^(\S+)@([^\s@]+)$/.exec(typed.trim()) ?? [];
  const wanted = domain.toLowerCase();
  if (!name || common.includes(wanted) || real.has(wanted)) return null;
  const meant = common.find((one) => isOneSlip(wanted, one));
  return meant ? `${name}@${meant}` : null;
}

/** Whether `typed` becomes `meant` by one insertion, deletion, substitution or swap of neighbours. */
function isOneSlip(typed: string, meant: string): boolean {
  let from = 0;
  while (from < meant.length && typed[from] === meant[from]) from++;
  const rest = (text: string, skipped: number) => text.slice(from + skipped);
  const swapped = typed[from] === meant[from + 1] && typed[from + 1] === meant[from];
  return (
    rest(typed, 1) === rest(meant, 1) ||
    rest(typed, 1) === rest(meant, 0) ||
    rest(typed, 0) === rest(meant, 1) ||
    (swapped && rest(typed, 2) === rest(meant, 2))
  );
}
