import "tsx";
import module from "node:module";

/*
 * Runs the TypeScript sources. Node.js parses the 170 kB of drizzle-orm's package.json for each of its hundreds of
 * modules, to learn that a .js file is a module. That takes half of a command's time, so these are answered here.
 */
const isPart = /\/node_modules\/drizzle-orm\/.*\.js$/;

// Node.js before 22.15 has no such hooks.
module.registerHooks?.({
  resolve(specifier, context, resolveNext) {
    if (!specifier.startsWith(".") || !isPart.test(context.parentURL ?? "")) return resolveNext(specifier, context);
    return { url: new URL(specifier, context.parentURL).href, format: "module", shortCircuit: true };
  },
});
