/** An address without a page, which answers 404 in full; what notFound() answers from inside a page needs scripts. */
export const nowhere = "/dev";
