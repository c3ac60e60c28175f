// The frame of the page: who is signed in, why they look, and the four places they work in.

import { effect } from "@preact/signals";

import { ApiError, readSession, signIn, whenSignedOut } from "./api.ts";
import { session } from "./session.ts";
import { Head } from "./shell/head.tsx";
import { Notices } from "./shell/notices.tsx";
import { Places, follow } from "./shell/places.tsx";
import "./shell/shell.css";
import { SignIn, over, problem } from "./shell/sign_in.tsx";
import { Palette } from "./palette.tsx";
import { startTheme } from "./shell/theme.ts";
import { preferred, speak } from "./words.ts";

export async function start(): Promise<void> {
  startTheme();
  whenSignedOut(() => {
    session.value = null;
  });
  await speak(preferred());
  await enter();
  follow();
  let was = false;
  effect(() => {
    over.value = session.value === null && was;
    was ||= session.value !== null;
  });
  addEventListener("hashchange", () => (linked() ? void enter() : follow()));
}

function linked(): string | undefined {
  return /^#link=([\w-]+)$/.exec(location.hash)?.[1];
}

/** By the link in the address, which leaves it at once, or as who is signed in already. */
async function enter(): Promise<void> {
  const link = linked();
  if (link) history.replaceState(null, "", "/");
  problem.value = "";
  try {
    session.value = link ? await signIn({ link }) : await readSession();
  } catch (error) {
    if (link) problem.value = error instanceof ApiError ? error.message : String(error);
  }
}

export function App() {
  const own = session.value;
  return (
    <>
      {own && <Head session={own} />}
      <Notices />
      <Places />
      {!own && <SignIn />}
      {own && <Palette />}
    </>
  );
}

export { session };
