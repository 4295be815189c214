import { expect, test } from "vitest";
import { zonePlace } from "@/lib/messages/zone-place";

test.each([
  ["Europe/Paris", "Paris", "Paris"],
  ["Africa/Cairo", "Cairo", "Le Caire"],
  ["europe/kyiv", "Kyiv", "Kiev"],
  ["EST5EDT", "New York", "New York"],
  ["Cuba", "Havana", "La Havane"],
  ["Etc/GMT+5", "GMT-05:00", "UTC\u221205:00"],
  ["UTC", "UTC", "UTC"],
])("the zone %s is listed as %s, in French as %s", (zone, english, french) => {
  expect([zonePlace(zone, "en"), zonePlace(zone, "fr")]).toEqual([english, french]);
});
