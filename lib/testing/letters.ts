import type { TokenPurpose } from "@/lib/account/tokens";
import { mailKinds, type MailKind } from "@/lib/jobs/outbox";
import type { Letter } from "@/lib/mail/letter";
import type { Post } from "@/lib/mail/post";
import { writeLetter } from "@/lib/mail/write-letter";
import type { Locale } from "@/lib/messages/locale";

export const now = new Date("2026-11-23T10:00:00Z");
export const id = "7d9ee8a4-2f0c-4b5e-9c53-7a1f6e1d2c3b";
export const tokenId = "52b2c3a1-8a7c-4b53-8a3e-d7a51b4f3c20";
export const recipient = "camille@example.org";

export const purposes: Partial<Record<MailKind, TokenPurpose[]>> = {
  "confirm-address": ["verify-email", "change-email"],
  "reset-password": ["reset-password"],
  "address-restorable": ["restore-email"],
  "address-restored": ["reset-password"],
  "confirm-deletion": ["delete-account"],
};

/** Every kind of email, as it is stored. */
export const posts: Pick<Post, "kind" | "token">[] = mailKinds.flatMap((kind) =>
  (purposes[kind] ?? [null]).map((purpose) => ({ kind, token: purpose && tokenFor(purpose) })),
);

export function tokenFor(purpose: TokenPurpose): NonNullable<Post["token"]> {
  return { id: tokenId, purpose, createdAt: now, expiresAt: new Date(now.getTime() + 86_400_000), usedAt: null };
}

const firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0";

const details = {
  userAgent: firefox,
  product: "norton-360-deluxe",
  months: 12,
  days: 10,
  partner: "Exemple Télécom",
  device: "Camille’s phone",
  endsAt: "2027-12-02T23:00:00Z",
  until: "2026-12-07T10:00:00Z",
  handoff: "0b9e1f52-64d7-4b8a-9c3e-5f7a2d1c8e40",
  caseCode: "7K2M-9XQP",
  answer: "Your receipt shows that the key is yours.\n\nTake it to the shop: a new card waits for you there.",
};

/** Writes an email to Camille, who has confirmed her address, as `now`. */
export function letterOf(
  { kind, token }: Pick<Post, "kind" | "token">,
  given: {
    locale?: Locale;
    account?: Partial<Post["account"]>;
    details?: Post["details"];
    at?: Date;
    to?: string;
  } = {},
): Letter {
  const account = {
    ...{ id, name: "Camille Marchand", email: recipient, locale: given.locale ?? "en", timeZone: "Europe/Paris" },
    ...{ emailVerifiedAt: now, erasedAt: null },
    ...given.account,
  };
  return writeLetter(
    {
      ...{ id, kind, token, account, recipient: given.to ?? recipient, createdAt: now, tries: 1 },
      details: given.details ?? details,
    },
    { now: given.at ?? now },
  );
}
