import { defineConfig, mergeConfig } from "vite";

import page from "./vite.config.ts";

// The canvas alone, for `bench/page.py`; built beside the page and never into it.
export default mergeConfig(page, defineConfig({ root: "bench", base: "./", build: { outDir: "built", emptyOutDir: true } }));
