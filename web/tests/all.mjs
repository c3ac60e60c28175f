// Runs every test of the page: `*.test.ts` below this folder, each file in a process of its own.

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, relative } from "node:path";

const folder = import.meta.dirname;
const files = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith(".test.ts"))
  .sort()
  .map((name) => relative(process.cwd(), join(folder, name)));
if (files.length === 0) throw new Error(`no tests in ${folder}`);
const hooks = new URL("./typescript.mjs", import.meta.url).href;
const done = spawnSync(process.execPath, ["--import", hooks, "--test", ...files], { stdio: "inherit" });
process.exit(done.status ?? 1);
