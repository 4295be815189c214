import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { given } from "../given";
import { expect, serve, test, type Send } from "./fixtures";

/*
 * Anyone with access to a demo may read its emails. In production, and where emails are sent, that page does not exist.
 */

const id = randomUUID();
const paths = ["/dev", "/dev/mail", "/dev/mail/", `/dev/mail/${id}`, "/dev/mail?lang=fr"];

/** Status, headers and text of a page, without its path and the parts that differ in each response. */
async function answerTo(send: Send, path: string) {
  const { status, headers, text } = await send({ path });
  const nonce = /'nonce-([^']+)'/.exec(String(headers["content-security-policy"]))?.[1] ?? "";
  const changing = ["date", "x-request-id", "content-length", "etag"];
  const plain = (value: string) =>
    value
      .replaceAll(nonce, "")
      .replace(/\b(dev|any)\b/g, "…")
      .replace(/Expires=[^;]*/, "");
  return {
    status,
    headers: Object.entries(headers)
      .filter(([name]) => !changing.includes(name))
      .map(([name, value]) => `${name}: ${plain(String(value))}`)
      .sort(),
    page: plain(text.split("<script", 1)[0]! + /<body[\s\S]*?<\/footer>/.exec(text)?.[0]),
  };
}

async function expectNoTrace(send: Send): Promise<void> {
  for (const path of paths) {
    const answer = await answerTo(send, path);
    expect(answer, path).toEqual(await answerTo(send, path.replace("/dev", "/any")));
    expect([404, 308]).toContain(answer.status);
  }
}

test("in production /dev/mail looks like any page that does not exist", async ({ production }) => {
  await expectNoTrace(production.send);
});

test("on a site that sends its emails, /dev/mail looks like any page that does not exist", async () => {
  const served = await serve({ MAIL_URL: "smtp://127.0.0.1:9" });
  try {
    await expectNoTrace(served.send);
  } finally {
    await served.stop();
  }
});

test("the page of an email allows inline styles, and otherwise has the policy of other pages", async ({ send }) => {
  const folder = join(given().directory, "mail");
  await mkdir(folder, { recursive: true });
  const letter = { to: "camille@example.org", from: "portal@example.org", messageId: `<${id}@localhost>` };
  const words = { subject: "An email", text: "An email", html: "<head><script>alert(1)</script>" };
  const mail = { id, kind: "password-changed", at: new Date(0), ...letter, ...words };
  await writeFile(join(folder, `${id}.json`), JSON.stringify(mail));

  const policyOf = async (path: string) => {
    const { status, headers } = await send({ path });
    expect(status).toBe(200);
    return String(headers["content-security-policy"]).replace(/'nonce-[^']+'/g, "'nonce-'");
  };
  const usual = await policyOf("/dev/mail");
  expect(usual).toBe(await policyOf("/home/setup"));
  expect(await policyOf(`/dev/mail/${id}`)).toBe(
    usual.replace("style-src 'self' 'nonce-'", "style-src 'self' 'unsafe-inline'"),
  );
});
