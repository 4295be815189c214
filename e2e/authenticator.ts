import type { Page } from "@playwright/test";

/** A virtual authenticator: a device with passkeys, as the browser sees it. */
export type Authenticator = {
  /** Whether the owner is present and approves at once. Until then every request waits. */
  attended(isAttended: boolean): Promise<void>;
  /** Whether user verification succeeds. */
  unlockable(isUnlockable: boolean): Promise<void>;
  /** Waits until the device holds the page's offer in a field. With the owner present it would answer it at once. */
  offered(): Promise<void>;
  /** The number of passkeys stored on it. */
  passkeys(): Promise<number>;
};

/** Adds a virtual authenticator, with its owner absent, to the page's Chromium. */
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
    offered: async () => {
      await page.waitForFunction(() => "offersPasskeys" in window);
      // The request takes a few turns of the browser's own process to reach the device. These questions queue behind it.
      await page.evaluate(async () => {
        for (let turn = 0; turn < 50; turn++) await PublicKeyCredential.isConditionalMediationAvailable();
      });
    },
    passkeys: async () => (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
  };
}
