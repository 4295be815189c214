/**
 * The document's title. React puts it into `<head>`, also when it answers a form sent without JavaScript. The title can
 * then begin with the error.
 * @param site name of the site
 * @param error prefix for a page with errors ("Error:")
 */
export function PageTitle({ title, site, error }: { title: string; site: string; error?: string | undefined }) {
  const named = `${title} – ${site}`;
  return <title>{error ? `${error} ${named}` : named}</title>;
}
