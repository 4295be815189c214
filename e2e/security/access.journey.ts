import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { hashPassword } from "@/lib/account/password/password";
import { findSession } from "@/lib/account/session/sessions";
import { softwareAuthenticator } from "@/lib/testing/software-authenticator";
import { storeRequest } from "@/lib/account/oauth/authorization-requests";
import { lookupDigest } from "@/lib/licence/key-vault";
import { previewKey } from "@/lib/licence/preview-key";
import { getHoldings } from "@/lib/licence/subscriptions";
import { showPreview } from "@/lib/testing/redeem";
import { planKeys } from "@/lib/licence/plan-keys";
import { sealMove } from "@/lib/licence/sealed-move";
import { newPreviewId, sealTypedKey } from "@/lib/licence/sealed-preview";
import { actionsOfBuild, asForm, asScript, resultOf, routesOfBuild, type ActionName, type Call } from "./actions";
import type { Given } from "../fixtures";
import { exampleApp } from "../server";
import { given } from "../given";
import { expect, test, type Send } from "./fixtures";
import { cookieHeader, cookieSet, type Answer } from "./raw";
import { claimedCode } from "./shown-code";
import { stateOf } from "./state-of";
import { tellsKey } from "./telling";
import { idle } from "./visitor";

/*
 * S07, S09, S10: the access rules. Two reviewed tables, one of actions and one of routes, are compared with the build.
 * A new action or page fails this test until it has a row.
 */

/** `other` is signed in and sends the owner's ids. `stale` is the owner, whose step-up has expired. */
const callers = ["anonymous", "expired", "revoked", "other", "stale", "owner"] as const;
type Caller = (typeof callers)[number];

type Somebody = { id: string; name: string; email: string; password: string };

/** The owner's data, which the callers try to reach. */
type Scene = {
  owner: Somebody;
  other: Somebody;
  /** A session of the owner in another browser. */
  elsewhere: string;
  /** An app that is signed in to the owner's account, and a request of an app. */
  appSession: string;
  request: string;
  /** The grant of a key the owner has redeemed. */
  grantId: string;
  subscriptionId: string;
  printed: string;
  /** A key the owner has verified: the fields of its review page and the browser's cookie. */
  pending: { key: string; previewId: string; sealed: string; choice: string; version: string; until: string };
  /** A key that a third person uses: the cookie of its preview in the owner's browser. */
  used: { hint: string; previewId: string; sealed: string };
  /** The owner's dispute about another key. */
  dispute: { id: string; caseCode: string };
  /** A partner code the owner has verified. */
  code: { hint: string; previewId: string; sealed: string };
  /** A key that the owner keeps for later, and the version of what it would give. */
  kept: { id: string; version: string };
  /** A device of the owner, in another subscription than `subscriptionId`. */
  activationId: string;
  /** A key that a third person agreed to move, in the browser of every caller. */
  offered: { id: string; sealed: string };
  /** A hand-off that the owner's other browser shows, and that a device has claimed. */
  handoff: { id: string; code: string };
  /** A passkey of the owner, and their devices' responses to the challenges: an assertion and a new credential. */
  passkey: { id: string; name: string; proof: string; made: string };
};

/** `to`: redirected, nothing done. `says`: a response in place, as scripts receive it. */
const confirmThen = (next: string) => `/confirm-password?next=${encodeURIComponent(next)}`;

type Outcome = { to: string | RegExp } | { says: unknown };

type Changes = Partial<Record<Caller, "owner" | "other">>;
const anyoneChanges = (whose: "owner"): Changes => Object.fromEntries(callers.map((caller) => [caller, whose]));

type ActionRow = {
  page: string;
  state?: object;
  form: (scene: Scene, caller: Caller) => Record<string, string>;
  /** Cookies that the page would have set. */
  cookies?: (scene: Scene) => Record<string, string>;
  outcome: (caller: Caller, scene: Scene) => Outcome;
  /** The person whose rows may change. The other person's must not. */
  changes: Changes;
  /** The only tables that may change; without it, any table. */
  tables?: string[];
};

/** Redirected to sign-in and back. The cookie of an ended session adds a notice. */
const signInThen = (caller: Caller, next: string) => ({
  to: `/sign-in?next=${encodeURIComponent(next)}${caller === "anonymous" ? "" : "&ended=1"}`,
});
const isSignedIn = (caller: Caller) => caller === "other" || caller === "stale" || caller === "owner";
/** The outcome of an action that needs a step-up within 15 minutes. */
const freshOr = (caller: Caller, here: string, done: Outcome): Outcome =>
  !isSignedIn(caller)
    ? signInThen(caller, here)
    : caller === "stale"
      ? { to: `/confirm-password?next=${encodeURIComponent(here)}` }
      : done;
const invalid = (values: object, faults: object) => ({ status: "invalid", answer: 1, values, faults });

/** A form of My account, rendered for the owner. Another sender is told who is signed in, and nothing is done. */
const accountForm = (
  page: string,
  typed: Record<string, string> | ((scene: Scene) => Record<string, string>),
  {
    state,
    fresh = false,
    to = "/home/account?saved=1",
  }: { state?: object | undefined; fresh?: boolean; to?: string | RegExp } = {},
): ActionRow => ({
  page,
  state,
  form: (scene) => ({
    account: scene.owner.id,
    accountId: scene.owner.id,
    id: scene.owner.id,
    ...(typeof typed === "function" ? typed(scene) : typed),
  }),
  outcome: (caller) =>
    caller === "other"
      ? { to: `${page}?again=account` }
      : caller === "stale" && !fresh
        ? { to }
        : freshOr(caller, page, { to }),
  changes: fresh ? { owner: "owner" } : { stale: "owner", owner: "owner" },
});

/** WebAuthn options that contain at least these. */
const asked = (about: object): unknown => expect.objectContaining({ challenge: expect.any(String), ...about });

const actionTable: Record<ActionName, ActionRow> = {
  // Public actions, which are the way in. Guessing is rate limited.
  "app/(entry)/sign-in/actions.ts#submitSignIn": {
    page: "/sign-in",
    state: idle,
    // Wrong passwords count per address, so each caller has its own.
    form: ({ grantId }, caller) => ({ email: `${caller}.${grantId}@example.org`, password: "not the password" }),
    outcome: (caller, { grantId }) => ({
      says: invalid({ email: `${caller}.${grantId}@example.org` }, { form: { code: "credentials.wrong" } }),
    }),
    changes: {},
  },
  "app/(entry)/create-account/actions.ts#submitCreateAccount": {
    page: "/create-account",
    state: idle,
    form: ({ owner }) => ({
      name: "Mallory",
      email: owner.email,
      password: "a lantern in the orchard 4",
      country: "FR",
    }),
    outcome: (_, { owner }) => ({
      says: invalid({ name: "Mallory", email: owner.email, country: "FR" }, { email: { code: "email.taken" } }),
    }),
    // A wrong password for an existing account appears in its owner's recent activity.
    changes: anyoneChanges("owner"),
    tables: ["event", "eventPerson"],
  },
  // Emails the owner of the address, without disclosing whether there is an account.
  "app/(entry)/forgot-password/actions.ts#submitForgotPassword": {
    page: "/forgot-password",
    state: idle,
    form: ({ owner }) => ({ email: owner.email }),
    outcome: (_, { owner }) => ({ says: { status: "done", answer: 1, values: { email: owner.email } } }),
    changes: anyoneChanges("owner"),
    tables: ["oneTimeToken", "mail", "event", "eventPerson"],
  },
  // Only the emailed link permits this, and no caller here has it.
  "app/(entry)/reset-password/actions.ts#submitNewPassword": {
    page: "/reset-password",
    state: idle,
    form: ({ owner }) => ({ token: owner.id, password: "vergers et lanternes 61" }),
    outcome: (_, { owner }) => ({ to: `/reset-password?token=${owner.id}` }),
    changes: {},
  },
  "app/(entry)/verify-email/actions.ts#confirmByLink": {
    page: "/verify-email",
    form: ({ owner }) => ({ token: owner.id, account: owner.id }),
    outcome: (_, { owner }) => ({ to: `/verify-email?token=${owner.id}` }),
    changes: {},
  },
  // No email was sent yet, so there is no code to match.
  "app/(entry)/verify-email/actions.ts#confirmByCode": {
    ...accountForm("/verify-email", { code: "123456" }, { state: idle, to: "/verify-email?over=1" }),
    changes: {},
  },
  "app/(entry)/verify-email/actions.ts#sendAgain": accountForm(
    "/verify-email",
    {},
    { state: idle, to: "/verify-email?sent=1" },
  ),
  "app/(entry)/verify-email/actions.ts#saveAddress": accountForm(
    "/verify-email",
    ({ owner }) => ({ email: `right.${owner.id}@example.org` }),
    { state: idle, fresh: true, to: "/verify-email?sent=1" },
  ),
  "app/home/account/password/actions.ts#savePassword": accountForm(
    "/home/account/password",
    { password: "vergers et lanternes 61" },
    { state: idle, fresh: true, to: "/home/account/password?changed=1" },
  ),
  // Looks nothing up: it seals the typed key for the caller.
  "app/home/setup/key/actions.ts#verifyKey": {
    page: "/home/setup/key",
    state: idle,
    form: ({ pending }) => ({ key: pending.key }),
    outcome: (caller) => ({
      to: isSignedIn(caller) ? /^\/home\/setup\/review\?p=[\w-]+$/ : /^\/home\/setup\/look\?p=[\w-]+$/,
    }),
    changes: {},
  },

  "app/(entry)/confirm-password/actions.ts#submitPassword": {
    page: "/confirm-password",
    state: idle,
    form: ({ owner }) => ({ password: owner.password, next: "/home/account", account: owner.id }),
    outcome: (caller) =>
      !isSignedIn(caller)
        ? signInThen(caller, "/confirm-password?next=%2Fhome%2Faccount")
        : caller === "other"
          ? { to: "/confirm-password?next=%2Fhome%2Faccount&again=account" }
          : { to: "/home/account" },
    changes: { stale: "owner", owner: "owner" },
  },
  "app/home/account/name/actions.ts#saveName": accountForm("/home/account/name", { name: "Mallory" }, { state: idle }),
  "app/home/account/country/actions.ts#saveCountry": accountForm("/home/account/country", { country: "BE" }),
  "app/home/account/time-zone/actions.ts#saveTimeZone": accountForm("/home/account/time-zone", {
    timeZone: "Asia/Tokyo",
  }),
  "app/home/account/reminders/actions.ts#saveReminders": accountForm("/home/account/reminders", { to: "off" }),
  // Requires the emailed link. An id is not enough.
  "app/(entry)/reminders/actions.ts#stopReminders": {
    page: "/reminders",
    form: ({ owner }) => ({ token: owner.id, accountId: owner.id }),
    outcome: (_, { owner }) => ({ to: `/reminders?token=${owner.id}` }),
    changes: {},
  },
  "app/home/account/email/actions.ts#changeEmail": accountForm(
    "/home/account/email",
    ({ grantId }) => ({ email: `wished.${grantId}@example.org` }),
    { state: idle, fresh: true, to: /^(\/home\/account\/email|\/verify-email)$/ },
  ),
  "app/home/account/email/actions.ts#cancelChange": {
    ...accountForm("/home/account/email", {}, { to: "/home/account?kept=email" }),
    // No change was requested.
    changes: {},
  },
  // Requires the emailed link. An id is not enough.
  "app/(entry)/restore-email/actions.ts#haveBack": {
    page: "/restore-email",
    form: ({ owner }) => ({ token: owner.id, accountId: owner.id }),
    outcome: (_, { owner }) => ({ to: `/restore-email?token=${owner.id}` }),
    changes: {},
  },
  "app/home/account/sessions/actions.ts#endOne": accountForm(
    "/home/account/sessions",
    ({ elsewhere }) => ({ session: elsewhere }),
    { to: "/home/account/sessions?ended=one" },
  ),
  "app/home/account/sessions/actions.ts#endOthers": accountForm(
    "/home/account/sessions",
    {},
    { fresh: true, to: "/home/account/sessions?ended=others" },
  ),
  "app/home/account/sessions/actions.ts#endApp": accountForm(
    "/home/account/sessions",
    ({ appSession }) => ({ app: appSession }),
    { to: "/home/account/sessions?ended=app" },
  ),
  "app/sign-out.ts#signOut": {
    page: "/home/account",
    form: ({ owner }) => ({ accountId: owner.id }),
    outcome: () => ({ to: "/home/setup?signed-out=1" }),
    // An expired session may still be ended.
    changes: { expired: "owner", other: "other", stale: "owner", owner: "owner" },
  },
  "app/choose-language.ts#chooseLanguage": {
    page: "/home/account",
    form: ({ owner }) => ({ accountId: owner.id, locale: "fr", back: "/home/account" }),
    outcome: () => ({ to: "/home/account" }),
    changes: { other: "other", stale: "owner", owner: "owner" },
    tables: ["account", "event"],
  },
  "app/home/account/delete/actions.ts#askDeletion": accountForm(
    "/home/account/delete",
    {},
    { state: idle, fresh: true, to: "/home/account/delete?sent=1" },
  ),
  // Public, as sign-in is. The response here belongs to no challenge.
  "app/(entry)/sign-in/passkey-actions.ts#beginPasskeySignIn": {
    page: "/sign-in",
    form: () => ({}),
    outcome: () => ({ says: { options: asked({ allowCredentials: [] }) } }),
    changes: {},
  },
  "app/(entry)/sign-in/passkey-actions.ts#finishPasskeySignIn": {
    page: "/sign-in",
    form: ({ passkey }) => ({ answer: passkey.proof, next: "/home/account" }),
    outcome: () => ({ says: { fault: { code: "passkey.expired" } } }),
    changes: {},
  },
  // An assertion for one account proves nothing for another.
  "app/(entry)/confirm-password/passkey-actions.ts#beginPasskeyConfirmation": {
    page: "/confirm-password",
    form: ({ owner }) => ({ next: "/home/account", account: owner.id }),
    outcome: (caller) =>
      !isSignedIn(caller)
        ? signInThen(caller, "/confirm-password?next=%2Fhome%2Faccount")
        : caller === "other"
          ? { to: "/confirm-password?next=%2Fhome%2Faccount&again=account" }
          : { says: { options: asked({ allowCredentials: [expect.anything()] }) } },
    changes: { stale: "owner", owner: "owner" },
    tables: ["passkeyChallenge"],
  },
  "app/(entry)/confirm-password/passkey-actions.ts#finishPasskeyConfirmation": {
    page: "/confirm-password",
    form: ({ owner, passkey }) => ({ answer: passkey.proof, next: "/home/account", account: owner.id }),
    outcome: (caller) =>
      !isSignedIn(caller)
        ? signInThen(caller, "/confirm-password?next=%2Fhome%2Faccount")
        : caller === "other"
          ? { to: "/confirm-password?next=%2Fhome%2Faccount&again=account" }
          : { to: "/home/account" },
    changes: { stale: "owner", owner: "owner" },
  },
  "app/home/account/passkeys/add/actions.ts#beginAdding": {
    ...accountForm("/home/account/passkeys/add", {}, { fresh: true }),
    outcome: (caller, { owner }) =>
      caller === "other"
        ? { to: "/home/account/passkeys/add?again=account" }
        : freshOr(caller, "/home/account/passkeys/add", {
            says: { options: asked({ user: expect.objectContaining({ name: owner.email }) }) },
          }),
    changes: { owner: "owner" },
    tables: ["passkeyChallenge"],
  },
  "app/home/account/passkeys/add/actions.ts#finishAdding": accountForm(
    "/home/account/passkeys/add",
    ({ passkey }) => ({ answer: passkey.made }),
    { fresh: true, to: /^\/home\/account\/passkeys\/[\w-]{36}\?new=1$/ },
  ),
  "app/home/account/passkeys/[id]/actions.ts#savePasskeyName": {
    ...accountForm("/home/account/passkeys/x", {}, { state: idle }),
    form: ({ owner, passkey }) => ({ account: owner.id, passkey: passkey.id, name: "Mallory’s" }),
    outcome: (caller, { passkey }) =>
      caller === "other"
        ? { to: `/home/account/passkeys/${passkey.id}?again=account` }
        : isSignedIn(caller)
          ? { to: "/home/account/passkeys?done=renamed" }
          : signInThen(caller, `/home/account/passkeys/${passkey.id}`),
  },
  "app/home/account/passkeys/[id]/remove/actions.ts#confirmRemoval": {
    ...accountForm("/home/account/passkeys/x/remove", {}, { fresh: true }),
    form: ({ owner, passkey }) => ({ account: owner.id, passkey: passkey.id }),
    outcome: (caller, { passkey }) =>
      caller === "other"
        ? { to: `/home/account/passkeys/${passkey.id}/remove?again=account` }
        : freshOr(caller, `/home/account/passkeys/${passkey.id}/remove`, { to: "/home/account/passkeys?done=removed" }),
  },
  // Requires the emailed link. An id is not enough.
  "app/(entry)/delete-account/actions.ts#giveUp": {
    page: "/delete-account",
    form: ({ owner }) => ({ token: owner.id, accountId: owner.id }),
    outcome: (_, { owner }) => ({ to: `/delete-account?token=${owner.id}` }),
    changes: {},
  },
  "app/home/setup/review/actions.ts#activate": {
    page: "/home/setup/review",
    form: ({ owner, pending: { previewId, choice, version } }) => ({
      preview: previewId,
      choice,
      version,
      account: owner.id,
    }),
    cookies: ({ pending: { previewId, sealed } }) => ({ [`preview-${previewId}`]: sealed }),
    outcome: (caller, { pending: { previewId } }) =>
      !isSignedIn(caller)
        ? signInThen(caller, `/home/setup/review?p=${previewId}`)
        : caller === "other"
          ? { to: `/home/setup/review?p=${previewId}&again=account` }
          : { to: /^\/home\/setup\/done\/[\w-]{36}$/ },
    changes: { stale: "owner", owner: "owner" },
  },
  "app/home/setup/keys/actions.ts#activateAll": {
    page: "/home/setup/keys",
    form: ({ owner, pending: { previewId, choice, until } }) => ({
      previews: previewId,
      account: owner.id,
      [`choice-${previewId}`]: choice,
      [`until-${previewId}-${choice}`]: until,
    }),
    cookies: ({ pending: { previewId, sealed } }) => ({ [`preview-${previewId}`]: sealed }),
    outcome: (caller, { pending: { previewId } }) =>
      !isSignedIn(caller)
        ? signInThen(caller, `/home/setup/keys?p=${previewId}`)
        : caller === "other"
          ? { to: `/home/setup/keys?p=${previewId}&again=account` }
          : { to: `/home/setup/keys/done?p=${previewId}` },
    changes: { stale: "owner", owner: "owner" },
  },
  "app/home/setup/review/dispute/actions.ts#sendDispute": {
    page: "/home/setup/review/dispute",
    state: idle,
    form: ({ owner, used: { previewId, hint } }) => ({
      account: owner.id,
      preview: previewId,
      ...{ shop: "Electro", boughtOn: "1 March", lastGroup: hint, receipt: "Ticket 0042" },
    }),
    cookies: ({ used: { previewId, sealed } }) => ({ [`preview-${previewId}`]: sealed }),
    outcome: (caller, { used: { previewId } }) => {
      const here = `/home/setup/review/dispute?p=${previewId}`;
      if (caller === "other") return { to: `${here}&again=account` };
      return isSignedIn(caller)
        ? { to: /^\/home\/setup\/review\/dispute\/sent\/[\w-]{36}$/ }
        : signInThen(caller, here);
    },
    changes: { stale: "owner", owner: "owner" },
    tables: ["dispute", "event"],
  },
  "app/home/setup/partner-code/review/actions.ts#activateCode": {
    page: "/home/setup/partner-code/review",
    form: ({ owner, code: { previewId } }) => ({ preview: previewId, account: owner.id }),
    cookies: ({ code: { previewId, sealed } }) => ({ [`preview-${previewId}`]: sealed }),
    outcome: (caller, { code: { previewId } }) => {
      const here = `/home/setup/partner-code/review?p=${previewId}`;
      if (!isSignedIn(caller)) return signInThen(caller, here);
      return caller === "other" ? { to: `${here}&again=account` } : { to: /^\/home\/setup\/done\/[\w-]{36}$/ };
    },
    changes: { stale: "owner", owner: "owner" },
    tables: ["account", "subscription", "grantEntry", "lease", "event", "mail"],
  },
  "app/home/subscriptions/actions.ts#startKept": accountForm(
    "/home/subscriptions",
    ({ kept }) => ({ key: kept.id, version: kept.version }),
    { to: /^\/home\/setup\/done\/[\w-]{36}$/ },
  ),
  "app/home/devices/actions.ts#release": accountForm(
    "/home/devices",
    ({ activationId }) => ({ activation: activationId }),
    { to: "/home/devices?released=1" },
  ),
  "app/home/devices/actions.ts#moveAll": accountForm(
    "/home/devices",
    ({ subscriptionId }) => ({ subscription: subscriptionId }),
    { to: /^\/home\/devices\?moved=1&to=[\w-]{36}$/ },
  ),
  "app/home/subscriptions/undo/[id]/actions.ts#undo": {
    page: "/home/subscriptions/undo/00000000-0000-4000-8000-000000000000",
    form: ({ owner, grantId }) => ({ account: owner.id, grant: grantId, end: "" }),
    outcome: (caller, { grantId }) => {
      const here = `/home/subscriptions/undo/${grantId}`;
      if (caller === "other") return { to: `${here}?again=account` };
      return isSignedIn(caller) ? { to: "/home/subscriptions?kept=undone#kept" } : signInThen(caller, here);
    },
    changes: { stale: "owner", owner: "owner" },
  },
  // It only remembers, in the caller's own browser, that the owner agrees.
  "app/home/subscriptions/move/[id]/actions.ts#offer": {
    page: "/home/subscriptions/move/00000000-0000-4000-8000-000000000000",
    form: ({ owner, kept }) => ({ account: owner.id, key: kept.id, end: "" }),
    outcome: (caller, { kept }) => {
      const here = `/home/subscriptions/move/${kept.id}`;
      if (caller === "other") return { to: `${here}?again=account` };
      return freshOr(caller, here, { to: "/sign-in?switch=1&next=%2Fhome%2Fsubscriptions%2Fmove" });
    },
    changes: {},
  },
  // The giver agreed in this browser. The owner's address is not confirmed, so the page that it leads to says so.
  "app/home/subscriptions/move/actions.ts#accept": {
    ...accountForm("/home/subscriptions/move", ({ offered }) => ({ key: offered.id }), {
      fresh: true,
      to: "/home/subscriptions/move",
    }),
    cookies: ({ offered }) => ({ move: offered.sealed }),
    changes: { owner: "owner" },
    tables: ["account"],
  },
  "app/home/setup/device/actions.ts#showCode": accountForm("/home/setup/device", {}, { to: "/home/setup/device" }),
  // A code is answered and emailed where it is shown. The owner's is shown in another browser.
  "app/home/setup/device/actions.ts#confirmDevice": {
    ...accountForm("/home/setup/device", ({ handoff }) => ({ handoff: handoff.id }), { to: "/home/setup/device" }),
    changes: {},
  },
  "app/home/setup/device/actions.ts#refuseDevice": {
    ...accountForm("/home/setup/device", ({ handoff }) => ({ handoff: handoff.id }), { to: "/home/setup/device" }),
    changes: {},
  },
  "app/home/setup/device/actions.ts#emailLink": {
    ...accountForm("/home/setup/device", {}, { to: "/home/setup/device?email=unconfirmed" }),
    changes: {},
  },
  "app/home/subscriptions/actions.ts#showKey": {
    page: "/home/subscriptions",
    state: { status: "hidden" },
    form: ({ grantId }) => ({ keyId: grantId }),
    outcome: (caller, { printed, grantId }) =>
      !isSignedIn(caller)
        ? signInThen(caller, "/home/subscriptions")
        : caller === "stale"
          ? { says: { status: "confirm", href: confirmThen(`/home/subscriptions?show=${grantId}#key-${grantId}`) } }
          : { says: caller === "other" ? { status: "failed" } : { status: "shown", key: printed.replaceAll("-", "") } },
    changes: { owner: "owner" },
  },
};

type RouteRow = {
  path: (scene: Scene) => string;
  answer: (caller: Caller) => { status: number; to?: string | RegExp };
  /** The owner's own data shown on the page. Nobody else ever sees it. */
  shows?: (scene: Scene) => string;
  /** Callers whose visit is recorded in their own activity. */
  leavesTrace?: Caller[];
};

const open = { answer: () => ({ status: 200 }) };
const needsSession = (next: string) => ({
  answer: (caller: Caller) => (isSignedIn(caller) ? { status: 200 } : { status: 307, ...signInThen(caller, next) }),
});

/** As {@link needsSession}, plus a step-up within 15 minutes. */
const needsFresh = (here: string) => ({
  answer: (caller: Caller) => {
    const outcome = freshOr(caller, here, { says: 200 });
    return "to" in outcome ? { status: 307, to: String(outcome.to) } : { status: 200 };
  },
});

const routeTable: Record<string, RouteRow> = {
  "/home/setup": { path: () => "/home/setup", ...open, shows: ({ owner }) => owner.email },
  "/home/setup/key": { path: () => "/home/setup/key", ...open, shows: ({ owner }) => owner.email },
  "/home/setup/partner-code": {
    path: () => "/home/setup/partner-code",
    ...open,
    shows: ({ owner }) => owner.email,
  },
  "/home/setup/device": { path: () => "/home/setup/device", ...open, shows: ({ owner }) => owner.email },
  "/home/setup/device/qr": { path: () => "/home/setup/device/qr?os=ios", ...open },
  // Only for pages that listen: see live.journey.ts.
  "/home/setup/device/live": {
    path: () => "/home/setup/device/live",
    answer: (caller) => ({ status: isSignedIn(caller) ? 406 : 401 }),
  },
  // A code is for whoever has it, and names nobody.
  "/d/[code]": { path: ({ handoff }) => `/d/${handoff.code}`, ...open },
  // The reference app keeps what is private on the device, and asks for it by a token.
  "/phone": { path: () => "/phone", ...open },
  "/phone/callback": { path: () => "/phone/callback", ...open },
  "/phone/manifest.webmanifest": { path: () => "/phone/manifest.webmanifest", ...open },
  // No app is configured here: see app/api/app-links.test.ts.
  "/.well-known/apple-app-site-association": {
    path: () => "/.well-known/apple-app-site-association",
    answer: () => ({ status: 404 }),
  },
  "/.well-known/assetlinks.json": { path: () => "/.well-known/assetlinks.json", answer: () => ({ status: 404 }) },
  "/help/find-your-key": { path: () => "/help/find-your-key", ...open },
  // These pages exist only where no emails are sent: see dev-mail.journey.ts.
  "/dev/mail": { path: () => "/dev/mail", ...open },
  "/dev/mail/[id]": { path: ({ grantId }) => `/dev/mail/${grantId}`, answer: () => ({ status: 307, to: "/dev" }) },
  "/sign-in": {
    path: () => "/sign-in",
    answer: (caller) => (isSignedIn(caller) ? { status: 307, to: "/home/setup" } : { status: 200 }),
  },
  "/create-account": {
    path: () => "/create-account",
    answer: (caller) => (isSignedIn(caller) ? { status: 307, to: "/home/setup/key" } : { status: 200 }),
  },
  "/confirm-password": {
    path: () => "/confirm-password",
    ...needsSession("/confirm-password?next=%2Fhome%2Fsubscriptions"),
    shows: ({ owner }) => owner.email,
  },
  "/home/account": {
    path: () => "/home/account",
    ...needsSession("/home/account"),
    shows: ({ owner }) => owner.email,
  },
  "/home/account/export": { path: () => "/home/account/export", ...needsFresh("/home/account/export") },
  "/home/account/export/file": {
    path: () => "/home/account/export/file",
    ...needsFresh("/home/account/export"),
    shows: ({ owner }) => owner.email,
    leavesTrace: ["other", "owner"],
  },
  "/home/account/delete": { path: () => "/home/account/delete", ...needsFresh("/home/account/delete") },
  "/forgot-password": { path: () => "/forgot-password", ...open },
  "/reset-password": { path: ({ owner }) => `/reset-password?token=${owner.id}`, ...open },
  "/verify-email": {
    path: () => "/verify-email",
    ...needsSession("/verify-email"),
    shows: ({ owner }) => owner.email,
  },
  "/home/account/password": { path: () => "/home/account/password", ...needsFresh("/home/account/password") },
  "/.well-known/change-password": {
    path: () => "/.well-known/change-password",
    answer: () => ({ status: 302, to: "/home/account/password" }),
  },
  "/.well-known/oauth-authorization-server": { path: () => "/.well-known/oauth-authorization-server", ...open },
  "/.well-known/openid-configuration": { path: () => "/.well-known/openid-configuration", ...open },
  "/oauth/token": { path: () => "/oauth/token", answer: () => ({ status: 405 }) },
  "/oauth/revoke": { path: () => "/oauth/revoke", answer: () => ({ status: 405 }) },
  "/oauth/authorize": {
    path: ({ request }) => `/oauth/authorize?request=${request}`,
    answer: (caller) =>
      isSignedIn(caller)
        ? { status: 200 }
        : { status: 307, to: /^\/sign-in\?next=%2Foauth%2Fauthorize%3Frequest%3D[\w-]{36}(&ended=1)?$/ },
    shows: ({ owner }) => owner.email,
  },
  "/oauth/continue": { path: () => "/oauth/continue", answer: () => ({ status: 303, to: "/home/setup" }) },
  "/.well-known/jwks.json": { path: () => "/.well-known/jwks.json", ...open },
  // Public, and names nobody.
  "/certificates/[id]": {
    path: ({ grantId }) => `/certificates/${grantId}`,
    ...open,
    shows: ({ grantId }) => grantId,
  },
  "/delete-account": { path: ({ owner }) => `/delete-account?token=${owner.id}`, ...open },
  "/home/account/name": {
    path: () => "/home/account/name",
    ...needsSession("/home/account/name"),
    shows: ({ owner }) => owner.name,
  },
  "/home/account/passkeys": {
    path: () => "/home/account/passkeys",
    ...needsSession("/home/account/passkeys"),
    shows: ({ passkey }) => passkey.name,
  },
  "/home/account/passkeys/add": {
    path: () => "/home/account/passkeys/add",
    ...needsFresh("/home/account/passkeys/add"),
    shows: ({ owner }) => owner.id,
  },
  // Another person's page does not exist.
  "/home/account/passkeys/[id]": {
    path: ({ passkey }) => `/home/account/passkeys/${passkey.id}`,
    answer: (caller) =>
      caller === "other"
        ? { status: 307, to: "/home/account/passkeys?done=gone" }
        : { status: isSignedIn(caller) ? 200 : 307 },
    shows: ({ passkey }) => passkey.name,
  },
  "/home/account/passkeys/[id]/remove": {
    path: ({ passkey }) => `/home/account/passkeys/${passkey.id}/remove`,
    answer: (caller) =>
      caller === "other"
        ? { status: 307, to: "/home/account/passkeys?done=gone" }
        : { status: caller === "owner" ? 200 : 307 },
    shows: ({ passkey }) => passkey.name,
  },
  "/home/account/country": {
    path: () => "/home/account/country",
    ...needsSession("/home/account/country"),
    shows: ({ owner }) => owner.id,
  },
  "/home/account/reminders": {
    path: () => "/home/account/reminders",
    ...needsSession("/home/account/reminders"),
    shows: ({ owner }) => owner.id,
  },
  "/reminders": { path: ({ owner }) => `/reminders?token=${owner.id}`, ...open },
  // Only mail programs post to it, with an email's token.
  "/api/reminders": { path: ({ owner }) => `/api/reminders?token=${owner.id}`, answer: () => ({ status: 405 }) },
  "/home/account/time-zone": {
    path: () => "/home/account/time-zone",
    ...needsSession("/home/account/time-zone"),
    shows: ({ owner }) => owner.id,
  },
  "/home/account/email": {
    path: () => "/home/account/email",
    ...needsFresh("/home/account/email"),
    shows: ({ owner }) => owner.id,
  },
  "/restore-email": { path: ({ owner }) => `/restore-email?token=${owner.id}`, ...open },
  "/home/account/activity": {
    path: () => "/home/account/activity",
    ...needsSession("/home/account/activity"),
    shows: ({ owner }) => owner.email,
  },
  "/home/account/sessions": {
    path: () => "/home/account/sessions",
    ...needsSession("/home/account/sessions"),
    shows: ({ elsewhere }) => elsewhere,
  },
  "/home/subscriptions": {
    path: () => "/home/subscriptions",
    ...needsSession("/home/subscriptions"),
    shows: ({ grantId }) => grantId,
  },
  "/home/devices": {
    path: () => "/home/devices",
    ...needsSession("/home/devices"),
    shows: ({ activationId }) => activationId,
  },
  // Another person's subscription does not exist.
  "/home/subscriptions/[id]/calendar": {
    path: ({ subscriptionId }) => `/home/subscriptions/${subscriptionId}/calendar`,
    answer: (caller) =>
      isSignedIn(caller) && caller !== "other"
        ? { status: 200 }
        : {
            status: 307,
            to: caller === "other" ? "/home/subscriptions" : signInThen(caller, "/home/subscriptions").to,
          },
    shows: ({ subscriptionId }) => subscriptionId,
  },
  "/home/subscriptions/move": { path: () => "/home/subscriptions/move", ...needsFresh("/home/subscriptions/move") },
  // Another person's key looks like one that cannot be moved.
  "/home/subscriptions/move/[id]": {
    path: ({ kept }) => `/home/subscriptions/move/${kept.id}`,
    answer: (caller) => ({ status: caller === "owner" || caller === "other" ? 200 : 307 }),
    shows: ({ kept }) => kept.id,
  },
  // Another person's activation looks like one that came too late.
  "/home/subscriptions/undo/[id]": {
    path: ({ grantId }) => `/home/subscriptions/undo/${grantId}`,
    answer: (caller) => ({ status: isSignedIn(caller) ? 200 : 307 }),
    shows: ({ printed }) => printed.slice(-5),
  },
  "/home/setup/look": {
    path: ({ pending }) => `/home/setup/look?p=${pending.previewId}`,
    answer: (caller) => (isSignedIn(caller) ? { status: 307 } : { status: 200 }),
  },
  "/home/setup/review": {
    // `other` has the URL but not the cookie in the owner's browser.
    path: ({ pending }) => `/home/setup/review?p=${pending.previewId}`,
    answer: (caller) =>
      caller === "other"
        ? { status: 307, to: "/home/setup/key?again=expired" }
        : isSignedIn(caller)
          ? { status: 200 }
          : { status: 307 },
    shows: ({ pending }) => pending.version,
  },
  "/home/setup/keys": {
    path: ({ pending }) => `/home/setup/keys?p=${pending.previewId}`,
    answer: (caller) =>
      caller === "other"
        ? { status: 307, to: "/home/setup/key?again=expired" }
        : { status: isSignedIn(caller) ? 200 : 307 },
    shows: ({ owner }) => owner.email,
  },
  "/home/setup/keys/done": {
    path: ({ pending }) => `/home/setup/keys/done?p=${pending.previewId}`,
    answer: (caller) =>
      caller === "other" ? { status: 307, to: "/home/subscriptions" } : { status: isSignedIn(caller) ? 200 : 307 },
    shows: ({ owner }) => owner.email,
  },
  "/home/setup/review/dispute": {
    path: ({ used }) => `/home/setup/review/dispute?p=${used.previewId}`,
    answer: (caller) =>
      caller === "other"
        ? { status: 307, to: "/home/setup/key?again=expired" }
        : { status: isSignedIn(caller) ? 200 : 307 },
    shows: ({ used }) => used.hint,
  },
  // Another person's case does not exist.
  "/home/setup/review/dispute/sent/[id]": {
    path: ({ dispute }) => `/home/setup/review/dispute/sent/${dispute.id}`,
    answer: (caller) =>
      caller === "other"
        ? { status: 307, to: "/home/setup/review/dispute/sent" }
        : { status: isSignedIn(caller) ? 200 : 307 },
    shows: ({ dispute }) => dispute.caseCode,
  },
  "/home/account/cases": {
    path: () => "/home/account/cases",
    ...needsSession("/home/account/cases"),
    shows: ({ dispute }) => dispute.caseCode,
  },
  "/home/setup/partner-code/review": {
    // As for a key.
    path: ({ code }) => `/home/setup/partner-code/review?p=${code.previewId}`,
    answer: (caller) =>
      caller === "other"
        ? { status: 307, to: "/home/setup/partner-code?again=expired" }
        : isSignedIn(caller)
          ? { status: 200 }
          : { status: 307 },
    shows: ({ code }) => code.hint,
  },
  "/home/setup/done/[id]": {
    path: ({ grantId }) => `/home/setup/done/${grantId}`,
    // Redirects to a page that does not exist, as for an unknown id.
    answer: (caller) =>
      caller === "other" ? { status: 307, to: "/home/setup/done" } : { status: isSignedIn(caller) ? 200 : 307 },
    shows: ({ printed }) => printed.slice(-5),
  },
  // Not pages: endpoints for the operator, and for errors.
  "/healthz": { path: () => "/healthz", ...open },
  "/readyz": { path: () => "/readyz", ...open },
  "/unavailable": { path: () => "/unavailable", answer: () => ({ status: 503 }) },
  "/_not-found": { path: () => "/_not-found", answer: () => ({ status: 404 }) },
  "/api/[...path]": { path: () => "/api/v1/nothing", answer: () => ({ status: 404 }) },
  "/api": { path: () => "/api", ...open },
  "/api/openapi.json": { path: () => "/api/openapi.json", ...open },
  // For apps. A session's cookie is ignored: see device-api.journey.ts.
  "/api/v1/account": { path: () => "/api/v1/account", answer: () => ({ status: 401 }) },
  "/api/v1/subscriptions": { path: () => "/api/v1/subscriptions", answer: () => ({ status: 401 }) },
  "/api/v1/entitlement": { path: () => "/api/v1/entitlement", answer: () => ({ status: 401 }) },
  "/api/v1/activations": { path: () => "/api/v1/activations", answer: () => ({ status: 405 }) },
  "/api/v1/activations/[id]": {
    path: ({ grantId }) => `/api/v1/activations/${grantId}`,
    answer: () => ({ status: 405 }),
  },
  "/api/v1/activations/[id]/replace": {
    path: ({ grantId }) => `/api/v1/activations/${grantId}/replace`,
    answer: () => ({ status: 405 }),
  },
  "/api/v1/keys/preview": { path: () => "/api/v1/keys/preview", answer: () => ({ status: 405 }) },
  "/api/v1/keys/redemptions": { path: () => "/api/v1/keys/redemptions", answer: () => ({ status: 405 }) },
  "/api/v1/sessions/current": { path: () => "/api/v1/sessions/current", answer: () => ({ status: 405 }) },
  // For partners' programs. A session's cookie is ignored: see partner-api.journey.ts.
  "/api/v1/partner/leases": { path: () => "/api/v1/partner/leases", answer: () => ({ status: 401 }) },
  "/api/v1/partner/leases/[id]/[change]": {
    path: ({ grantId }) => `/api/v1/partner/leases/${grantId}/end`,
    answer: () => ({ status: 405 }),
  },
  // For apps. Without the secret of the device that claimed it, a code does not exist.
  "/api/v1/handoffs/[code]": {
    path: ({ handoff }) => `/api/v1/handoffs/${handoff.code}?challenge=${"x".repeat(43)}`,
    answer: () => ({ status: 404 }),
  },
  "/api/v1/handoffs/[code]/claim": {
    path: ({ handoff }) => `/api/v1/handoffs/${handoff.code}/claim`,
    answer: () => ({ status: 405 }),
  },
  // Next.js shows this page when nothing else can be rendered. It contains no data.
  "/_global-error": { path: () => "/_global-error", answer: () => ({ status: 500 }) },
};

const difference = (wanted: Iterable<string>, table: object) => ({
  withoutRow: [...wanted].filter((name) => !(name in table)),
  gone: Object.keys(table).filter((name) => ![...wanted].includes(name)),
});

test("every action and every route of the build has a row in the tables", () => {
  const complete = { withoutRow: [], gone: [] };
  const actions = [...actionsOfBuild().keys()];
  const routes = routesOfBuild();
  expect(difference(actions, actionTable)).toEqual(complete);
  expect(difference(routes, routeTable)).toEqual(complete);

  // The comparison notices a missing and a surplus row.
  const added = "app/home/account/actions.ts#deleteAccount";
  expect(difference([...actions, added], actionTable).withoutRow).toEqual([added]);
  expect(difference([...routes, "/home/nothing"], routeTable).withoutRow).toEqual(["/home/nothing"]);
  expect(difference(actions.slice(1), actionTable).gone).toEqual([actions[0]]);
});

const otherHash = hashPassword("a password of their own");

type Rows = <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>;

const statesIn = async ({ owner, other }: Scene) => ({ owner: await stateOf(owner), other: await stateOf(other) });

/** Gives a person a passkey, and responses of two devices to a challenge. Only one device has the passkey. */
async function passkeyOf(
  { id }: Somebody,
  rows: Rows,
  store: (person: { id: string }, name: string) => Promise<string>,
  origin: string,
): Promise<Scene["passkey"]> {
  const site = { id: "localhost", origin };
  const ask = async () => {
    const challenge = randomBytes(32).toString("base64url");
    await rows("INSERT INTO passkey_challenge VALUES ($1, $2, now() + interval '5 minutes')", [challenge, id]);
    return { challenge, rp: { id: site.id }, user: { id: "" } };
  };
  const [known, another] = [softwareAuthenticator(site), softwareAuthenticator(site)];
  const name = "Olivia’s laptop";
  const passkey = await store({ id }, name);
  await rows("UPDATE passkey SET credential_id = $2, public_key = $3 WHERE id = $1", [
    passkey,
    known.credentialId,
    known.publicKey,
  ]);
  const proof = known.get(await ask(), { userHandle: null });
  return { id: passkey, name, proof, made: another.create(await ask()) };
}

/** Two keys that somebody else has used, for all scenes. */
let usedKeys: Promise<string[]> | undefined;

const tables = test.extend<{
  /** @param origin the site's origin, which devices sign */
  scene: (origin?: string) => Promise<Scene>;
  enterAs: (caller: Caller, scene: Scene) => Promise<string | null>;
}>({
  scene: async ({ person, redeemed, kept, key, code, seated, ledger, session, rows, storedPasskey, appOf }, give) =>
    give(async (origin = given().origin) => {
      const owner = await person({ name: "Olivia Owner" });
      const other = await person({ name: "Otto Other", passwordHash: await otherHash });
      const printed = await redeemed(owner);
      await redeemed(owner, { product: "norton-360-standard" });
      const { activationId } = await seated(owner, { name: "Olivia’s tablet" });
      const [subscription] = (await ledger(owner)).subscriptions;
      const { id: subscriptionId } = subscription!;
      const grantId = subscription!.grants[0]!.id;
      const { keptId } = await kept(owner);
      const { timeZone } = await ledger(owner);
      const typed = (await key()).replaceAll("-", "");
      const now = new Date();
      const { choice, previewVersion: version } = await showPreview({ key: typed, accountId: owner.id }, { now });
      const holdings = await getHoldings({ accountId: owner.id, timeZone }, { now });
      const previewId = newPreviewId();
      const sealed = sealTypedKey(typed, { previewId, now });
      const otherBrowser = await session(owner);
      const elsewhere = (await findSession(otherBrowser))!.credential.sessionId;
      const handoff = await claimedCode(owner, otherBrowser);
      const { appSessionId: appSession } = await appOf(owner);
      const [redirectUri] = exampleApp.redirectUris;
      const wish = { clientId: exampleApp.id, redirectUri: redirectUri!, state: null, deviceName: null };
      const request = await storeRequest({ ...wish, codeChallenge: "c".repeat(43) }, { now });
      const [planned] = await planKeys({ keys: [typed], wishes: [], accountId: owner.id, network: null }, { now });
      const until = planned!.status === "ready" ? (planned!.choices[0] as { endsAt: Date }).endsAt.toISOString() : "";
      const pending = { key: typed, previewId, sealed, choice, version, until };
      const passkey = await passkeyOf(owner, rows, storedPasskey, origin);
      const typedCode = (await code()).replaceAll("-", "");
      const codeId = newPreviewId();
      const sealedCode = sealTypedKey(typedCode, { previewId: codeId, now });
      const pendingCode = { hint: typedCode.slice(-5), previewId: codeId, sealed: sealedCode };
      const keptKey = { id: keptId, version: holdings.kept[0]!.version };
      const giver = await person({ emailVerifiedAt: now });
      const offer = { id: (await kept(giver)).keptId, from: giver.id, shownEnd: "" };
      const offered = { id: offer.id, sealed: sealMove(offer, { now }) };
      const { used, dispute } = await disputesOf(
        owner,
        other,
        await (usedKeys ??= useTwoKeys({ person, redeemed })),
        rows,
      );
      const held = { printed, pending, code: pendingCode, kept: keptKey, used, offered };
      const devices = { activationId, appSession, request, handoff };
      return { owner, other, elsewhere, grantId, subscriptionId, ...devices, ...held, dispute, passkey };
    }),
  enterAs: async ({ session, rows }, give) =>
    give(async (caller, { owner, other }) => {
      if (caller === "anonymous") return null;
      const reference = await session(caller === "other" ? other : owner);
      const change = {
        expired: "idle_until = now() - interval '1 second'",
        revoked: "revoked_at = now()",
        stale: "authenticated_at = now() - interval '16 minutes'",
        other: undefined,
        owner: undefined,
      }[caller];
      if (change) await rows(`UPDATE session SET ${change} WHERE token_hash = sha256($1)`, [Buffer.from(reference)]);
      return reference;
    }),
});

async function useTwoKeys({ person, redeemed }: Pick<Given, "person" | "redeemed">): Promise<string[]> {
  const third = await person({ name: "Theo Third", passwordHash: await otherHash });
  const printed = [await redeemed(third), await redeemed(third)];
  return printed.map((key) => key.replaceAll("-", ""));
}

/** Refuses both people the first key, and opens a dispute of the owner's about the second. */
async function disputesOf(owner: Somebody, other: Somebody, [refused = "", disputed = ""]: string[], rows: Rows) {
  const now = new Date();
  const look = ({ id: accountId }: Somebody, key: string) => previewKey({ key, accountId, network: null }, { now });
  const [seen] = await Promise.all([look(owner, disputed), look(owner, refused), look(other, refused)]);
  const { caseCode } = seen as Extract<typeof seen, { status: "refused" }>;
  const [made] = await rows<{ id: string }>(
    `INSERT INTO dispute (case_code, account_id, key_id, shop, bought_on, last_group, opened_at)
     SELECT $1, $2, id, 'Electro', '1 March', hint, now() FROM product_key WHERE lookup = $3 RETURNING id`,
    [caseCode, owner.id, lookupDigest(disputed)],
  );
  const previewId = newPreviewId();
  const used = { hint: refused.slice(-5), previewId, sealed: sealTypedKey(refused, { previewId, now }) };
  return { used, dispute: { id: made!.id, caseCode } };
}

/** Three ways to call an action. One posts to a page unrelated to it. */
const ways = [
  { way: "as a form", encode: (call: Call) => asForm(call), through: (row: ActionRow) => row.page },
  { way: "as a script", encode: (call: Call) => asScript(call), through: (row: ActionRow) => row.page },
  {
    way: "as a script through another page",
    encode: (call: Call) => asScript(call),
    through: () => "/help/find-your-key",
  },
];

const destination = ({ headers }: Answer) =>
  headers.location ?? headers["x-action-redirect"]?.toString().replace(/;(push|replace)$/, "");

type Way = (typeof ways)[number];
type Tools = {
  scene: () => Promise<Scene>;
  enterAs: (caller: Caller, scene: Scene) => Promise<string | null>;
  ask: Send;
  freshNetwork: () => string;
};

/** Calls an action as each caller, and compares the response and the changes with its row. */
async function expectRow(name: string, row: ActionRow, { way, encode, through }: Way, tools: Tools): Promise<void> {
  const { scene, enterAs, ask, freshNetwork } = tools;
  const id = actionsOfBuild().get(name as ActionName)!;
  // A scene is reused until a caller changes it.
  let untouched: Scene | undefined;
  for (const caller of callers) {
    const at = (untouched ??= await scene());
    const reference = await enterAs(caller, at);
    const cookies = { ...row.cookies?.(at), ...(reference && { session: reference }) };
    const before = await statesIn(at);

    const { body, headers } = encode({ id, state: row.state, form: Object.entries(row.form(at, caller)) });
    const answer = await ask({
      method: "POST",
      path: through(row),
      body: body!,
      headers: { ...headers, Cookie: cookieHeader(cookies), "X-Forwarded-For": freshNetwork() },
    });

    const outcome = row.outcome(caller, at);
    const said = `${name} by ${caller}: ${answer.status} ${destination(answer)} ${resultOf(answer.text)}`;
    if ("to" in outcome)
      expect(destination(answer), said).toEqual(
        typeof outcome.to === "string" ? outcome.to : expect.stringMatching(outcome.to),
      );
    else {
      expect(answer.status, said).toBe(200);
      expect(destination(answer), said).toBeUndefined();
      if (way !== "as a form") expect(resultOf(answer.text), said).toEqual(outcome.says);
    }

    const after = await statesIn(at);
    if (row.changes[caller]) untouched = undefined;
    for (const who of ["owner", "other"] as const) {
      const may = row.changes[caller] === who;
      if (may) {
        expect(after[who], `${said}: the ${who}'s data did not change`).not.toEqual(before[who]);
        const changed = Object.keys(after[who]).filter(
          (table) => !isDeepStrictEqual(after[who][table], before[who][table]),
        );
        if (row.tables) expect(row.tables, said).toEqual(expect.arrayContaining(changed));
      } else expect(after[who], `${said}: the ${who}'s data changed`).toEqual(before[who]);
    }
    if (caller !== "owner" || !name.endsWith("#showKey")) expect(tellsKey(answer.text, at.printed), said).toBe(false);
    if (!isSignedIn(caller)) expect(cookieSet(answer, "session") || undefined, said).toBeUndefined();
    if (caller !== "owner" && caller !== "stale" && !(at.owner.email in row.form(at, caller)))
      expect(answer.text.replaceAll(row.form(at, caller)["email"] ?? " ", ""), said).not.toContain(at.owner.email);
  }
}

for (const [name, row] of Object.entries(actionTable)) {
  for (const way of ways) {
    tables(
      `${name.split("#")[1]} called ${way.way} does for each caller only what its row allows (S07, S09)`,
      async ({ scene, enterAs, sendFromSite, freshNetwork }) =>
        expectRow(name, row, way, { scene, enterAs, ask: sendFromSite, freshNetwork }),
    );
  }
}

tables(
  "every action authorises its caller the same in a build without proxy.ts (S11)",
  async ({ scene, enterAs, withoutProxy, freshNetwork }) => {
    tables.slow();
    const { status, headers } = await withoutProxy.send({ path: "/home/setup" });
    expect(status).toBe(200);
    expect(headers["content-security-policy"], "proxy.ts is still in the build").not.toContain("nonce");
    const ask: Send = (sent) =>
      withoutProxy.send({ ...sent, headers: { Origin: withoutProxy.origin, ...sent.headers } });
    for (const [name, row] of Object.entries(actionTable))
      await expectRow(name, row, ways[1]!, {
        scene: () => scene(withoutProxy.origin),
        enterAs,
        ask,
        freshNetwork,
      });
  },
);

/** The cookies of what the owner has verified. */
const previewsOf = ({ pending, code, used }: Scene) =>
  Object.fromEntries([pending, code, used].map(({ previewId, sealed }) => [`preview-${previewId}`, sealed]));

/**
 * The download writes its event and reads each table with personal data. A page about a refused key records the refusal,
 * once. The emails' page exists only in development.
 */
const notCounted = ["/home/account/export/file", "/dev/mail", "/home/setup/review/dispute"];

/** Statements of the pages that read more than a session and one thing. Of several keys, each is one more. */
const mayRead: Partial<Record<string, number>> = {
  // When keys that are kept start by themselves, for a subscription that runs, is worked out apart.
  "/home/setup/review": 5,
  "/home/setup/partner-code/review": 3,
  "/home/setup/keys": 3,
  "/home/setup/keys/done": 4,
  "/certificates/[id]": 3,
  "/home/subscriptions": 3,
  "/home/subscriptions/undo/[id]": 3,
  "/home/devices": 3,
  "/home/account/sessions": 3,
  "/home/setup/device": 3,
};

tables(
  "a page reads at most two statements, a few pages more, and none writes",
  async ({ scene, enterAs, withoutProxy }) => {
    const at = await scene(withoutProxy.origin);
    const session = (await enterAs("owner", at))!;
    const headers = { Cookie: cookieHeader({ session, ...previewsOf(at) }) };
    /** Opens a page three times, because the server's email worker may execute statements meanwhile. @returns the fewest */
    const statementsOf = async (path: string) => {
      const seen: string[][] = [];
      for (let time = 0; time < 3; time++) {
        const before = withoutProxy.statements.length;
        expect((await withoutProxy.send({ path, headers })).status, path).toBe(200);
        seen.push(withoutProxy.statements.slice(before));
      }
      return seen.reduce((least, other) => (other.length < least.length ? other : least));
    };
    let pages = 0;
    for (const [route, row] of Object.entries(routeTable)) {
      if (notCounted.includes(route) || row.answer("owner").status !== 200) continue;
      const statements = await statementsOf(row.path(at));
      expect(statements.length, `${route}: ${statements.join("\n")}`).toBeLessThanOrEqual(mayRead[route] ?? 2);
      // Readiness means that a write works.
      if (route !== "/readyz")
        expect(statements.join("\n"), route).not.toMatch(/\b(insert into|update|delete from)\b(?! of)/i);
      if (statements.length > 0) pages++;
    }
    expect(pages, "pages that read the database").toBeGreaterThan(15);
  },
);

/** One scene for all pages: each test expects that viewing its page changes nothing. */
let viewed: { at: Scene; references: Record<Caller, string | null> } | undefined;

for (const [route, row] of Object.entries(routeTable)) {
  tables(`${route} shows each caller only what its row allows`, async ({ scene, enterAs, send }) => {
    if (!viewed) {
      const at = await scene();
      const entered = callers.map(async (caller) => [caller, await enterAs(caller, at)] as const);
      viewed = { at, references: Object.fromEntries(await Promise.all(entered)) as Record<Caller, string | null> };
    }
    const { at, references } = viewed;
    for (const caller of callers) {
      const reference = references[caller];
      const sealed = caller === "other" ? {} : previewsOf(at);
      const before = await statesIn(at);
      const headers = { Cookie: cookieHeader({ ...sealed, ...(reference && { session: reference }) }) };
      const answer = await send({ path: row.path(at), headers });

      const expected = row.answer(caller);
      expect(answer.status, caller).toBe(expected.status);
      if (expected.to)
        expect(answer.headers.location, caller).toEqual(
          typeof expected.to === "string" ? expected.to : expect.stringMatching(expected.to),
        );
      expect(tellsKey(answer.text, at.printed), caller).toBe(false);
      const own = row.shows?.(at);
      if (own && answer.status === 200 && (caller === "owner" || caller === "stale"))
        // A long address may break at these places.
        expect(answer.text.replaceAll("<wbr/>", ""), caller).toContain(own);
      if (caller !== "owner" && caller !== "stale") {
        const path = row.path(at);
        for (const secret of [
          at.owner.email,
          at.owner.name,
          at.owner.id,
          at.elsewhere,
          at.appSession,
          at.grantId,
          at.activationId,
          "Olivia’s tablet",
          at.printed.slice(-5),
          at.pending.version,
          at.code.hint,
          at.passkey.id,
          at.passkey.name,
          at.used.hint,
          at.dispute.id,
          at.dispute.caseCode,
          at.handoff.id,
        ]) {
          if (!path.includes(secret)) expect(answer.text, `${caller} sees ${secret}`).not.toContain(secret);
        }
      }
      const after = await statesIn(at);
      if (row.leavesTrace?.includes(caller)) {
        const whose = caller === "other" ? "other" : "owner";
        expect(after[whose].event, caller).toHaveLength(before[whose].event!.length + 1);
        for (const table of ["event", "eventPerson"]) after[whose][table] = before[whose][table]!;
      }
      expect(after, `viewing as ${caller} changed data`).toEqual(before);
    }
  });
}

tables(
  "another person's data and unknown ids get the same response (S10)",
  async ({ scene, enterAs, send, sendFromSite }) => {
    const at = await scene();
    const Cookie = cookieHeader({ session: (await enterAs("other", at))! });
    const unknown = "00000000-0000-4000-8000-000000000000";
    const plain = (text: string, id: string) =>
      text
        .replaceAll(id, "ID")
        .replace(/nonce(=|-|\\?":\\?")"?[\w+/=-]+/g, "")
        .replace(/"b":"[^"]*"/, "");

    const pages = await Promise.all(
      [at.grantId, unknown].map(async (id) => {
        const { status, headers, text } = await send({ path: `/home/setup/done/${id}`, headers: { Cookie } });
        // React sends the rows of a page in the order in which they are ready.
        return { status, location: headers.location, rows: plain(text, id).split("\\n").sort() };
      }),
    );
    expect(pages[0]).toEqual(pages[1]);
    expect(pages[0]).toMatchObject({ status: 307, location: "/home/setup/done" });
    expect((await send({ path: "/home/setup/done", headers: { Cookie } })).status).toBe(404);

    const id = actionsOfBuild().get("app/home/subscriptions/actions.ts#showKey")!;
    const answers = await Promise.all(
      [at.grantId, unknown].map(async (keyId) => {
        const { body, headers } = asScript({ id, state: { status: "hidden" }, form: [["keyId", keyId]] });
        const sent = { method: "POST", path: "/home/subscriptions", body, headers: { ...headers, Cookie } };
        const { status, text } = await sendFromSite(sent);
        return { status, text };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
  },
);
