"use client";

import { useEffect } from "react";

type Typed = { path: string; values: Record<string, string> };

/** Fields in which people type, without passwords. */
const fields = "main :is(input:not([type=hidden], [type=password]), select)";

/**
 * Keeps what was typed when a link is followed: all of it on the same page in another language, and the email address
 * on any page that asks for one. Only this tab has it, until the next page has loaded.
 */
export function KeepTyped() {
  useEffect(() => {
    const all = () => [...document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(fields)];
    const { path, values } = taken();
    for (const field of all()) {
      const value = values[field.name];
      const isEmpty = field.value === "" || field.tagName === "SELECT";
      if (!value || !isEmpty || (path !== location.pathname && field.name !== "email")) continue;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    function keep(event: MouseEvent) {
      if (!(event.target as Element).closest("a[href]")) return;
      const typed = {
        path: location.pathname,
        values: Object.fromEntries(all().map(({ name, value }) => [name, value])),
      };
      sessionStorage.setItem(name, JSON.stringify(typed satisfies Typed));
    }
    document.addEventListener("click", keep);
    return () => document.removeEventListener("click", keep);
  }, []);
  return null;
}

const name = "typed";

function taken(): Typed {
  const text = sessionStorage.getItem(name);
  sessionStorage.removeItem(name);
  return text ? (JSON.parse(text) as Typed) : { path: "", values: {} };
}
