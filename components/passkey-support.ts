"use client";

import { useSyncExternalStore } from "react";

/** Whether this browser supports passkeys. Null on the server and until the scripts have loaded. */
export const usePasskeySupport = (): boolean | null =>
  useSyncExternalStore(
    () => () => {},
    () => typeof window.PublicKeyCredential === "function",
    () => null,
  );
