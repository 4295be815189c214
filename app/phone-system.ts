import type { System } from "@/lib/brand";

/** The systems of phones and tablets. */
export const phoneSystems = ["ios", "android"] as const satisfies System[];

export type PhoneSystem = (typeof phoneSystems)[number];

export const isPhoneSystem = (value: unknown): value is PhoneSystem => phoneSystems.some((system) => system === value);

/**
 * The phone or tablet system in a User-Agent header. Null for computers, and for iPads that present themselves as one.
 */
export function detectSystem(userAgent: string | null): PhoneSystem | null {
  if (/iPhone|iPad|iPod/.test(userAgent ?? "")) return "ios";
  return /Android/.test(userAgent ?? "") ? "android" : null;
}
