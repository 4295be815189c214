/** Who reads these pages sits at this machine. */
export const zoneOfThisMachine = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
