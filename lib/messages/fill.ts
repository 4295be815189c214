/**
 * Fills a template's `{name}` places in the browser. Only for plain places: what needs plurals is written on the
 * server by next-intl.
 */
export function fill(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
