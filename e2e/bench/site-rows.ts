import { actions, idle } from "../security/visitor";
import {
  checkPassword,
  holdKey,
  makeKeys,
  makePeople,
  preview,
  redeem,
  sessionCookie,
  signInApp,
  type Attempt,
  type Person,
} from "./product";
import { CLIENTS, during, each, type Row } from "./rounds";
import { exampleApp } from "../server";
import { get, insert, newBrowser, post, refreshTokens, type Browser, type Site } from "./site";

/** A customer page, the path requested, and the browser that requests it. */
type Page = { name: string; path: (visit: Visit) => string; signedIn: boolean; target?: number };

/** A person with two redeemed keys and a third key held. */
export type Visit = { out: Browser; in: Browser & { person: Person }; previewId: string; grantId: string; key: string };

export const pages: Page[] = [
  { name: "setup", path: () => "/home/setup", signedIn: false, target: 0.8 },
  { name: "setup, signed in", path: () => "/home/setup", signedIn: true, target: 0.8 },
  { name: "sign in", path: () => "/sign-in", signedIn: false },
  { name: "create account", path: () => "/create-account", signedIn: false },
  { name: "key", path: () => "/home/setup/key", signedIn: true },
  { name: "review", path: ({ previewId }) => `/home/setup/review?p=${previewId}`, signedIn: true },
  { name: "done", path: ({ grantId }) => `/home/setup/done/${grantId}`, signedIn: true },
  { name: "My Subscription", path: () => "/home/subscriptions", signedIn: true, target: 0.6 },
  { name: "device", path: () => "/home/setup/device", signedIn: true },
  { name: "My account", path: () => "/home/account", signedIn: true },
];

/** Several people, so that requests do not wait for one another's locks. */
export async function makeVisits(site: Site, count = 2 * CLIENTS): Promise<Visit[]> {
  const people = await makePeople(count);
  const keys = await makeKeys(site.databaseUrl, 3 * count);
  return Promise.all(
    people.map(async (person, index): Promise<Visit> => {
      const [first = "", second = "", held = ""] = keys.slice(3 * index);
      const grantId = await redeem({ key: first, person, shown: await preview(first, person) });
      await redeem({ key: second, person, shown: await preview(second, person) });
      const { previewId, cookie } = holdKey(held);
      const inside = newBrowser(site, [await sessionCookie(person), cookie], person);
      return { out: newBrowser(site), in: { ...inside, person }, previewId, grantId, key: held };
    }),
  );
}

const open = ({ signedIn, path }: Page, visit: Visit) => get(signedIn ? visit.in : visit.out, path(visit));

/** @returns the uncompressed HTML of a page */
export const htmlOf = async (page: Page, visit: Visit): Promise<string> => (await open(page, visit)).text;

export const pageRow = (page: Page): Row<Site & { visits: Visit[] }> => ({
  name: `page: ${page.name}`,
  floor: "an empty page",
  ...(page.target && { target: page.target }),
  prepare: async ({ visits, scale: { slice } }) => ({
    own: () => during(slice, visits, (visit) => open(page, visit)),
    floor: () => during(slice, visits, (visit) => open({ ...page, path: () => "/bench/empty" }, visit)),
  }),
});

/** Rates of the product over HTTP, through the forms of a browser without JavaScript. */
export const siteRows: Row<Site & { visits: Visit[] }>[] = [
  {
    name: "redeem a key over HTTP",
    floor: "a route with one INSERT",
    prepare: async (site) => ({
      own: async () => each(await makeHeld(site, site.scale.redemptions / 2), activate),
      floor: () => during(site.scale.slice, site.visits, (visit) => insert(visit.in)),
    }),
  },
  {
    name: "sign in over HTTP",
    floor: "argon2 alone",
    prepare: async (site) => {
      const people = await makePeople(50);
      const browsers = await Promise.all(people.map((person) => knownBrowser(site, person)));
      return {
        // Rate limits count per network, so people sign in from many networks.
        own: () =>
          during(site.scale.slice, browsers, (browser) => signIn({ ...browser, network: newBrowser(site).network })),
        floor: () => during(site.scale.slice, browsers, checkPassword),
      };
    },
  },
  {
    name: "refresh an app's tokens over HTTP",
    floor: "a route with one INSERT",
    target: 0.5,
    prepare: async (site) => {
      // Many, because an app is refreshed at most 600 times an hour.
      const apps: { browser: Browser; token: string }[] = [];
      await each(await makePeople(2_000), async (person) =>
        apps.push({ browser: newBrowser(site), token: await signInApp(person, exampleApp.id) }),
      );
      return {
        own: () => during(site.scale.slice, apps, refreshApp),
        floor: () => during(site.scale.slice, site.visits, (visit) => insert(visit.in)),
      };
    },
  },
  ...pages.map(pageRow),
];

/** An app, which stores the refresh token that it gets. */
async function refreshApp(app: { browser: Browser; token: string }): Promise<void> {
  app.token = await refreshTokens(app.browser, { clientId: exampleApp.id, refreshToken: app.token });
}

type Member = Browser & { person: Person };
type Held = { browser: Member; previewId: string; shown: Attempt["shown"] };

/** Creates accounts, each on the review page of its first key. */
export async function makeHeld(site: Site, count: number): Promise<Held[]> {
  const people = await makePeople(count);
  const keys = await makeKeys(site.databaseUrl, count);
  const held: Held[] = [];
  await each(
    people.map((person, index) => ({ person, key: keys[index]! })),
    async ({ person, key }) => {
      const { previewId, cookie } = holdKey(key);
      const browser = { ...newBrowser(site, [await sessionCookie(person), cookie]), person };
      held.push({ browser, previewId, shown: await preview(key, person) });
    },
  );
  return held;
}

export async function activate({ browser, previewId, shown }: Held): Promise<void> {
  const { choice, previewVersion: version } = shown;
  const fields = { preview: previewId, choice, version, account: browser.person.id };
  const path = `/home/setup/review?p=${previewId}`;
  const { headers } = await post(browser, { path, action: actions.activate, fields });
  if (!headers.location?.includes("/home/setup/done/")) throw new Error(`activation redirects to ${headers.location}`);
}

/** A browser in which the person has signed in and out before. */
export async function knownBrowser(site: Site, person: Person): Promise<Member> {
  const browser = { ...newBrowser(site), person };
  const { setCookies } = await signIn(browser);
  const known = setCookies.filter((line) => line.startsWith("browser=")).map((line) => line.split(";")[0]!);
  return { ...browser, cookies: known };
}

export async function signIn(browser: Member) {
  const { email, password } = browser.person;
  return post(browser, { path: "/sign-in", action: actions.signIn, fields: { email, password }, state: idle });
}
