// Keeps the page and the scripts of the reference phone app, so that it starts offline. The network comes first.
const CACHE = "phone";

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const isApp = request.mode === "navigate" && pathname === "/phone";
  const isBuilt = pathname.startsWith("/_next/static/");
  if (request.method !== "GET" || origin !== location.origin || !(isApp || isBuilt)) return;
  // The address of the app may carry the code of a hand-off.
  const place = isApp ? "/phone" : request;
  event.respondWith(
    fetch(request).then(
      (response) => kept(place, response),
      () => before(place),
    ),
  );
});

async function kept(place, response) {
  if (response.ok) await (await caches.open(CACHE)).put(place, response.clone());
  return response;
}

const before = async (place) => (await caches.match(place)) ?? Response.error();
