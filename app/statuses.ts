import "server-only";
import type { scheduleDeletion, askToDelete } from "@/lib/account/deletion/delete-account";
import type { claimHandoff, findClaim } from "@/lib/account/handoff/claim-handoff";
import type { askAgain } from "@/lib/account/email/ask-to-confirm";
import type { askToChangeEmail } from "@/lib/account/email/change-email";
import type { confirmEmail, confirmEmailByCode } from "@/lib/account/email/confirm-email";
import type { correctEmail } from "@/lib/account/email/correct-email";
import type { restoreEmail } from "@/lib/account/email/restore-email";
import type { addPasskey, beginAddingPasskey } from "@/lib/account/passkeys/add-passkey";
import type { confirmWithPasskey } from "@/lib/account/passkeys/confirm-with-passkey";
import type { beginProof } from "@/lib/account/passkeys/prove-passkey";
import type { PasskeyRefusal } from "@/lib/account/passkeys/refuse-passkey";
import type { signInWithPasskey } from "@/lib/account/passkeys/sign-in-with-passkey";
import type { changePassword } from "@/lib/account/password/change-password";
import type { PasswordFault } from "@/lib/account/password/password-quality";
import type { requestReset } from "@/lib/account/password/request-reset";
import type { resetPassword } from "@/lib/account/password/reset-password";
import type { confirmPassword, signIn } from "@/lib/account/password/sign-in";
import type { createAccount } from "@/lib/account/profile/create-account";
import type { activateDevice } from "@/lib/licence/devices/activate-device";
import type { getEntitlement } from "@/lib/licence/devices/get-entitlement";
import type { releaseDevice } from "@/lib/licence/devices/release-device";
import type { replaceDevice } from "@/lib/licence/devices/replace-device";
import type { changeLeaseForPartner } from "@/lib/licence/leases/change-lease";
import type { redeemCode } from "@/lib/licence/leases/redeem-code";
import type { admitPartner } from "@/lib/licence/partners/partner-tokens";
import type { previewKey } from "@/lib/licence/preview-key";
import type { redeemKey } from "@/lib/licence/redeem-key";
import type { RefusalReason } from "@/lib/licence/refusal";

type AnswerOf<Verb extends (...given: never[]) => Promise<{ status: string }>> = Awaited<ReturnType<Verb>>["status"];

type AccountVerb =
  | typeof addPasskey
  | typeof askAgain
  | typeof askToChangeEmail
  | typeof askToDelete
  | typeof beginAddingPasskey
  | typeof beginProof
  | typeof changePassword
  | typeof confirmEmail
  | typeof confirmEmailByCode
  | typeof confirmPassword
  | typeof confirmWithPasskey
  | typeof correctEmail
  | typeof createAccount
  | typeof scheduleDeletion
  | typeof requestReset
  | typeof resetPassword
  | typeof restoreEmail
  | typeof signIn
  | typeof signInWithPasskey;

/** Statuses of a success, also of one that an earlier request achieved. */
type Done =
  | "activated"
  | "added"
  | "admitted"
  | "alreadyYours"
  | "asked"
  | "begun"
  | "changed"
  | "claimed"
  | "confirmed"
  | "corrected"
  | "created"
  | "entitled"
  | "leaving"
  | "nothingToAsk"
  | "ready"
  | "released"
  | "reset"
  | "restored"
  | "sent"
  | "unchanged"
  | "signedIn";

/** Statuses with a reason. The reason decides the HTTP status. */
type Reasoned = "refused" | "passwordRefused";

type Refusals<Verb extends (...given: never[]) => Promise<{ status: string }>> = Record<
  Exclude<AnswerOf<Verb>, Done | Reasoned>,
  number
>;

/**
 * The HTTP status (RFC 9110; 429: RFC 6585) of every refusal, for route handlers. A new refusal does not compile until
 * it is listed here. A 429 needs the header `Retry-After` (see {@link secondsUntil}), a 401 `WWW-Authenticate`.
 */
export const statuses = {
  /** Statuses of any route. */
  request: {
    ...{ invalid: 422, signedOut: 401, notSteppedUp: 403, notFound: 404, notAcceptable: 406, conflict: 409 },
    unavailable: 503,
  },

  /** Refusals of a product key, by reason. */
  key: {
    unknown: 404,
    withdrawn: 410,
    usedByAnother: 409,
    notReleased: 409,
    expired: 410,
    region: 403,
    ceiling: 409,
  } satisfies Record<RefusalReason, number>,

  licence: { limited: 429, previewChanged: 409 } satisfies Refusals<
    typeof previewKey | typeof redeemKey | typeof redeemCode
  >,

  partner: { unknown: 401, limited: 429 } satisfies Refusals<typeof admitPartner>,

  lease: { unknown: 404, ended: 409, limited: 429 } satisfies Refusals<typeof changeLeaseForPartner>,

  /** `other`: the app is signed in on another device. */
  device: { unknown: 404, notRunning: 409, full: 409, limited: 429, other: 403, notProtected: 404 } satisfies Refusals<
    typeof activateDevice | typeof replaceDevice | typeof releaseDevice | typeof getEntitlement
  > & { other: number },

  handoff: { unknown: 404, usedByAnother: 409, unknownClient: 422, limited: 429 } satisfies Refusals<
    typeof claimHandoff | typeof findClaim
  >,

  /** Refusals of a passkey, by reason. */
  passkey: { expired: 410, unknown: 403, invalid: 403 } satisfies Record<PasskeyRefusal["reason"], number>,

  /** Refusals of a new password, by fault. */
  newPassword: {
    tooShort: 422,
    tooCommon: 422,
    isYourName: 422,
    isYourAddress: 422,
    isOurName: 422,
    tooWeak: 422,
  } satisfies Record<PasswordFault, number>,

  account: {
    limited: 429,
    locked: 429,
    wrong: 403,
    ended: 401,
    taken: 409,
    same: 409,
    tooMany: 409,
    // Links and codes of emails.
    unknown: 404,
    spent: 410,
    late: 410,
    over: 410,
    linkOver: 410,
  } satisfies Refusals<AccountVerb>,
};
