import "server-only";
import { brand } from "@/lib/brand";
import { env } from "@/lib/env";
import * as accounts from "@/lib/mail/about-accounts";
import * as devices from "@/lib/mail/about-devices";
import * as keys from "@/lib/mail/about-keys";
import * as leases from "@/lib/mail/about-leases";
import type { Content } from "@/lib/mail/content";
import { partsFor, type Parts, type Written } from "@/lib/mail/parts";
import type { Post } from "@/lib/mail/post";
import { mailWords, type MailWords } from "@/lib/mail/words";
import type { Locale } from "@/lib/messages/locale";

const { site } = brand;

/** Composes an email: what happened, what to do, what to do if it was somebody else, and why it was sent. */
export function compose(post: Post, { locale, now }: { locale: Locale; now: Date }): Content {
  const t = mailWords(locale);
  const { subject, lead, parts, why = "account" } = write(post, partsFor(post, { t, locale, now }));
  return {
    subject,
    greeting: greeting(post, t),
    lead,
    parts,
    canStop: why === "reminders",
    smallPrint: [t(`why.${why}`, { address: post.recipient, site }), t("safety", { origin: env().authUrl })],
  };
}

/**
 * Greets by name only at a confirmed address. Somebody who enters another person's address can choose any name, even a
 * web address, which email programs turn into a link.
 */
function greeting({ account: { name, email, emailVerifiedAt }, recipient }: Post, t: MailWords): string {
  const isTheirs = emailVerifiedAt !== null && email === recipient;
  const looksLikeLink = /@|:\/\/|www\.|\.\p{L}{2}/iu.test(name);
  const written = name.replace(/[\p{C}\s]+/gu, " ").trim();
  return isTheirs && written && !looksLikeLink ? t("hello", { name: written }) : t("helloPlain");
}

function write(post: Post, parts: Parts): Written {
  switch (post.kind) {
    case "confirm-address":
      return post.token?.purpose === "change-email"
        ? accounts.confirmNewAddress(post, parts)
        : accounts.confirmAddress(post, parts);
    case "reset-password":
      return accounts.resetPassword(parts);
    case "password-changed":
      return accounts.passwordChanged(post, parts);
    case "new-sign-in":
      return accounts.newSignIn(post, parts);
    case "new-app-sign-in":
      return accounts.newAppSignIn(post, parts);
    case "handoff-link":
      return accounts.handoffLink(post, parts);
    case "key-redeemed":
      return keys.keyRedeemed(post, parts);
    case "key-kept":
      return keys.keyKept(post, parts);
    case "key-moved-away":
      return keys.keyMovedAway(post, parts);
    case "key-moved-here":
      return keys.keyMovedHere(post, parts);
    case "key-withdrawn":
      return keys.keyWithdrawn(post, parts);
    case "key-restored":
      return keys.keyRestored(post, parts);
    case "dispute-answered":
      return keys.disputeAnswered(post, parts);
    case "lease-started":
      return leases.leaseStarted(post, parts);
    case "lease-suspended":
      return leases.leaseSuspended(post, parts);
    case "lease-resumed":
      return leases.leaseResumed(post, parts);
    case "lease-ended":
      return leases.leaseEnded(post, parts);
    case "device-released":
      return devices.deviceReleased(post, parts);
    case "subscription-ends":
      return keys.subscriptionEnds(post, parts);
    case "subscription-continues":
      return keys.subscriptionContinues(post, parts);
    case "address-changed":
      return accounts.addressChanged(post, parts);
    case "address-restorable":
      return accounts.addressRestorable(post, parts);
    case "address-restored":
      return accounts.addressRestored(post, parts);
    case "passkey-added":
      return accounts.passkeyAdded(parts);
    case "passkey-removed":
      return accounts.passkeyRemoved(parts);
    case "confirm-deletion":
      return accounts.confirmDeletion(parts);
    case "account-leaving":
      return accounts.accountLeaving(post, parts);
    case "account-kept":
      return accounts.accountKept(parts);
  }
}
