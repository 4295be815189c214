"use client";

import { useSyncExternalStore } from "react";

/** Whether this browser knows passkeys; null while nobody can tell: on the server, and until the scripts are there. */
export const usePasskeySupport = (): boolean | null =>
  useSyncExternalStore(
    () => () => {},
    () => typeof window.PublicKeyCredential === "function",
    () => null,
  );
