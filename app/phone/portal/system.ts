/** The systems whose wording the app can show. */
export const phoneSystems = ["ios", "android"] as const;

export type PhoneSystem = (typeof phoneSystems)[number];
