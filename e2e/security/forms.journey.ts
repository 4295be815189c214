import type { TokenPurpose } from "@/lib/account/tokens";
import { sealMove } from "@/lib/licence/sealed-move";
import { reminderToken } from "@/lib/account/profile/reminders";
import { actionsOfBuild, type ActionName } from "./actions";
import { expect, test } from "./fixtures";
import { cookieHeader, filled, formsOf, multipart, unescape, type Form } from "./raw";
import { claimedCode, shownCode } from "./shown-code";
import { actions } from "./visitor";

/*
 * S45: every form of the site works in a browser without JavaScript. The journeys use the forms; this test makes sure
 * that none is left out.
 */

type Row = {
  action: ActionName;
  page: string;
  signedIn: boolean;
  /** The purpose of the emailed link that opens the page, if it needs one. */
  link?: TokenPurpose;
  /** The page is about a key that another account uses. */
  ofUsedKey?: true;
  /** Input that the form must reject. */
  typed: Record<string, string>;
  /** The fields that must keep their values. */
  kept: string[];
};

const table: Row[] = [
  {
    action: actions.signIn,
    page: "/sign-in",
    signedIn: false,
    typed: { email: "Ann <b>", password: "" },
    kept: ["email"],
  },
  {
    action: actions.createAccount,
    page: "/create-account?next=/home/setup/device",
    signedIn: false,
    typed: { name: 'Ann "O" & <Sons>', email: "ann", password: "short", country: "FR" },
    kept: ["name", "email", "next"],
  },
  {
    action: actions.confirmPassword,
    page: "/confirm-password?next=/home/account",
    signedIn: true,
    typed: { password: "no" },
    kept: ["next"],
  },
  {
    action: actions.verifyKey,
    page: "/home/setup/key",
    signedIn: false,
    typed: { key: "ABC <12> & more" },
    kept: ["key"],
  },
  { action: actions.verifyKey, page: "/home/setup/key", signedIn: true, typed: { key: "23456-7" }, kept: ["key"] },
  {
    action: actions.verifyKey,
    page: "/home/setup/partner-code",
    signedIn: false,
    typed: { key: "ABC <12> & more" },
    kept: ["key"],
  },
  {
    action: actions.changeEmail,
    page: "/home/account/email",
    signedIn: true,
    typed: { email: "Ann <b>" },
    kept: ["email", "account"],
  },
  {
    action: actions.saveName,
    page: "/home/account/name",
    signedIn: true,
    typed: { name: "x".repeat(101) },
    kept: ["name", "account"],
  },
  {
    action: actions.forgotPassword,
    page: "/forgot-password?next=/home/setup/device",
    signedIn: false,
    typed: { email: "Ann <b>" },
    kept: ["email", "next"],
  },
  {
    action: actions.newPassword,
    page: "/reset-password",
    link: "reset-password",
    signedIn: false,
    typed: { password: "short" },
    kept: ["token"],
  },
  {
    action: actions.changePassword,
    page: "/home/account/password",
    signedIn: true,
    typed: { password: "password1" },
    kept: ["account"],
  },
  {
    action: actions.confirmByCode,
    page: "/verify-email",
    link: "verify-email",
    signedIn: true,
    typed: { code: "12 34 <b>" },
    kept: ["code", "account"],
  },
  {
    action: actions.correctAddress,
    page: "/verify-email",
    signedIn: true,
    typed: { email: "ann@@example" },
    kept: ["email", "account"],
  },
  {
    action: actions.savePasskeyName,
    page: "/home/account/passkeys/[id]",
    signedIn: true,
    typed: { name: "x".repeat(61) },
    kept: ["name", "account", "passkey"],
  },
  {
    action: actions.sendDispute,
    page: "/home/setup/review/dispute",
    ofUsedKey: true,
    signedIn: true,
    typed: { shop: 'Ann "O" & <Sons>', boughtOn: "", lastGroup: "12", receipt: "Ticket <b>\n & more" },
    kept: ["shop", "lastGroup", "receipt", "account", "preview"],
  },
];

/** Forms without text fields. The journeys and the access table test what they do. */
const buttons: { action: ActionName; page: string }[] = [
  // Every choice they offer is valid.
  { action: actions.saveCountry, page: "/home/account/country" },
  { action: actions.saveTimeZone, page: "/home/account/time-zone" },
  { action: actions.saveReminders, page: "/home/account/reminders" },
  { action: actions.stopReminders, page: "/reminders" },
  { action: actions.cancelChange, page: "/home/account/email" },
  { action: actions.haveBack, page: "/restore-email" },
  { action: actions.endOne, page: "/home/account/sessions" },
  { action: actions.endApp, page: "/home/account/sessions" },
  { action: actions.endOthers, page: "/home/account/sessions" },
  { action: actions.askDeletion, page: "/home/account/delete" },
  { action: actions.giveUp, page: "/delete-account" },
  { action: actions.confirmByLink, page: "/verify-email" },
  { action: actions.sendAgain, page: "/verify-email" },
  { action: actions.confirmRemoval, page: "/home/account/passkeys/[id]/remove" },
  { action: actions.showKey, page: "/home/subscriptions" },
  { action: actions.startKept, page: "/home/subscriptions" },
  { action: actions.release, page: "/home/devices" },
  { action: actions.moveAll, page: "/home/devices" },
  { action: actions.undo, page: "/home/subscriptions/undo/[id]" },
  { action: actions.showCode, page: "/home/setup/device" },
  { action: actions.confirmDevice, page: "/home/setup/device" },
  { action: actions.refuseDevice, page: "/home/setup/device" },
  { action: actions.emailLink, page: "/home/setup/device" },
  { action: actions.activateAll, page: "/home/setup/keys" },
  { action: actions.offerMove, page: "/home/subscriptions/move/[id]" },
  { action: actions.acceptMove, page: "/home/subscriptions/move" },
  { action: actions.activate, page: "/home/setup/review" },
  { action: actions.activateCode, page: "/home/setup/partner-code/review" },
];

/** Passkey ceremonies need JavaScript. Without it, people use the password. */
const ceremonies: ActionName[] = [
  actions.beginPasskeySignIn,
  actions.finishPasskeySignIn,
  actions.beginPasskeyConfirmation,
  actions.finishPasskeyConfirmation,
  actions.beginAdding,
  actions.finishAdding,
];

/** The action that a form calls, from the build's own list. */
function actionOf({ fields }: Form): ActionName | undefined {
  const sent = fields.map(([name, value]) => `${name}=${value}`).join("\n");
  return [...actionsOfBuild()].find(([, id]) => sent.includes(id))?.[0];
}

test("every action but the passkey ceremonies has a form that works without JavaScript, and every form is listed here", async ({
  send,
  person,
  session,
  redeemed,
  kept,
  seated,
  ledger,
  verified,
  key,
  code,
  context,
  token,
  storedPasskey,
  appOf,
}) => {
  const somebody = await person();
  const passkey = await storedPasskey(somebody);
  await redeemed(somebody);
  await kept(somebody);
  const [undoable] = (await ledger(somebody)).subscriptions;
  // A device on another subscription, which can be released or moved to the first.
  await redeemed(somebody, { product: "norton-360-standard" });
  await seated(somebody);
  const grant = undoable!.grants[0]!.id;
  const review = await verified(await key());
  const codeReview = await verified(await code());
  const dispute = (await verified(await redeemed(await person()))).replace("review", "review/dispute");
  const held = (await context.cookies()).filter(({ name }) => name.startsWith("preview-"));
  // Another browser and an app, to be signed out from here.
  await session(somebody);
  await appOf(somebody);
  const Cookie = cookieHeader({
    session: await session(somebody),
    ...Object.fromEntries(held.map(({ name, value }) => [name, value])),
  });
  const [giver, taker] = [await person({ emailVerifiedAt: new Date() }), await person({ emailVerifiedAt: new Date() })];
  const offered = { id: (await kept(giver)).keptId, from: giver.id, shownEnd: "" };
  const move = `move=${sealMove(offered, { now: new Date() })}`;

  const found = new Set<string>();
  const look = async (page: string, headers: { Cookie?: string }) => {
    const { status, text } = await send({ path: page, headers });
    expect(status, page).toBe(200);
    for (const [tag] of text.matchAll(/<form\b[^>]*>/g)) {
      expect(tag, page).toMatch(/\bmethod="POST"/i);
      expect(tag, page).toMatch(/\benctype="multipart\/form-data"/i);
      expect(tag, page).toMatch(/\baction=""/);
    }
    const forms = formsOf(text);
    // The header and the footer of every page have them, for people who are signed in. My account has the language too.
    const everywhere: string[] = [actions.signOut, actions.chooseLanguage];
    const counts = everywhere.map((action) => forms.filter((form) => actionOf(form) === action).length);
    expect(counts, page).toEqual(headers.Cookie ? [1, page === "/home/account" ? 2 : 1] : [0, 0]);
    for (const form of forms.filter((one) => !everywhere.includes(actionOf(one) ?? "")))
      found.add(
        `${actionOf(form)} on ${page.split("?")[0]!.replace(passkey, "[id]").replace(grant, "[id]").replace(offered.id, "[id]")}`,
      );
  };
  for (const page of [
    "/home/setup",
    "/home/setup/key",
    "/home/setup/partner-code",
    "/home/setup/device",
    "/sign-in",
    "/create-account",
    "/help/find-your-key",
    "/forgot-password",
    `/reset-password?token=${await token(somebody, "reset-password")}`,
    `/verify-email?token=${await token(somebody, "verify-email")}`,
    `/delete-account?token=${await token(somebody, "delete-account")}`,
    `/reminders?token=${reminderToken(somebody.id)}`,
    `/restore-email?token=${await token(somebody, "restore-email", new Date(), "before@example.org")}`,
  ]) {
    await look(page, {});
  }
  for (const page of [
    review,
    codeReview,
    review.replace("/review?", "/keys?"),
    dispute,
    "/home/setup/key",
    "/home/account",
    "/home/account/delete",
    "/home/account/name",
    "/home/account/passkeys",
    "/home/account/passkeys/add",
    `/home/account/passkeys/${passkey}`,
    `/home/account/passkeys/${passkey}/remove`,
    "/home/account/country",
    "/home/account/time-zone",
    "/home/account/reminders",
    "/home/account/sessions",
    "/home/account/password",
    "/verify-email",
    "/home/account/email",
    "/home/account/activity",
    "/home/subscriptions",
    "/home/devices",
    `/home/subscriptions/undo/${grant}`,
    "/confirm-password",
    "/home/setup",
    "/home/setup/device",
  ]) {
    await look(page, { Cookie });
  }
  await look(`/home/subscriptions/move/${offered.id}`, { Cookie: `session=${await session(giver)}` });
  await look("/home/subscriptions/move", { Cookie: `session=${await session(taker)}; ${move}` });
  // The page of a code, before and after a device has claimed it.
  const guest = await person({ emailVerifiedAt: new Date() });
  await redeemed(guest);
  const open = await session(guest);
  await shownCode(guest, open);
  await look("/home/setup/device", { Cookie: `session=${open}` });
  const claimed = await session(guest);
  await claimedCode(guest, claimed);
  await look("/home/setup/device", { Cookie: `session=${claimed}` });
  // A pending change, to be cancelled.
  await token(somebody, "change-email", new Date(), "wished@example.org");
  await look("/home/account/email", { Cookie });

  const rows = [...table, ...buttons].map(({ action, page }) => `${action} on ${page.split("?")[0]}`);
  expect([...found].sort()).toEqual([...new Set(rows)].sort());
  const known = [
    ...[...table, ...buttons].map(({ action }) => action),
    actions.signOut,
    actions.chooseLanguage,
    ...ceremonies,
  ];
  expect([...new Set(known)].sort()).toEqual([...actionsOfBuild().keys()].sort());
});

for (const { action, page: where, link, ofUsedKey, signedIn, typed, kept } of table) {
  test(`invalid input sent without JavaScript by ${action.split("#")[1]} on ${where} ${signedIn ? "signed in" : "signed out"} comes back in the form with its error`, async ({
    sendFromSite,
    person,
    session,
    token,
    storedPasskey,
    redeemed,
    verified,
    context,
  }) => {
    const somebody = await person();
    const query = ofUsedKey ? new URL(await verified(await redeemed(await person())), "http://site").search : "";
    const held = (await context.cookies()).map(({ name, value }) => [name, value]);
    const headers = signedIn
      ? { Cookie: cookieHeader({ ...Object.fromEntries(held), session: await session(somebody) }) }
      : {};
    const secret = link && (await token(somebody, link));
    const route = where.replace("[id]", await storedPasskey(somebody)) + query;
    const page = secret && !signedIn ? `${route}?token=${secret}` : route;
    const before = await sendFromSite({ path: page, headers });
    const form = formsOf(before.text).find((one) => actionOf(one) === action)!;
    const { body, headers: type } = multipart(filled(form, typed));
    const answer = await sendFromSite({ method: "POST", path: page, body, headers: { ...headers, ...type } });

    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toContain("text/html");
    expect(answer.text).toMatch(/<title>(Error|[^<]*Error)/);
    expect(answer.text).toContain('role="alert"');
    const again = Object.fromEntries(formsOf(answer.text).find((one) => actionOf(one) === action)!.fields);
    const wanted = Object.fromEntries(filled(form, typed));
    for (const name of kept) expect(again[name], name).toBe(wanted[name]);
    const links = [...answer.text.matchAll(/<a href="#([\w-]+)"/g)].map(([, id]) => unescape(id!));
    const faulty = links.filter((id) => id !== "main");
    for (const id of faulty) expect(answer.text, `the error leads to #${id}`).toContain(`id="${id}"`);
    expect(faulty.length, "an error that links to its field").toBeGreaterThan(0);
    // Passwords must be typed again.
    expect(again["password"] ?? "").toBe("");
  });
}
