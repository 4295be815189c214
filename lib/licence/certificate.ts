import "server-only";
import type { ProductCode } from "@/lib/brand";
import { env } from "@/lib/env";
import { foldCoverage } from "@/lib/licence/coverage";
import { readLedgerOfGrant, type LedgerLine, type SubscriptionLedger } from "@/lib/licence/ledger";
import { signClaims, type Signed } from "@/lib/licence/sign-claims";
import type { GrantSource } from "@/lib/licence/sources/source";
import type { Term } from "@/lib/licence/term";

/**
 * The state of an activation now. `waiting`: it protects from `startsAt`, when what runs before it ends. The end moves when
 * an earlier activation is undone or withdrawn.
 */
export type CertificateState =
  | { name: "active" | "ended"; endsAt: Date }
  | { name: "waiting"; startsAt: Date; endsAt: Date }
  | { name: "withdrawn" | "undone"; at: Date };

/** Facts about an activation that anybody may know who has its id. It names neither a person nor a key. */
export type Certificate = {
  id: string;
  product: ProductCode;
  devices: number;
  term: Term;
  activatedAt: Date;
  state: CertificateState;
  /** All of the above is signed, except for the state and the time of day. */
  signed: Signed;
};

/** The `typ` of a certificate's token. */
const TYPE = "activation-certificate+jwt";

/** Whether the grants of a source have certificates. A new source does not compile until it decides. */
const certified: Record<GrantSource["kind"], boolean> = { key: true, lease: false };

/**
 * Finds the certificate of an activation for anybody who has its id, with two statements. Null for an unknown id, and once
 * the owner's account is erased: the certificate goes with all that they had.
 */
export async function findCertificate(id: string, { now }: { now: Date }): Promise<Certificate | null> {
  const ledger = await readLedgerOfGrant(id);
  const line = ledger?.grants.find(({ grant }) => grant.id === id);
  if (!ledger || !line || !certified[line.source.kind]) return null;
  const { product, seats: devices } = ledger;
  const { term, grant } = line;
  const claims = {
    iss: env().authUrl,
    jti: id,
    product,
    devices,
    ...term,
    // The UTC calendar day. The time of day is nobody else's business.
    activated: grant.grantedAt.toISOString().slice(0, 10),
  };
  const signed = await signClaims(claims, { type: TYPE });
  return { id, product, devices, term, activatedAt: grant.grantedAt, state: stateOf(line, ledger, now), signed };
}

function stateOf({ grant }: LedgerLine, { grants }: SubscriptionLedger, now: Date): CertificateState {
  if (grant.undoneAt) return { name: "undone", at: grant.undoneAt };
  if (grant.truncatedAt) return { name: "withdrawn", at: grant.truncatedAt };
  const { segments } = foldCoverage(grants.map((one) => one.grant));
  const part = segments.flatMap(({ parts }) => parts).find(({ grantId }) => grantId === grant.id);
  if (!part) throw new Error("a standing grant of a key covers nothing");
  const { startsAt, endsAt } = part;
  if (startsAt > now) return { name: "waiting", startsAt, endsAt };
  return { name: endsAt > now ? "active" : "ended", endsAt };
}
