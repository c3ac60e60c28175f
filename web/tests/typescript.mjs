// Lets Node read the page's sources, on versions too that do not strip types by themselves: with the build's own compiler.

import { readFileSync } from "node:fs";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

if (isMainThread) register(import.meta.url);

export async function load(address, context, next) {
  const path = address.startsWith("file:") ? fileURLToPath(address) : "";
  if (path.includes("node_modules")) return next(address, context);
  if (path.endsWith(".css")) return { format: "module", shortCircuit: true, source: "" };
  if (!/\.tsx?$/.test(path)) return next(address, context);
  const { transformWithOxc } = await import("vite");
  const read = await transformWithOxc(readFileSync(path, "utf8"), path, {
    jsx: { runtime: "automatic", importSource: "preact" },
    sourcemap: false,
  });
  return { format: "module", shortCircuit: true, source: read.code };
}
