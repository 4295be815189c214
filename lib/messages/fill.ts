/**
 * Replaces `{name}` placeholders in the browser. It knows no plurals: next-intl formats messages with plurals on the
 * server.
 */
export function fill(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}
