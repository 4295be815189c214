import { buildIfChanged } from "@/lib/cli/build-pages";

/** The build gate: a production build of the current sources. The browser tests and the demo reuse it. */
await buildIfChanged((line) => console.log(line));
console.log("The build is up to date.");
