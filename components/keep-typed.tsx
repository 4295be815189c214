"use client";

import { useEffect } from "react";

/** Fields in which people type, without passwords. */
const fields = () =>
  document.querySelectorAll<HTMLInputElement>("main :is(input:not([type=hidden], [type=password]), select)");

/**
 * Keeps what was typed when a link is followed: all of it on the same page in another language, and the email address
 * on any page that asks for one. Only this tab has it, until the next page has loaded.
 */
export function KeepTyped() {
  useEffect(() => {
    const before = taken();
    for (const field of fields()) {
      const value = before[field.name];
      const isHere = before["at"] === location.pathname || field.name === "email";
      if (!value || !isHere || (field.value && field.type !== "select-one")) continue;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    // The layout never goes away, so the listener stays.
    document.addEventListener("click", ({ target }) => {
      if (!(target as Element).closest("a[href^='/']")) return;
      const now: Typed = { at: location.pathname };
      for (const { name, value } of fields()) now[name] = value;
      try {
        sessionStorage["typed"] = JSON.stringify(now);
      } catch {
        // See `taken`.
      }
    });
  }, []);
  return null;
}

/** By field name, and the path of the page as `at`. */
type Typed = Record<string, string>;

/** Empty also where the browser forbids storage: it throws then. */
function taken(): Typed {
  try {
    const { typed = "{}" } = sessionStorage as { typed?: string };
    delete sessionStorage["typed"];
    return JSON.parse(typed) as Typed;
  } catch {
    return {};
  }
}
