/**
 * A path without a page, which answers a complete 404 page. Calling notFound() inside a page needs JavaScript to show
 * it.
 */
export const nowhere = "/dev";
