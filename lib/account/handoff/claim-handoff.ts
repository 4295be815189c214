import "server-only";
import { and, eq, gt, isNull } from "drizzle-orm";
import { transaction } from "@/lib/db/client";
import { recordEvent } from "@/lib/db/events";
import { handoff } from "@/lib/db/schema/oauth";
import { lockAccount } from "@/lib/account/lock-account";
import { findClient } from "@/lib/account/oauth/clients";
import type { Sender } from "@/lib/http/sender";
import { findCode, type FoundCode } from "@/lib/account/handoff/find-code";
import type { HandoffDevice, HandoffState } from "@/lib/account/handoff/handoffs";

type Claim = {
  code: string;
  clientId: string;
  /** SHA-256 of a secret that only the device has, base64url (RFC 7636, S256). */
  challenge: string;
  device: HandoffDevice & { installId: string };
};

/** A hand-off as the device that claimed it sees it. It tells nothing of the account. */
export type ClaimView = {
  state: Exclude<HandoffState, "open">;
  /** From 10 to 99. */
  number: number;
  expiresAt: Date;
};

type Claimed = { status: "claimed"; claim: ClaimView } | { status: "usedByAnother" } | { status: "unknown" };

/**
 * Claims a code for a device, which proves itself from then on by the secret of its challenge. Of several devices, one
 * gets it. Repeating with the same challenge gives the same answer. A code that is unknown, void, expired or over is
 * `unknown`.
 * @param randomBytes a cryptographic source of n bytes
 */
export async function claimHandoff(
  { code, clientId, challenge, device }: Claim,
  { now, sender, randomBytes }: { now: Date; sender: Sender; randomBytes: (n: number) => Buffer },
): Promise<Claimed | { status: "unknownClient" } | { status: "limited"; until: Date }> {
  if (!findClient(clientId)) return { status: "unknownClient" };
  const found = await findCode(code, { network: sender.addressPrefix, now });
  if (found.status !== "found") return found;
  if (found.handoff.state !== "open") return answerFor(found.handoff, challenge);

  const { id, accountId } = found.handoff;
  const number = 10 + (randomBytes(4).readUInt32BE() % 90);
  const isMine = await transaction(async (tx) => {
    // Before the hand-off, as everywhere.
    await lockAccount(tx, accountId);
    const { rowCount } = await tx
      .update(handoff)
      .set({
        claimedAt: now,
        ...{ clientId, challenge, number },
        ...{ installId: device.installId, deviceName: device.name, deviceModel: device.model },
        deviceSystem: device.system,
      })
      .where(and(eq(handoff.id, id), isNull(handoff.claimedAt), gt(handoff.expiresAt, now)));
    if (rowCount === 0) return false;
    await recordEvent(tx, { action: "handoff.claimed", accountId, subject: id, at: now, person: sender });
    return true;
  });
  if (isMine) return { status: "claimed", claim: { state: "claimed", number, expiresAt: found.handoff.expiresAt } };
  const again = await findCode(code, { network: sender.addressPrefix, now });
  return again.status === "found" ? answerFor(again.handoff, challenge) : again;
}

/** The answer about a hand-off that cannot be claimed any more. */
function answerFor(found: FoundCode, challenge: string): Claimed {
  const { state, number, expiresAt } = found;
  if (state === "open" || found.challenge === null || number === null) return { status: "unknown" };
  if (found.challenge === challenge) return { status: "claimed", claim: { state, number, expiresAt } };
  return state === "expired" ? { status: "unknown" } : { status: "usedByAnother" };
}

/** Finds a hand-off for the device that claimed it. It is unknown to anybody else. */
export async function findClaim(
  { code, challenge }: { code: string; challenge: string },
  { now, network }: { now: Date; network: string | null },
): Promise<{ status: "claimed"; claim: ClaimView } | { status: "unknown" } | { status: "limited"; until: Date }> {
  const found = await findCode(code, { network, now });
  if (found.status !== "found") return found;
  const answer = answerFor(found.handoff, challenge);
  return answer.status === "usedByAnother" ? { status: "unknown" } : answer;
}
