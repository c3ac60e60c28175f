import { defineConfig } from "vite";

// The page is built into the Python package, which serves it. Nothing is inlined: the page's policy forbids it.
export default defineConfig({
  base: "/",
  build: {
    outDir: "../netpursuit/web/built",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    sourcemap: false,
  },
  worker: { format: "es" },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
