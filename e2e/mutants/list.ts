/** One small fault in the product, and the test that must catch it. */
export type Mutant = {
  name: string;
  file: string;
  /** Must occur exactly once in the file. */
  from: string;
  to: string;
  test: {
    project: "unit" | "integration";
    file: string;
    /** A part of the test's full title, as written in the file. */
    title: string;
  };
};

const integration = (file: string, title: string): Mutant["test"] => ({
  project: "integration",
  file: `${file}.integration.test.ts`,
  title,
});
const unit = (file: string, title: string): Mutant["test"] => ({ project: "unit", file: `${file}.test.ts`, title });

const redeeming = (title: string) => integration("lib/licence/redeem-key", title);
const guessing = (title: string) => integration("lib/licence/guessing", title);
const accounts = (title: string) => integration("lib/account/accounts", title);
const attempts = (title: string) => integration("lib/limits/attempt", title);
const outbox = (title: string) => integration("lib/jobs/outbox", title);
const passwords = (title: string) => integration("lib/account/password/passwords", title);
const starting = (title: string) => integration("lib/account/session/start-session", title);
const confirming = (title: string) => integration("lib/account/email/confirm-email", title);
const keeping = (title: string) => integration("lib/licence/kept-keys", title);
const changing = (title: string) => integration("lib/account/profile/change-account", title);
const deleting = (title: string) => integration("e2e/personal-data", title);

/** Faults in redemption, sessions, rate limits, tokens and step-up. `npm run mutants` applies each one alone. */
export const mutants: Mutant[] = [
  {
    name: "a look-up takes every account for one without subscriptions",
    file: "lib/licence/find-key.ts",
    from: "EXISTS (SELECT FROM subscription s WHERE s.account_id = a.id)",
    to: "false",
    test: redeeming("extends the running subscription of the same product without losing a day"),
  },
  {
    name: "a redemption does not lock the account",
    file: "lib/licence/spend-key.ts",
    from: "       FOR NO KEY UPDATE),",
    to: "       ),",
    test: redeeming("never lets an account's first two keys, redeemed at once, end the same day unasked"),
  },
  {
    name: "a redemption does not compare the ledger's version",
    file: "lib/licence/spend-key.ts",
    from: "AND ledger_version = $2 AND",
    to: "AND $2::int IS NOT NULL AND",
    test: redeeming("never lets an account's first two keys, redeemed at once, end the same day unasked"),
  },
  {
    name: "a redemption does not compare the key's version",
    file: "lib/licence/spend-key.ts",
    from: "AND product_key.version = $5 AND",
    to: "AND $5::int IS NOT NULL AND",
    test: redeeming("gives one key to exactly one of two accounts in a race of fifty"),
  },
  {
    name: "a redemption does not increase the ledger's version",
    file: "lib/licence/spend-key.ts",
    from: "SET ledger_version = ledger_version + 1 FROM k",
    to: "SET ledger_version = ledger_version FROM k",
    test: redeeming("never lets an account's first two keys, redeemed at once, end the same day unasked"),
  },
  {
    name: "a redemption accepts terms that were not shown",
    file: "lib/licence/redeem-key.ts",
    from: "if (choice && preview.version === request.previewVersion) {",
    to: "if (choice) {",
    test: redeeming("asks again when midnight in the person's zone has moved the shown end by a day"),
  },
  {
    name: "a preview's version does not cover the dates it shows",
    file: "lib/licence/choices.ts",
    from: "[kind, day.format(endsAt)]",
    to: "[kind]",
    test: redeeming("asks again when midnight in the person's zone has moved the shown end by a day"),
  },
  {
    name: "the ceiling of five years is not applied",
    file: "lib/licence/choices.ts",
    from: "if (best.endsAt > ceilingFrom(now))",
    to: "if (best.endsAt > new Date(8.64e15))",
    test: redeeming("stop at five years from today"),
  },
  {
    name: "keeping a key does not compare its version",
    file: "lib/licence/keep-key.ts",
    from: "AND product_key.version = $4 AND product_key.state <> 'redeemed'",
    to: "AND $4::int IS NOT NULL",
    test: keeping("is won by one of two accounts that keep or redeem it at once"),
  },
  {
    name: "keeping a key again tells it again",
    file: "lib/licence/keep-key.ts",
    from: "AND NOT was_kept)",
    to: ")",
    test: keeping("belongs to its account, gives nothing yet, and is told once however often it is kept"),
  },
  {
    name: "a kept key starts for anybody who names it",
    file: "lib/licence/start-kept-key.ts",
    from: "WHERE kept_id = $1 AND account_id = $2",
    to: "WHERE kept_id = $1 AND $2::uuid IS NOT NULL",
    test: keeping("belongs to its account, gives nothing yet, and is told once however often it is kept"),
  },
  {
    name: "a kept key starts although something changed",
    file: "lib/licence/start-kept-key.ts",
    from: "if (preview.version !== previewVersion) {",
    to: "if (false) {",
    test: keeping("extends the running subscription, starts once, and starts nothing that was not shown"),
  },
  {
    name: "a key that starts by itself starts when the portal notices",
    file: "lib/licence/start-kept-key.ts",
    from: "const from = dueSince(last, keptAt);",
    to: "const from = now;",
    test: keeping("does nothing while its product runs, then continues it without a gap"),
  },
  {
    name: "a key that starts by itself loses the days before a withdrawal",
    file: "lib/licence/start-kept-key.ts",
    from: "grants.flatMap(({ grant }) => [grant.undoneAt, grant.truncatedAt])",
    to: "grants.flatMap(() => [])",
    test: keeping("loses no day when the end was moved into the past"),
  },
  {
    name: "a withdrawn key starts by itself",
    file: "lib/licence/start-kept-key.ts",
    from: "AND k.starts_itself AND k.voided_at IS NULL",
    to: "AND k.starts_itself",
    test: keeping("leaves keys alone that their owner starts, that were withdrawn"),
  },
  {
    name: "an activation can be undone for a day too long",
    file: "lib/licence/undo-redemption.ts",
    from: "if (!until || until <= now) return null;",
    to: "if (!until) return null;",
    test: keeping("is possible for 24 hours, for its owner, and only with the end that was shown"),
  },
  {
    name: "an activation is undone although its effect is another than shown",
    file: "lib/licence/undo-redemption.ts",
    from: 'if ((undo.endsAfter?.toISOString() ?? "") !== shownEnd) return { status: "changed" };',
    to: "",
    test: keeping("is possible for 24 hours, for its owner, and only with the end that was shown"),
  },
  {
    name: "undoing does not compute the end anew",
    file: "lib/licence/undo-redemption.ts",
    from: "await projectEnd(tx, { accountId, subscriptionId }, now);",
    to: "",
    test: keeping("keeps the key for later with its whole term, and moves later grants earlier"),
  },
  {
    name: "a redeem-by date ends with the day in UTC",
    file: "lib/licence/refusal.ts",
    from: "+ 36 * 3_600_000",
    to: "+ 24 * 3_600_000",
    test: redeeming("takes a redeem-by date as inclusive until it has ended everywhere on Earth"),
  },
  {
    name: "a sealed key is not bound to its row and account",
    file: "lib/licence/key-vault.ts",
    from: "boundTo: `${keyId}:${accountId}`",
    to: "boundTo: `${keyId && accountId && 0}`",
    test: redeeming("cannot be opened after its row was swapped or tampered with"),
  },
  {
    name: "withdrawing a key does not lock its owner's ledger",
    file: "lib/licence/void-key.ts",
    from: "if (seen.accountId) await lockLedger(tx, seen.accountId);",
    to: "",
    test: redeeming("waits for a transaction that already changes it, for withdrawals and redemptions alike"),
  },
  {
    name: "withdrawing a key does not increase its owner's ledger version",
    file: "lib/licence/ledger.ts",
    from: "SET ledger_version = ledger_version + 1 WHERE",
    to: "SET ledger_version = ledger_version WHERE",
    test: redeeming("a withdrawal between judging another key and spending it leaves that key unspent"),
  },
  {
    name: "withdrawing a key does not change the subscription's end",
    file: "lib/licence/void-key.ts",
    from: "await projectEnd(tx, { accountId, subscriptionId: grant.subscriptionId }, now);",
    to: "void projectEnd;",
    test: redeeming("ends what a redeemed key gave, keeps days already used"),
  },
  {
    name: "an undone grant still counts",
    file: "lib/licence/coverage.ts",
    from: "({ undoneAt }) => undoneAt === null",
    to: "() => true",
    test: unit("lib/licence/coverage.property", "undoing one grant leaves the others what they would have without it"),
  },
  {
    name: "a grant given at the instant the coverage ends begins a new stretch",
    file: "lib/licence/coverage.ts",
    from: "grant.grantedAt <= run.endsAt",
    to: "grant.grantedAt < run.endsAt",
    test: unit("lib/licence/coverage", "a second grant given at the instant the first ends continues the run"),
  },
  {
    name: "a guess beyond the limit is answered when the key exists",
    file: "lib/licence/look-up.ts",
    from: "if (look.lockedUntil) {",
    to: "if (look.lockedUntil && !look.key) {",
    test: guessing("a burst of 64 guesses gains nothing"),
  },
  {
    name: "the same miss again counts",
    file: "lib/limits/guessing.ts",
    from: 'if (!(await reserve("keyMissSeen", `${accountId}:${key}`, tx)).allowed) return;',
    to: "",
    test: guessing("stops at ten misses an hour for an account; genuine keys and the same miss again do not count"),
  },
  {
    name: "guesses from one network have no limit",
    file: "lib/limits/guessing.ts",
    from: '        ["keyMissPerNetwork", network ?? "unknown"],\n',
    to: "",
    test: guessing("a burst of 64 misses from one network is answered thirty times"),
  },
  {
    name: "a fixed window allows a thousand times its limit",
    file: "lib/limits/limits.ts",
    from: "OR c.count < ${max}",
    to: "OR c.count < 1000 * ${max}",
    test: accounts("cannot be created more than 300 times in 10 minutes from one network"),
  },
  {
    name: "failures in a window have no limit",
    file: "lib/limits/attempt.ts",
    from: "sql`${failures} + ${inFlight} < ${limit.max}`",
    to: "sql`true`",
    test: accounts("is limited to ten failures a minute from one network; a successful sign-in does not count"),
  },
  {
    name: "attempts in flight do not count",
    file: "lib/limits/attempt.ts",
    from: "sql`${failures} + ${inFlight} < ${limit.max}`",
    to: "sql`${failures} < ${limit.max}`",
    test: attempts("that do not end are no lock: the portal is busy, and nothing was counted"),
  },
  {
    name: "attempts in flight lock",
    file: "lib/limits/attempt.ts",
    from: "sql`${failures} >= ${limit.max}`",
    to: "sql`${failures} + ${inFlight} >= ${limit.max}`",
    test: attempts("elsewhere are waited for, and refuse nobody when they have ended"),
  },
  {
    name: "attempts of a killed process are in flight for ever",
    file: "lib/limits/attempt.ts",
    from: "(CASE WHEN c.in_flight_until > now() THEN c.in_flight ELSE 0 END)",
    to: "c.in_flight",
    test: attempts("of a process that was killed are forgotten, and keep nobody waiting"),
  },
  {
    name: "a backoff never locks",
    file: "lib/limits/attempt.ts",
    from: "(NOT ${ended} AND coalesce(c.locked_until > now(), false))",
    to: "false",
    test: accounts("lets no more than five of a parallel burst of 64 reach the password"),
  },
  {
    name: "a lock does not grow",
    file: "lib/limits/attempt.ts",
    from: "2 ^ least(${counted} - ${limit.free} + 1, 30)",
    to: "2 ^ least(1 + 0 * ${counted} - 0 * ${limit.free}, 30)",
    test: accounts("doubles the lock each time, up to 15 minutes"),
  },
  {
    name: "a successful sign-in still counts for its network",
    file: "lib/account/password/sign-in.ts",
    from: 'failed: ({ status }) => status !== "right",',
    to: "failed: ({ status }) => Boolean(status),",
    test: accounts("is limited to ten failures a minute from one network; a successful sign-in does not count"),
  },
  {
    name: "each spelling of an address has its own rate limit",
    file: "lib/account/canonical-email.ts",
    from: 'address.toLowerCase().replaceAll("i\\u0307", "i")',
    to: "address",
    test: accounts("is locked for every spelling of the address, even with the right password, until the lock ends"),
  },
  {
    name: "a stranger's wrong passwords lock a known browser",
    file: "lib/account/password/sign-in.ts",
    from: "found?.knowsBrowser\n",
    to: "found?.knowsBrowser && !found.id\n",
    test: accounts("by a stranger's wrong passwords keeps no owner out of a browser that the account knows"),
  },
  {
    name: "any browser's wrong passwords lock a live session",
    file: "lib/account/password/sign-in.ts",
    from: '["passwordPerSession", found.sessionId]',
    to: '["passwordPerSession", "any"]',
    test: accounts("begins after five wrong passwords in a known browser and in a live session too, each by itself"),
  },
  {
    name: "an unconfirmed address gets every email",
    file: "lib/jobs/outbox.ts",
    from: "WHERE fitting AND NOT flooded",
    to: "WHERE NOT flooded",
    test: outbox("an unconfirmed address, which may be a stranger's, gets only what proves whose it is"),
  },
  {
    name: "a recipient gets any number of emails of a kind",
    file: "lib/jobs/outbox.ts",
    from: " OR lately.this_kind >= ${mostMails.ofKind}",
    to: "",
    test: outbox("one kind of email stops after ten within an hour, and starts again later"),
  },
  {
    name: "a recipient gets any number of emails",
    file: "lib/jobs/outbox.ts",
    from: "lately.all_kinds >= ${mostMails.ofAll} OR ",
    to: "",
    test: outbox("all kinds together stop after fifty within an hour, whichever accounts they come from"),
  },
  {
    name: "a password that was just changed still opens a session",
    file: "lib/account/session/start-session.ts",
    from: "(passwordHash !== undefined && owner.passwordHash !== passwordHash)",
    to: "false",
    test: starting("opens no session for somebody who knew the old one"),
  },
  {
    name: "every browser counts as known",
    file: "lib/account/session/start-session.ts",
    from: "return found !== undefined;",
    to: "return true;",
    test: starting("is emailed once; one from a browser that created or entered the account before is not"),
  },
  {
    name: "a browser known to one account is known to every account",
    file: "lib/account/session/start-session.ts",
    from: "and(eq(session.accountId, accountId), eq(session.browserHash, browserDigest(browser)))",
    to: "eq(session.browserHash, browserDigest(browser))",
    test: starting("is emailed even when another account uses the same browser"),
  },
  {
    name: "a revoked session stays live",
    file: "lib/account/session/sessions.ts",
    from: "  isNull(session.revokedAt),\n  sql`${session.idleUntil} > now()`,",
    to: "  sql`${session.idleUntil} > now()`,",
    test: accounts("ends when it is revoked, unused for 30 days, or 90 days old"),
  },
  {
    name: "a session is used past its absolute end",
    file: "lib/account/session/sessions.ts",
    from: "sql`least(now() + make_interval(secs => ${SESSION_LIFETIME.idle}), ${session.absoluteUntil})`",
    to: "sql`now() + make_interval(secs => ${SESSION_LIFETIME.idle})`",
    test: accounts("stays alive while it is used, but never past its absolute end"),
  },
  {
    name: "a step-up lasts an hour",
    file: "lib/account/session/sessions.ts",
    from: "const STEP_UP_LIFETIME = 15 * 60;",
    to: "const STEP_UP_LIFETIME = 60 * 60;",
    test: accounts("is fresh for 15 minutes after the password"),
  },
  {
    name: "a step-up keeps the session's reference",
    file: "lib/account/session/sessions.ts",
    from: "tokenHash: digestOf(renewed), authenticatedAt",
    to: "authenticatedAt",
    test: accounts("is fresh for 15 minutes after the password"),
  },
  {
    name: "a step-up revives an ended session",
    file: "lib/account/session/sessions.ts",
    from: "const live = (reference: string) => and(eq(session.tokenHash, digestOf(reference)), isLive);",
    to: "const live = (reference: string) => and(eq(session.tokenHash, digestOf(reference)));",
    test: accounts("an ended session is not revived by confirming the password"),
  },
  {
    name: "another account's session can be ended",
    file: "lib/account/session/end-sessions.ts",
    from: "eq(session.accountId, accountId), isLive",
    to: "isLive",
    test: changing("sessions of another account look like unknown ones (S10)"),
  },
  {
    name: "signing out another browser leaves its session live",
    file: "lib/account/session/end-sessions.ts",
    from: ".set({ revokedAt: sql`now()` })",
    to: ".set({ lastSeenAt: sql`now()` })",
    test: changing("can be ended one by one: its cookie stops working at once"),
  },
  {
    name: "signing out everywhere else ends this session too",
    file: "lib/account/session/end-sessions.ts",
    from: "revokeSessions(tx, { accountId, except: sessionId })",
    to: "revokeSessions(tx, { accountId })",
    test: changing("all sessions except the current one can be ended"),
  },
  {
    name: "deleting an account leaves its sessions live",
    file: "lib/account/deletion/delete-account.ts",
    from: "await revokeSessions(tx, { accountId: owner.id });",
    to: "void revokeSessions;",
    test: deleting("ends every session at once, and repeating it gives the same result"),
  },
  {
    name: "a sign-in does not cancel a pending deletion",
    file: "lib/account/session/start-session.ts",
    from: "await tx.update(account).set({ leavesAt: null }).where(eq(account.id, accountId));",
    to: "void account;",
    test: deleting("is undone by signing in within 14 days, which is reported by email"),
  },
  {
    name: "a token can be spent twice",
    file: "lib/account/tokens.ts",
    from: "        isNull(oneTimeToken.usedAt),\n        gt(oneTimeToken.expiresAt, now),",
    to: "        gt(oneTimeToken.expiresAt, now),",
    test: passwords("is spent by one of sixteen at once (S23)"),
  },
  {
    name: "a token can be spent after it expired",
    file: "lib/account/tokens.ts",
    from: "        isNull(oneTimeToken.usedAt),\n        gt(oneTimeToken.expiresAt, now),",
    to: "        isNull(oneTimeToken.usedAt),",
    test: passwords("is spent for its own purpose only, and not once it has expired"),
  },
  {
    name: "a token can be spent for any purpose",
    file: "lib/account/tokens.ts",
    from: "        inArray(oneTimeToken.purpose, [...purposes]),\n        isNull(oneTimeToken.usedAt),\n        gt(",
    to: "        isNull(oneTimeToken.usedAt),\n        gt(",
    test: passwords("is spent for its own purpose only, and not once it has expired"),
  },
  {
    name: "an older token of the same purpose stays valid",
    file: "lib/account/tokens.ts",
    from: 'if (purpose !== "restore-email") await voidTokens(tx, accountId, [purpose], { now });',
    to: "",
    test: passwords("is reset by a link once, within half an hour, and only by the newest link"),
  },
  {
    name: "a six-digit code has unlimited tries",
    file: "lib/account/tokens.ts",
    from: "sql`${oneTimeToken.codeTries} < ${CODE_TRIES}`",
    to: "sql`true`",
    test: confirming("allows five tries at a code, in a burst too, and then refuses even the right code"),
  },
  {
    name: "a password reset leaves other sessions open",
    file: "lib/account/password/reset-password.ts",
    from: "await revokeSessions(tx, { accountId });",
    to: "void revokeSessions;",
    test: passwords("is replaced: the old one stops working, the address is confirmed, and the person is emailed"),
  },
  {
    name: "a password reset leaves other pending links valid",
    file: "lib/account/password/reset-password.ts",
    from: "await voidTokens(tx, accountId, allButRestoring, { now });",
    to: "void [voidTokens, allButRestoring];",
    test: passwords("a reset voids other pending links, but not the one that restores a former address"),
  },
  {
    name: "a password reset does not end a lock",
    file: "lib/account/password/reset-password.ts",
    from: 'await forgive("passwordPerAddress", normaliseEmail(person.email));',
    to: "void [forgive, normaliseEmail];",
    test: passwords("a reset ends a lock caused by earlier guesses"),
  },
  {
    name: "a password reset keeps the passkeys of an unconfirmed account",
    file: "lib/account/password/reset-password.ts",
    from: "confirmedBefore ? lt(passkey.createdAt, confirmedBefore) : undefined",
    to: "confirmedBefore ? lt(passkey.createdAt, confirmedBefore) : sql`false`",
    test: passwords("a reset deletes every passkey of an account whose address was never confirmed"),
  },
  {
    name: "a changed password leaves other sessions open",
    file: "lib/account/password/change-password.ts",
    from: "await revokeSessions(tx, { accountId, except: change.sessionId });",
    to: "void revokeSessions;",
    test: passwords("keeps this session under a new reference and ends every other"),
  },
  {
    name: "an ended session can change the password",
    file: "lib/account/password/change-password.ts",
    from: "if (!owner || !(await renewSession(tx, change.reference, renewed))) return false;",
    to: "if (!owner) return false;\n    await renewSession(tx, change.reference, renewed);",
    test: passwords("stays unchanged when the session has ended or the new password is refused"),
  },
  {
    name: "a browser that was signed out stays known",
    file: "lib/account/session/sessions.ts",
    from: "await tx.update(session).set({ browserHash: null }).where(others);",
    to: "",
    test: starting(
      "is emailed again after the browser was signed out: by ending its session, all others, or by a new password",
    ),
  },
  {
    name: "changes to an account's credentials do not lock its row",
    file: "lib/account/lock-account.ts",
    from: '    .for("no key update")',
    to: "",
    test: starting("opens no session for somebody who knew the old one"),
  },
  {
    name: "a change of address can take another account's address",
    file: "lib/account/email/confirm-email.ts",
    from: "if (isChange && !(await claimAddress(tx, { email, accountId, leaves: owner.email }, context)))",
    to: "if (isChange && !claimAddress)",
    test: confirming("a change to an address that was taken meanwhile is refused"),
  },
];
