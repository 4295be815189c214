/** The reader of these pages sits at this machine, so use its time zone. */
export const zoneOfThisMachine = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
