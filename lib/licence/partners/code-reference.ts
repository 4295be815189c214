/**
 * Names a partner code without revealing it, so that a partner knows which lease belongs to which customer: the first 96
 * bits of its keyed digest, base64url, 16 characters.
 */
export const codeReference = (lookup: Buffer): string => lookup.subarray(0, 12).toString("base64url");
