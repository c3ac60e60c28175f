// The form with which a user signs in, and the one that changes the password. Neither keeps what was typed.

import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import { ApiError, type Ways, changePassword, signIn, signOut, waysToSignIn } from "./api.ts";
import { session } from "./session.ts";
import { t } from "./words.ts";

const ways = signal<Ways | null>(null);

function useWays(): void {
  useEffect(() => {
    waysToSignIn().then(
      (found) => (ways.value = found),
      () => {}, // the page tells that nobody answers
    );
  }, []);
}

/** User and password where users have them, else what a link is. */
export function Entrance() {
  useWays();
  if (ways.value === null) return null;
  return ways.value.passwords ? <Form /> : <p>{t("page.sign-in.link")}</p>;
}

function Form() {
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const [wait, setWait] = useWait();
  const first = useFocus();

  async function enter(event: Event): Promise<void> {
    event.preventDefault();
    if (busy || wait > 0) return;
    setBusy(true);
    setWrong("");
    try {
      session.value = await signIn({ user, password });
    } catch (error) {
      setPassword("");
      setWrong(told(error));
      if (error instanceof ApiError) setWait(error.wait);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form class="fields" onSubmit={enter}>
      <label for="sign-in-user">{t("page.sign-in.user")}</label>
      <input
        id="sign-in-user"
        ref={first}
        value={user}
        onInput={(event) => setUser(event.currentTarget.value)}
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        maxLength={64}
        required
        dir="auto"
      />
      <Secret id="sign-in-password" label={t("page.sign-in.password")} value={password} change={setPassword} old />
      <Wrong text={wrong} />
      <button type="submit" aria-disabled={busy || wait > 0}>
        {busy ? t("page.sign-in.doing") : wait > 0 ? `${t("page.sign-in.do")} (${wait})` : t("page.sign-in.do")}
      </button>
      <p class="quiet">{t("page.sign-in.forgotten")}</p>
    </form>
  );
}

/** `close`: for somebody who need not change it. */
export function PasswordForm({ close }: { close?: () => void }) {
  useWays();
  const least = ways.value?.least ?? 0;
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [again, setAgain] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);

  async function change(event: Event): Promise<void> {
    event.preventDefault();
    if (busy) return;
    if (fresh !== again) {
      setWrong(t("page.password.differ"));
      return;
    }
    setBusy(true);
    setWrong("");
    try {
      session.value = await changePassword(old, fresh);
      close?.();
    } catch (error) {
      setWrong(told(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form class="fields" onSubmit={change}>
      <Secret id="password-old" label={t("page.password.old")} value={old} change={setOld} old />
      <Secret id="password-new" label={t("page.password.new")} value={fresh} change={setFresh} least={least} />
      <p class="quiet" id="password-new-rule">
        {t("page.password.rule", { least })}
      </p>
      <Secret id="password-again" label={t("page.password.again")} value={again} change={setAgain} least={least} />
      <Wrong text={wrong} />
      <button type="submit" aria-disabled={busy}>
        {t("page.password.do")}
      </button>
      {close && (
        <button type="button" onClick={close}>
          {t("page.password.leave")}
        </button>
      )}
    </form>
  );
}

/** In the place of everything else, for somebody whose password another knows. */
export function PasswordDue() {
  return (
    <main class="sign-in">
      <h1>{t("page.password.title")}</h1>
      <p>{t("page.password.due")}</p>
      <PasswordForm />
      <p>
        <button type="button" onClick={() => void signOut().then(() => location.reload())}>
          {t("page.sign-out")}
        </button>
      </p>
    </main>
  );
}

interface Typed {
  id: string;
  label: string;
  value: string;
  change: (value: string) => void;
  old?: boolean;
  least?: number;
}

function Secret({ id, label, value, change, old = false, least }: Typed) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <label for={id}>{label}</label>
      <input
        id={id}
        type={shown ? "text" : "password"}
        value={value}
        onInput={(event) => change(event.currentTarget.value)}
        autocomplete={old ? "current-password" : "new-password"}
        aria-describedby={least === undefined ? undefined : "password-new-rule"}
        minLength={least}
        maxLength={1024}
        required
      />
      <label class="beside">
        <input type="checkbox" checked={shown} onChange={(event) => setShown(event.currentTarget.checked)} />
        {t("page.sign-in.show")}
      </label>
    </>
  );
}

function Wrong({ text }: { text: string }) {
  return <div role="alert">{text && <p class="wrong">{text}</p>}</div>;
}

function told(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error);
  if (error.status === 401) return t("page.sign-in.wrong");
  if (error.status === 429) return t("page.sign-in.wait", { seconds: error.wait });
  return error.message;
}

/** Seconds that are left, and what sets them. */
function useWait(): [number, (seconds: number) => void] {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (left <= 0) return undefined;
    const ticking = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(ticking);
  }, [left]);
  return [left, setLeft];
}

function useFocus() {
  const own = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => own.current?.focus(), []);
  return own;
}
