/** The systems the app runs on. */
export const systems = ["ios", "android"] as const;

export type System = (typeof systems)[number];

export const isSystem = (value: unknown): value is System => systems.some((system) => system === value);

/**
 * The phone or tablet system in a User-Agent header. Null for computers, and for iPads that present themselves as one.
 */
export function detectSystem(userAgent: string | null): System | null {
  if (/iPhone|iPad|iPod/.test(userAgent ?? "")) return "ios";
  return /Android/.test(userAgent ?? "") ? "android" : null;
}
