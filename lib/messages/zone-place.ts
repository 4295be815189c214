import { dateFormat } from "@/lib/date-format";
import type { Locale } from "@/lib/messages/locale";

/**
 * The name of a time zone in a sentence: "Paris time", "heure de Paris". Intl offers only "CET", "France Time" or "heure :
 * France", so the place comes from the IANA name, corrected below. A zone that names no place (`UTC`, `Etc/GMT+5`) is
 * shown by its offset at `at`.
 * @throws RangeError for an unknown zone
 */
export function zoneInWords(timeZone: string, locale: Locale, at: Date): string {
  const known = dateFormat(locale, { timeZone, timeZoneName: "shortOffset" });
  const name = known.resolvedOptions().timeZone;
  const place = placeIn(name);
  if (!place) {
    const offset = known.formatToParts(at).find(({ type }) => type === "timeZoneName")?.value;
    const label = name === "UTC" ? name : (offset ?? name);
    return locale === "fr" ? `heure ${label}` : label;
  }
  return locale === "fr" ? `heure ${ofFrenchPlace[place] ?? ofPlace(place)}` : `${place} time`;
}

/**
 * The place a time zone is named after, for a list: "Cairo", "Le Caire". A zone that names no place gets its name in the
 * language: "Eastern Time", "heure de l’Est nord-américain".
 * @throws RangeError for an unknown zone
 */
export function zonePlace(timeZone: string, locale: Locale): string {
  const zone = spelled(timeZone);
  const place = placeIn(zone);
  if (!place) return zone === "UTC" ? zone : genericName(zone, locale);
  if (locale === "en") return place;
  const name =
    listedFrenchPlace[place] ?? ofFrenchPlace[place]?.replace(/^(de l’|de la |des |du |de |d’)/, "") ?? place;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The zone's usual name: `europe/kyiv` and `EST5EDT` are accepted too, and stored as they were sent. */
const spelled = (timeZone: string): string =>
  /^[A-Z]\w+\/[A-Z]/.test(timeZone) ? timeZone : dateFormat("en", { timeZone }).resolvedOptions().timeZone;

function genericName(timeZone: string, locale: Locale): string {
  const format = dateFormat(locale, { timeZone, timeZoneName: "longGeneric" });
  const name = format.formatToParts(0).find(({ type }) => type === "timeZoneName")?.value ?? timeZone;
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** The place in an IANA name. Undefined for a name without one (`UTC`, `Etc/GMT+5`). */
function placeIn(name: string): string | undefined {
  if (!name.includes("/") || name.startsWith("Etc/")) return undefined;
  const written = name.slice(name.lastIndexOf("/") + 1).replaceAll("_", " ");
  return places[written] ?? written;
}

/** Places whose French name includes the article. */
const listedFrenchPlace: Partial<Record<string, string>> = { Cairo: "Le Caire" };

/** "de" becomes "d’" before a vowel. Before h usage varies, so it stays "de". */
const ofPlace = (place: string): string => (/^[aeiou]/i.test(place) ? `d’${place}` : `de ${place}`);

/** IANA names that are out of date, lack their accents or do not name a place by themselves. */
const places: Partial<Record<string, string>> = {
  Asmera: "Asmara",
  Asuncion: "Asunción",
  Bogota: "Bogotá",
  Calcutta: "Kolkata",
  Canary: "Canary Islands",
  Cancun: "Cancún",
  Cayman: "Cayman Islands",
  Center: "North Dakota",
  Christmas: "Christmas Island",
  Cocos: "Cocos Islands",
  Comoro: "Comoros",
  "Coral Harbour": "Atikokan",
  Curacao: "Curaçao",
  DumontDUrville: "Dumont d’Urville",
  Easter: "Easter Island",
  "El Aaiun": "Laayoune",
  Enderbury: "Kanton",
  Faeroe: "Faroe Islands",
  Faroe: "Faroe Islands",
  Galapagos: "Galápagos",
  Godthab: "Nuuk",
  "Ho Chi Minh": "Ho Chi Minh City",
  Katmandu: "Kathmandu",
  Kiev: "Kyiv",
  Lome: "Lomé",
  "Lower Princes": "Sint Maarten",
  Macau: "Macao",
  Mahe: "Mahé",
  Ndjamena: "N’Djamena",
  Norfolk: "Norfolk Island",
  Noumea: "Nouméa",
  Ponape: "Pohnpei",
  Rangoon: "Yangon",
  Reunion: "Réunion",
  Saigon: "Ho Chi Minh City",
  "Sao Paulo": "São Paulo",
  "Sao Tome": "São Tomé",
  "St Barthelemy": "St Barthélemy",
  "St Johns": "St John’s",
  Tirane: "Tirana",
  Truk: "Chuuk",
  Wake: "Wake Island",
};

/** Places with their own French name or article, as written after "heure". */
const ofFrenchPlace: Partial<Record<string, string>> = {
  "Addis Ababa": "d’Addis-Abeba",
  Adelaide: "d’Adélaïde",
  Algiers: "d’Alger",
  Andorra: "d’Andorre",
  Ashgabat: "d’Achgabat",
  Athens: "d’Athènes",
  Azores: "des Açores",
  Baghdad: "de Bagdad",
  Bahrain: "de Bahreïn",
  Baku: "de Bakou",
  Barbados: "de la Barbade",
  Beirut: "de Beyrouth",
  Belize: "du Belize",
  Bermuda: "des Bermudes",
  Bishkek: "de Bichkek",
  Bogotá: "de Bogota",
  Brussels: "de Bruxelles",
  Bucharest: "de Bucarest",
  Cairo: "du Caire",
  "Canary Islands": "des îles Canaries",
  "Cape Verde": "du Cap-Vert",
  "Cayman Islands": "des îles Caïmans",
  Chagos: "des Chagos",
  "Christmas Island": "de l’île Christmas",
  "Cocos Islands": "des îles Cocos",
  Comoros: "des Comores",
  Copenhagen: "de Copenhague",
  "Costa Rica": "du Costa Rica",
  Damascus: "de Damas",
  Detroit: "de Détroit",
  Dominica: "de la Dominique",
  Dubai: "de Dubaï",
  Dushanbe: "de Douchanbé",
  "Easter Island": "de l’île de Pâques",
  "El Salvador": "du Salvador",
  "Faroe Islands": "des îles Féroé",
  Fiji: "des Fidji",
  Galápagos: "des Galápagos",
  Gambier: "des Gambier",
  Grenada: "de la Grenade",
  Guadeloupe: "de la Guadeloupe",
  Guernsey: "de Guernesey",
  Guyana: "du Guyana",
  Havana: "de La Havane",
  "Ho Chi Minh City": "d’Hô-Chi-Minh-Ville",
  "Isle of Man": "de l’île de Man",
  Jamaica: "de la Jamaïque",
  Jerusalem: "de Jérusalem",
  Kabul: "de Kaboul",
  Kathmandu: "de Katmandou",
  Kerguelen: "des Kerguelen",
  Kolkata: "de Calcutta",
  Kuwait: "du Koweït",
  Kyiv: "de Kiev",
  Laayoune: "de Laâyoune",
  Lisbon: "de Lisbonne",
  London: "de Londres",
  Madeira: "de Madère",
  Maldives: "des Maldives",
  Malta: "de Malte",
  Manila: "de Manille",
  Marquesas: "des Marquises",
  Martinique: "de la Martinique",
  Mauritius: "de Maurice",
  "Mexico City": "de Mexico",
  Mogadishu: "de Mogadiscio",
  Moscow: "de Moscou",
  Muscat: "de Mascate",
  Nicosia: "de Nicosie",
  "Norfolk Island": "de l’île Norfolk",
  "North Dakota": "du Dakota du Nord",
  Palau: "des Palaos",
  "Port of Spain": "de Port-d’Espagne",
  "Puerto Rico": "de Porto Rico",
  Qatar: "du Qatar",
  Riyadh: "de Riyad",
  Réunion: "de La Réunion",
  Samarkand: "de Samarcande",
  "San Marino": "de Saint-Marin",
  "Santo Domingo": "de Saint-Domingue",
  Seoul: "de Séoul",
  "Sint Maarten": "de Saint-Martin",
  Singapore: "de Singapour",
  "South Georgia": "de Géorgie du Sud",
  "St Barthélemy": "de Saint-Barthélemy",
  "St Helena": "de Sainte-Hélène",
  "St John’s": "de Saint-Jean de Terre-Neuve",
  "St Kitts": "de Saint-Christophe",
  "St Lucia": "de Sainte-Lucie",
  "St Thomas": "de Saint-Thomas",
  "St Vincent": "de Saint-Vincent",
  Tashkent: "de Tachkent",
  Tbilisi: "de Tbilissi",
  Tehran: "de Téhéran",
  Thimphu: "de Thimphou",
  Ulaanbaatar: "d’Oulan-Bator",
  Vatican: "du Vatican",
  Vienna: "de Vienne",
  "Wake Island": "de l’île Wake",
  Warsaw: "de Varsovie",
  Yangon: "de Rangoun",
  Yerevan: "d’Erevan",
};
