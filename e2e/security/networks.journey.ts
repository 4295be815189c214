import { randomBytes } from "node:crypto";
import { issueProductKey } from "@/lib/licence/product-key";
import { actionId, asScript, resultOf } from "./actions";
import { expect, serve, test, type Send } from "./fixtures";
import { actions, idle } from "./visitor";

/*
 * S19. Taken away once, and red: the `trustedProxies === 0` of clientAddress in lib/http-arrival.ts; its `.at(-trustedProxies)` as
 * `.at(0)`; the network kept for the framework's own requests, with 127.0.0.1 in its place.
 */

const spoofs = (count: number): Record<string, string> => {
  const address = `198.51.100.${count}`;
  return {
    "X-Forwarded-For": address,
    "X-Real-IP": address,
    "X-Client-IP": address,
    "True-Client-IP": address,
    "CF-Connecting-IP": address,
    "X-Client-Network": address,
    Forwarded: `for=${address}`,
  };
};

/** @returns the code of what the page says to a wrong password */
async function tryPassword(send: Send, origin: string, headers: Record<string, string>): Promise<string> {
  const form = [
    ["email", `nobody.${Math.random().toString(36).slice(2)}@example.org`],
    ["password", "not the password"],
  ] as const;
  const { body, headers: type } = asScript({ id: actionId(actions.signIn), state: idle, form });
  const answer = await send({
    method: "POST",
    path: "/sign-in",
    body,
    headers: { ...type, Origin: origin, ...headers },
  });
  return (resultOf(answer.text) as { faults: { form: { code: string } } }).faults.form.code;
}

test("without a proxy in front, no header takes an attempt to another network", async () => {
  const served = await serve({ TRUSTED_PROXIES: "0" });
  try {
    for (let count = 1; count <= 10; count++) {
      expect(await tryPassword(served.send, served.origin, spoofs(count))).toBe("credentials.wrong");
    }
    expect(await tryPassword(served.send, served.origin, spoofs(11))).toBe("tooManyAttempts");
    expect(await tryPassword(served.send, served.origin, {})).toBe("tooManyAttempts");
  } finally {
    await served.stop();
  }
});

test("behind one proxy, only what that proxy wrote counts", async ({ send, baseURL, freshNetwork }) => {
  const network = freshNetwork();
  const claim = (count: number) => `198.51.100.${count}, 203.0.113.${count}, ${network}`;
  for (let count = 1; count <= 10; count++) {
    const headers = { ...spoofs(count), "X-Forwarded-For": claim(count) };
    expect(await tryPassword(send, baseURL!, headers)).toBe("credentials.wrong");
  }
  expect(await tryPassword(send, baseURL!, { "X-Forwarded-For": claim(11) })).toBe("tooManyAttempts");
  // The neighbours go on.
  expect(await tryPassword(send, baseURL!, { "X-Forwarded-For": freshNetwork() })).toBe("credentials.wrong");
});

test("an IPv6 site is one network, whatever address in it is used", async ({ send, baseURL }, { workerIndex }) => {
  const site = `2001:db8:${workerIndex.toString(16)}:7`;
  for (let count = 1; count <= 10; count++) {
    expect(await tryPassword(send, baseURL!, { "X-Forwarded-For": `${site}::${count}` })).toBe("credentials.wrong");
  }
  expect(await tryPassword(send, baseURL!, { "X-Forwarded-For": `${site}:ffff:1:2:3` })).toBe("tooManyAttempts");
});

test("a page that an action leads to counts for the person's network, not for the server's own", async ({
  sendFromSite,
  person,
  session,
  freshNetwork,
  says,
}) => {
  // The framework asks itself for that page, over loopback.
  const look = async (network: string, reference: string) => {
    const form = [["key", issueProductKey(randomBytes)]] as const;
    const { body, headers } = asScript({ id: actionId(actions.verifyKey), state: idle, form });
    const from = { ...headers, Cookie: `session=${reference}`, "X-Forwarded-For": network };
    const answer = await sendFromSite({ method: "POST", path: "/home/setup/key", body, headers: from });
    expect(answer.headers["x-action-redirect"]).toMatch(/^\/home\/setup\/review\?p=/);
    return answer.text;
  };
  const network = freshNetwork();
  for (let account = 0; account < 3; account++) {
    const reference = await session(await person());
    for (let guess = 0; guess < 10; guess++)
      expect(await look(network, reference)).toContain(says.refusal.unknown.title);
  }
  const reference = await session(await person());
  expect(await look(network, reference)).toContain(says.refusal.tooMany.title);
  expect(await look(freshNetwork(), reference)).toContain(says.refusal.unknown.title);
});
