import { z } from "zod";
import { statuses } from "@/app/statuses";
import { activation } from "@/app/api/shapes/activation";
import type { Answer } from "@/lib/db/idempotent-answer";
import { doorProblems, problemBody } from "@/lib/http/problem";
import type { CodeRefusal } from "@/lib/licence/leases/preview-code";
import type { RefusalReason } from "@/lib/licence/refusal";

type Kind = {
  /** The HTTP status. */
  status: number;
  /** What happened and what the program can do. */
  detail: string;
  /** Members of the problem details beside those of RFC 9457 and `code`. */
  members?: z.ZodObject;
  /** Its members may name a product key. It depends on the request alone and changes nothing, so it is never stored. */
  isSecret?: true;
};

const ofKey = {
  caseCode: z.string().meta({ description: "A code for support, which explains this refusal.", example: "7K2M-9XQP" }),
};

const refusedKey = z.object(ofKey);

/**
 * Every problem that the API answers, by its code: the one table from refusals to codes. Programs decide by the code, so
 * a code is never renamed or reused.
 */
export const problems = {
  // Any request.
  methodNotAllowed: { status: doorProblems.methodNotAllowed, detail: "This address does not accept this method." },
  tooLarge: { status: doorProblems.tooLarge, detail: "The request is too large. Nothing was changed." },
  wrongHost: { status: doorProblems.wrongHost, detail: "This host is not the site. Use the site's address." },
  overloaded: { status: doorProblems.overloaded, detail: "Too many requests now. Repeat it after Retry-After." },
  notFound: { status: statuses.request.notFound, detail: "There is nothing at this address." },
  unavailable: { status: statuses.request.unavailable, detail: "Try again later." },
  invalidRequest: {
    status: statuses.request.invalid,
    detail: "The request is not as documented. Nothing was changed.",
    members: z.object({
      faults: z
        .array(z.string())
        .meta({ description: "What is wrong, for a developer.", example: ["body.device.name: Too small"] }),
    }),
  },
  tokenMissing: { status: statuses.request.signedOut, detail: "Send a token as Authorization: Bearer." },
  tokenInvalid: {
    status: statuses.request.signedOut,
    detail: "The token is unknown, has expired or was revoked. Refresh it, or sign in again.",
  },
  tooManyRequests: {
    status: statuses.licence.limited,
    detail: "This token has sent too many requests. Go on after Retry-After.",
  },
  idempotencyKeyReused: {
    status: statuses.request.invalid,
    detail: "This Idempotency-Key was used with another request. Nothing was changed.",
  },
  requestInProgress: {
    status: statuses.request.conflict,
    detail: "The same request is being answered. Repeat it after Retry-After.",
  },

  // Devices.
  unknownSubscription: {
    status: statuses.device.unknown,
    detail: "The account has no such subscription.",
  },
  subscriptionNotRunning: { status: statuses.device.notRunning, detail: "The subscription does not run now." },
  noSeatLeft: {
    status: statuses.device.full,
    detail: "Other devices hold every seat. Replace one of them, or release one.",
    members: z.object({ devices: z.array(activation) }),
  },
  tooManyDevices: {
    status: statuses.device.limited,
    detail: "Too many devices took a seat of the subscription within a day. Go on after Retry-After.",
  },
  otherDevice: {
    status: statuses.device.other,
    detail: "The app is signed in on another device. Sign in again on this one.",
  },
  unknownActivation: { status: statuses.device.unknown, detail: "The account has no such activation." },
  notProtected: { status: statuses.device.notProtected, detail: "The device holds no seat of a running subscription." },

  // Hand-offs.
  handoffUnknown: { status: statuses.handoff.unknown, detail: "The code is unknown or has expired. Show a new one." },
  handoffUsedByAnother: {
    status: statuses.handoff.usedByAnother,
    detail: "Another device uses this code. Show a new one.",
  },
  unknownClient: { status: statuses.handoff.unknownClient, detail: "This client is not registered." },
  tooManyCodes: {
    status: statuses.handoff.limited,
    detail: "The network has tried too many unknown codes. Go on after Retry-After.",
  },

  // Product keys and partner codes.
  keyMalformed: {
    status: statuses.request.invalid,
    detail: "The text is neither a product key nor a partner code.",
    isSecret: true,
    members: z.object({
      suggestion: z.string().nullable().meta({
        description: "The key that was probably meant. Use it only after the person has confirmed it.",
        example: null,
      }),
    }),
  },
  keyUnknown: { status: statuses.key.unknown, detail: "There is no such key or code.", members: refusedKey },
  keyWithdrawn: { status: statuses.key.withdrawn, detail: "The seller has withdrawn the key.", members: refusedKey },
  keyUsedByAnother: {
    status: statuses.key.usedByAnother,
    detail: "Another account uses the key or code.",
    members: refusedKey,
  },
  keyNotReleased: {
    status: statuses.key.notReleased,
    detail: "The shop has not released the card yet. The key was not used.",
    members: refusedKey,
  },
  keyExpired: {
    status: statuses.key.expired,
    detail: "The last day to redeem the key or code has passed.",
    members: z.object({ ...ofKey, redeemBy: z.iso.date().meta({ description: "That day.", example: "2026-12-31" }) }),
  },
  keyRegion: {
    status: statuses.key.region,
    detail: "The key was sold for other countries than the account's. It was not used.",
    members: z.object({
      ...ofKey,
      regions: z.array(z.string()).meta({ description: "ISO 3166-1 alpha-2.", example: ["FR", "BE"] }),
    }),
  },
  keyCeiling: {
    status: statuses.key.ceiling,
    detail: "The subscription would end more than five years from now. The key was not used.",
    members: z.object({
      ...ofKey,
      canKeep: z.boolean().meta({ description: "Whether the key can be kept for later: the choice `keep`." }),
      possibleFrom: z.iso.datetime().nullable().meta({ description: "When the key can be activated." }),
    }),
  },
  tooManyGuesses: {
    status: statuses.licence.limited,
    detail: "The account or its network has tried too many unknown keys. Go on after Retry-After.",
  },
  previewChanged: {
    status: statuses.licence.previewChanged,
    detail: "What the key gives has changed since the preview. Nothing was changed. Show a new preview.",
  },

  // Leases.
  unknownLease: { status: statuses.lease.unknown, detail: "There is no such lease." },
  leaseEnded: {
    status: statuses.lease.ended,
    detail: "The lease has ended. An end is final: give your customer a new code.",
  },
  leaseChangedTooOften: {
    status: statuses.lease.limited,
    detail: "The lease was suspended and resumed too often today. Go on after Retry-After.",
  },
} as const satisfies Record<string, Kind>;

export type ProblemCode = keyof typeof problems;

export const kindOf = (code: ProblemCode): Kind => problems[code];

/** A refusal: its code, its members, and perhaps the instant from which the request may be repeated. */
export type Refused<Code extends ProblemCode = ProblemCode> = { refused: Code; members: object; retryAt?: Date };

type Members<Code extends ProblemCode> = (typeof problems)[Code] extends { members: infer Schema extends z.ZodObject }
  ? [members: z.input<Schema>]
  : [];

/** Refuses a request. A code that has members does not compile without them. */
export const refuse = <Code extends ProblemCode>(code: Code, ...[members = {}]: Members<Code>): Refused<Code> => ({
  refused: code,
  members,
});

/** The codes of a product key's or a partner code's refusals, by reason. */
export const keyCodes = {
  unknown: "keyUnknown",
  withdrawn: "keyWithdrawn",
  usedByAnother: "keyUsedByAnother",
  notReleased: "keyNotReleased",
  expired: "keyExpired",
  region: "keyRegion",
  ceiling: "keyCeiling",
} as const satisfies Record<RefusalReason | CodeRefusal["reason"], ProblemCode>;

/** The body of a refusal: problem details (RFC 9457), written by the schema that documents it. */
export function writeProblem({ refused: code, members }: Refused): Answer {
  const { status, detail, members: schema, isSecret } = kindOf(code);
  return { status, body: { ...problemBody({ status, code, detail }), ...schema?.parse(members) }, isSecret };
}
