import { z } from "zod";

// Its probe for eval is a violation of the content security policy.
z.config({ jitless: true });

/** Nothing is typed; the button says it all. */
export const buttonForm = z.object({});
