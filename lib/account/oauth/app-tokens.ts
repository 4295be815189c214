import "server-only";
import { createHmac } from "node:crypto";
import { env } from "@/lib/env";

/** What an app gets: both tokens, and the seconds for which the access token works (RFC 6749, 5.1). */
export type AppTokens = { accessToken: string; refreshToken: string; expiresIn: number };

/** Seconds. The refresh token works as long as it is used within `refreshIdle`. */
export const TOKEN_LIFETIME = { access: 15 * 60, refreshIdle: 180 * 86_400 };

/**
 * Seconds for which a repeated request gets the same tokens again, while they are not refreshed. An app that was killed or
 * cut off before it stored them is thereby not signed out.
 */
export const RETRY_WINDOW = 60;

// So that a person or a program that finds a token knows what it is.
const ACCESS = "access_";
const REFRESH = "refresh_";

/** The first refresh token of a session, from 32 random bytes. */
export const firstRefreshToken = (random: Uint8Array): string => REFRESH + Buffer.from(random).toString("base64url");

/**
 * The refresh token that takes the place of another one. It is derived, so that a repeated refresh gets the same one, which
 * the database does not hold.
 */
export const successorOf = (refreshToken: string): string => REFRESH + keyed("refresh", refreshToken);

/** The access token that is issued together with a refresh token. */
export const accessTokenWith = (refreshToken: string): string => ACCESS + keyed("access", refreshToken);

const keyed = (use: string, token: string) =>
  createHmac("sha256", env().secrets.auth).update(`app-token:${use}:${token}`).digest("base64url");
