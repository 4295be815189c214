import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { Client } from "pg";
import type { LimitName } from "@/lib/limits/limits";
import { issueProductKey } from "@/lib/licence/product-key";
import { linkIn, mailsTo } from "../mail";
import { actionId, asScript, resultOf, type ActionName } from "./actions";
import { expect, serve, test, type Send } from "./fixtures";
import { cookieSet, formsOf, type Answer } from "./raw";
import { actions, idle } from "./visitor";

/* S19: forwarded addresses that a client forges. */

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

/** @returns the error code of the page after a wrong password */
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

test("without a proxy, no header moves an attempt to another network (S19)", async () => {
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

/** The result of an action called as a script: the code of its fault, or its redirect. */
function saidBy({ text, headers }: Answer): string | undefined {
  const result = resultOf(text) as
    { status?: string; fault?: { code: string }; faults?: Record<string, { code: string }> } | undefined;
  const fault = result?.fault ?? Object.values(result?.faults ?? {})[0];
  return fault?.code ?? result?.status ?? headers["x-action-redirect"]?.toString() ?? (result ? "done" : undefined);
}

test("without a proxy, no header gets around the limits on emails, resets, passkeys and new addresses (S19)", async () => {
  const served = await serve({ TRUSTED_PROXIES: "0" });
  let spoofed = 0;
  const call = async (page: string, action: ActionName, form: Record<string, string>, state?: object, cookie = "") => {
    const { body, headers } = asScript({ id: actionId(action), state, form: Object.entries(form) });
    const from = { ...headers, ...spoofs(++spoofed % 250), Origin: served.origin, Cookie: cookie };
    return served.send({ method: "POST", path: page, body, headers: from });
  };
  const password = "vergers et lanternes 61";
  const address = () => `camille.${randomBytes(5).toString("hex")}@example.org`;
  const make = async (email = address()) => {
    const form = { name: "Ann", email, password, country: "FR" };
    const made = await call("/create-account", actions.createAccount, form, idle);
    const session = cookieSet(made, "session")!;
    const page = await served.send({ path: "/home/account/name", headers: { Cookie: `session=${session}` } });
    const account = formsOf(page.text)
      .flatMap(({ fields }) => fields)
      .find(([name]) => name === "account")![1];
    return { email, cookie: `session=${session}`, account };
  };
  const client = new Client({ connectionString: served.databaseUrl });
  await client.connect();
  /** Expects three attempts to pass and the next one to be limited, as if `most - 3` had been made before. */
  const expectLimit = async (limit: LimitName, most: number, code: string, ask: (count: number) => Promise<Answer>) => {
    await ask(3);
    await client.query('UPDATE limit_counter SET count = $2 WHERE "limit" = $1', [limit, most - 3]);
    const said: (string | undefined)[] = [];
    for (let count = 0; count <= 3; count++) said.push(saidBy(await ask(count)));
    expect(said.slice(0, 3)).not.toContain(code);
    expect(said.slice(0, 3)).not.toContain(undefined);
    expect(said[3]).toBe(code);
  };
  try {
    const people = await Promise.all(Array.from({ length: 7 }, () => make()));
    const [somebody] = people as [(typeof people)[0]];

    await expectLimit("takenPerNetwork", 20, "newEmail.limited", (count) => {
      const { account, cookie } = people[count % 7]!;
      const taken = people[(count + 1) % 7]!.email;
      return call("/home/account/email", actions.changeEmail, { account, email: taken }, idle, cookie);
    });

    await call("/forgot-password", actions.forgotPassword, { email: somebody.email }, idle);
    const newest = async () =>
      (await mailsTo(join(dirname(served.logFile), "mail"), somebody.email)).find(
        ({ kind }) => kind === "reset-password",
      );
    await expect.poll(newest, { intervals: [100] }).toBeTruthy();
    const token = new URL(linkIn((await newest())!)).searchParams.get("token")!;
    await expectLimit("resetMailPerNetwork", 100, "tooManyAttempts", () =>
      call("/forgot-password", actions.forgotPassword, { email: address() }, idle),
    );
    await expectLimit("newPasswordPerNetwork", 300, "tooManyAttempts", () =>
      call("/reset-password", actions.newPassword, { token, password: "password1" }, idle),
    );
    await expectLimit("passkeyPerNetwork", 600, "tooManyAttempts", () =>
      call("/sign-in", actions.beginPasskeySignIn, {}),
    );
  } finally {
    await client.end();
    await served.stop();
  }
});

test("behind one proxy, only the entry that proxy wrote counts", async ({ send, baseURL, freshNetwork }) => {
  const network = freshNetwork();
  const claim = (count: number) => `198.51.100.${count}, 203.0.113.${count}, ${network}`;
  for (let count = 1; count <= 10; count++) {
    const headers = { ...spoofs(count), "X-Forwarded-For": claim(count) };
    expect(await tryPassword(send, baseURL!, headers)).toBe("credentials.wrong");
  }
  expect(await tryPassword(send, baseURL!, { "X-Forwarded-For": claim(11) })).toBe("tooManyAttempts");
  // Other networks are not affected.
  expect(await tryPassword(send, baseURL!, { "X-Forwarded-For": freshNetwork() })).toBe("credentials.wrong");
});

test("all addresses of an IPv6 /64 count as one network", async ({ send, baseURL }, { workerIndex }) => {
  const site = `2001:db8:${workerIndex.toString(16)}:7`;
  for (let count = 1; count <= 10; count++) {
    expect(await tryPassword(send, baseURL!, { "X-Forwarded-For": `${site}::${count}` })).toBe("credentials.wrong");
  }
  expect(await tryPassword(send, baseURL!, { "X-Forwarded-For": `${site}:ffff:1:2:3` })).toBe("tooManyAttempts");
});

test("a page that an action redirects to counts for the person's network, not for the server's", async ({
  sendFromSite,
  person,
  session,
  freshNetwork,
  says,
}) => {
  // Next.js requests that page from its own server, over loopback.
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
