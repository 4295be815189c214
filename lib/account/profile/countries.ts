/** The officially assigned two-letter codes of ISO 3166-1. */
export const countryCodes: readonly string[] = `
  AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
  CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR
  GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
  KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT
  MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
  SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ
  UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
`
  .trim()
  .split(/\s+/);

const known = new Set(countryCodes);

/** Upper case only, as the codes are stored. */
export const isCountryCode = (value: unknown): value is string => typeof value === "string" && known.has(value);

/** All countries with their names in a language (a BCP 47 tag), in that language's alphabetical order. */
export function countryOptions(locale: string): { code: string; name: string }[] {
  const names = new Intl.DisplayNames(locale, { type: "region" });
  const { compare } = new Intl.Collator(locale);
  return countryCodes.map((code) => ({ code, name: names.of(code) ?? code })).sort((a, b) => compare(a.name, b.name));
}

/** The most populous zone of each country with several zones. */
const mostPopulousZone: Partial<Record<string, string>> = {
  AQ: "Antarctica/McMurdo",
  AR: "America/Buenos_Aires",
  AU: "Australia/Sydney",
  BR: "America/Sao_Paulo",
  CA: "America/Toronto",
  CD: "Africa/Kinshasa",
  CL: "America/Santiago",
  CN: "Asia/Shanghai",
  CY: "Asia/Nicosia",
  DE: "Europe/Berlin",
  EC: "America/Guayaquil",
  ES: "Europe/Madrid",
  FM: "Pacific/Truk",
  GL: "America/Godthab",
  ID: "Asia/Jakarta",
  KI: "Pacific/Tarawa",
  KZ: "Asia/Almaty",
  MH: "Pacific/Majuro",
  MN: "Asia/Ulaanbaatar",
  MX: "America/Mexico_City",
  MY: "Asia/Kuala_Lumpur",
  NZ: "Pacific/Auckland",
  PF: "Pacific/Tahiti",
  PG: "Pacific/Port_Moresby",
  PS: "Asia/Hebron",
  PT: "Europe/Lisbon",
  RU: "Europe/Moscow",
  UA: "Europe/Kiev",
  UM: "Pacific/Wake",
  US: "America/New_York",
  UZ: "Asia/Tashkent",
};

/** Node 22 knows a region's zones as a property, Node 24 as a method. */
type RegionLocale = Intl.Locale & { getTimeZones?: () => string[] | undefined; timeZones?: string[] };

/**
 * The default IANA time zone for a country: its only zone, or its most populous one. UTC for the two uninhabited
 * countries without a zone.
 * @throws RangeError for an invalid country code
 */
export function defaultTimeZone(country: string): string {
  if (!isCountryCode(country)) throw new RangeError(`not an ISO 3166-1 country code: ${JSON.stringify(country)}`);
  return mostPopulousZone[country] ?? zonesIn(country)[0] ?? "UTC";
}

/** The IANA time zones of a country, as Intl names them; empty for an uninhabited one. */
export function zonesIn(country: string): string[] {
  const region: RegionLocale = new Intl.Locale("und", { region: country });
  return region.getTimeZones?.() ?? region.timeZones ?? [];
}

/**
 * Whether a name is an IANA time zone, current or old. Offsets such as `+01:00` are not: they have no clock changes.
 */
export function isTimeZone(name: unknown): name is string {
  if (typeof name !== "string" || !/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * Guesses the country from a browser's Accept-Language (RFC 9110, 12.5.4): the first region named for the preferred
 * language. Regions of other languages do not count: German browsers send `de,en-US`. French without a region means
 * France, the one default harmless enough. Otherwise undefined, and no country is preselected.
 */
export function likelyCountry(acceptLanguage: string | null): string | undefined {
  const tags = preferredTags(acceptLanguage ?? "");
  const language = tags[0]?.language;
  const region = tags.find((tag) => tag.language === language && isCountryCode(tag.region))?.region;
  return region ?? (language === "fr" ? "FR" : undefined);
}

function preferredTags(header: string): Intl.Locale[] {
  const weighed = header.split(",").flatMap((entry) => {
    const [tag = "", ...parameters] = entry.split(";").map((part) => part.trim());
    const weight = parameters.find((parameter) => /^q=/i.test(parameter))?.slice(2);
    const quality = weight === undefined ? 1 : Number(weight);
    return quality > 0 ? [{ tag, quality }] : [];
  });
  // Sorting is stable: of two equal weights, the first named stays first.
  return weighed
    .sort((a, b) => b.quality - a.quality)
    .flatMap(({ tag }) => {
      try {
        return [new Intl.Locale(tag)];
      } catch {
        return [];
      }
    });
}
