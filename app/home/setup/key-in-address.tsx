"use client";

import { useEffect } from "react";

/** Takes a key in the fragment of the address (`#22345-…`) on to the key page, which reads it. Servers never see it. */
export function KeyInAddress() {
  useEffect(() => {
    const { hash } = window.location;
    if (hash.replace(/[^0-9a-z?]/gi, "").length >= 24) window.location.replace(`/home/setup/key${hash}`);
  }, []);
  return null;
}
