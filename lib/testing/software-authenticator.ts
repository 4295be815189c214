import "server-only";
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

type Site = { id: string; origin: string };
type Creation = { challenge: string; rp: { id?: string }; user: { id: string } };
type Request = { challenge: string };

/** How a response deviates from a genuine one; empty: genuine. */
export type Lie = {
  challenge?: string;
  origin?: string;
  rpId?: string;
  type?: string;
  counter?: number;
  /** Base64url; null: left out. */
  userHandle?: string | null;
  isUserVerified?: boolean;
  isUserPresent?: boolean;
  /** Signed with another key. */
  isForged?: boolean;
};

/** Bits of the authenticator data (Web Authentication, 6.1). */
const flag = { userPresent: 0x01, userVerified: 0x04, credentialIncluded: 0x40 };

/**
 * A passkey in this process. For tests it makes genuine responses with real signatures (ES256), and invalid ones on
 * demand. Both are the JSON a browser would send.
 */
export function softwareAuthenticator({ id: rpId, origin }: Site) {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const id = randomBytes(32);
  let userHandle = "";

  const clientData = (type: string, { challenge }: Request, lie: Lie) =>
    Buffer.from(
      JSON.stringify({
        type: lie.type ?? type,
        challenge: lie.challenge ?? challenge,
        origin: lie.origin ?? origin,
        crossOrigin: false,
      }),
    );

  function authenticatorData(lie: Lie, credential?: Buffer): Buffer {
    const flags =
      (lie.isUserPresent === false ? 0 : flag.userPresent) |
      (lie.isUserVerified === false ? 0 : flag.userVerified) |
      (credential ? flag.credentialIncluded : 0);
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(lie.counter ?? 0);
    const site = createHash("sha256").update(lie.rpId ?? rpId);
    return Buffer.concat([site.digest(), Buffer.from([flags]), counter, credential ?? Buffer.alloc(0)]);
  }

  function coseKey(): Buffer {
    const { x, y } = keys.publicKey.export({ format: "jwk" });
    const point = (coordinate: string | undefined) => Buffer.from(coordinate!, "base64url");
    // COSE (RFC 9053): kty EC2, alg ES256, crv P-256, x, y.
    return cbor(new Map<number, unknown>([[1, 2], [3, -7], [-1, 1], [-2, point(x)], [-3, point(y)]])); // prettier-ignore
  }

  function credentialData(): Buffer {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    return Buffer.concat([Buffer.alloc(16), length, id, coseKey()]);
  }

  const named = { id: id.toString("base64url"), rawId: id.toString("base64url"), type: "public-key" };

  return {
    credentialId: named.id,
    /** As it is stored. */
    publicKey: coseKey(),

    /** Answers the options of a registration. */
    create(options: Creation, lie: Lie = {}): string {
      userHandle = options.user.id;
      const authData = authenticatorData(lie, credentialData());
      const attestation = cbor(new Map<string, unknown>([["fmt", "none"], ["attStmt", new Map()], ["authData", authData]])); // prettier-ignore
      return JSON.stringify({
        ...named,
        clientExtensionResults: { credProps: { rk: true } },
        authenticatorAttachment: "platform",
        response: {
          clientDataJSON: clientData("webauthn.create", options, lie).toString("base64url"),
          attestationObject: attestation.toString("base64url"),
          transports: ["internal", "of tomorrow"],
        },
      });
    },

    /** Answers the options of an authentication. */
    get(options: Request, lie: Lie = {}): string {
      const authData = authenticatorData(lie);
      const said = clientData("webauthn.get", options, lie);
      const key = lie.isForged ? generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey : keys.privateKey;
      const signed = Buffer.concat([authData, createHash("sha256").update(said).digest()]);
      const handle = lie.userHandle === undefined ? userHandle : lie.userHandle;
      return JSON.stringify({
        ...named,
        clientExtensionResults: {},
        response: {
          clientDataJSON: said.toString("base64url"),
          authenticatorData: authData.toString("base64url"),
          signature: sign("sha256", signed, key).toString("base64url"),
          ...(handle !== null && { userHandle: handle }),
        },
      });
    },
  };
}

/** Just enough of CBOR (RFC 8949) for the above: whole numbers, texts, bytes and maps of them. */
function cbor(value: unknown): Buffer {
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const entries = [...(value as Map<unknown, unknown>)];
  return Buffer.concat([head(5, entries.length), ...entries.flatMap((entry) => entry.map(cbor))]);
}

function head(major: number, count: number): Buffer {
  const kind = major << 5;
  if (count < 24) return Buffer.from([kind | count]);
  return count < 256 ? Buffer.from([kind | 24, count]) : Buffer.from([kind | 25, count >> 8, count & 255]);
}
