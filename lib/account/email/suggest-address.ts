/** Where most people who come here have their mail. None is so short that one slip makes another well-known one. */
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

/** One slip away from the above, and real all the same. */
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
 * The address somebody probably meant whose domain is one slip away from a common one: a letter too many, too few or
 * wrong, or two of them swapped. Null when there is nothing to ask; an unusual domain is nobody's mistake.
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
