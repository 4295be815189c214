import "server-only";
import { env } from "@/lib/env";
import { referencePhone, samePlace, type AppClient } from "@/lib/app-clients";

/** Finds an app by its client id. Every one is public: it has no secret, and its redirect URIs identify it. */
export const findClient = (clientId: string): AppClient | null =>
  env().appClients.find(({ id }) => id === clientId) ?? null;

/** The name of an app for people. An app that is no longer configured is called by its id. */
export const clientName = (clientId: string): string => findClient(clientId)?.name ?? clientId;

/** Whether an app registered a redirect URI: character by character, but for the port of a loopback address. */
export const isRegistered = ({ redirectUris }: AppClient, redirectUri: string): boolean =>
  redirectUris.some((registered) => samePlace(registered, redirectUri));

/** Whether the reference phone app is one of the apps, and therefore served at `/phone`. */
export const referencePhoneIsOn = (): boolean => findClient(referencePhone("").id) !== null;
