import type { Page } from "@playwright/test";

/** A device with passkeys, as the browser sees it. */
export type Authenticator = {
  /** Whether its owner is there and answers at once; until then every question waits. */
  attended(isAttended: boolean): Promise<void>;
  /** Whether who is there can unlock it. */
  unlockable(isUnlockable: boolean): Promise<void>;
  /** Waits until a page has the browser offer passkeys in a field, which a device attended to would answer. */
  offered(): Promise<void>;
  /** How many passkeys it holds. */
  passkeys(): Promise<number>;
};

/** Puts a device that nobody attends to into a page's browser (Chromium's virtual authenticator). */
export async function authenticatorOf(page: Page): Promise<Authenticator> {
  await page.addInitScript(() => {
    const container = navigator.credentials;
    const get = container.get.bind(container);
    container.get = (options) => {
      if (options?.mediation === "conditional") Object.assign(window, { offersPasskeys: true });
      return get(options);
    };
  });
  const session = await page.context().newCDPSession(page);
  await session.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2",
    transport: "internal",
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: false,
  } as const;
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", { options });
  return {
    attended: async (enabled) =>
      void (await session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled })),
    unlockable: async (isUserVerified) =>
      void (await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified })),
    offered: async () => void (await page.waitForFunction(() => "offersPasskeys" in window)),
    passkeys: async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
  };
}
