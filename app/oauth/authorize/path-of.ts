import { confirmingPage } from "@/lib/http/policy";

/** The page of an authorization request. */
export const pathOf = (requestId: string): string =>
  `${confirmingPage}?request=${encodeURIComponent(requestId.slice(0, 100))}`;
