/** The IANA time zone of this device, in which it shows dates. */
export const zoneHere = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;
