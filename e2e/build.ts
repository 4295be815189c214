import { buildIfChanged } from "@/lib/cli/build-pages";

/** The build gate: the production build of the sources as they are; made once, for the browser tests and the demo too. */
await buildIfChanged((line) => console.log(line));
console.log("The build is up to date.");
