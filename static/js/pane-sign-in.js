// Signing in again without leaving the page. The password goes to the sign-in page and is kept nowhere.

import { HERE, ask, look, page } from "perfmon/sending";

const TOO_MANY = `Too many tries. Wait 15 minutes, then try again. ${HERE}`;
const CLOSED = "This account may not sign in. Ask your administrator.";
const CODE = "A code is asked for as well. Choose Cancel, then “Sign in in a new tab”, and save here again.";
const UNREACHABLE = "The server cannot be reached. Try again.";
const NOT_TAKEN = "The server did not accept this. Try again, or sign in in a new tab.";

/** Returns the function that opens it. `whenIn` runs once the text's own writer is signed in. */
export function signInDialog(dialog, form, { whenIn, copyMine }) {
  const find = (name) => dialog.querySelector(`[data-sign-in-${name}]`);
  const [entry, email, password, told] = ["form", "email", "password", "told"].map(find);
  const tell = (words, isProblem = false) => {
    told.textContent = words;
    told.classList.toggle("error-message", isProblem);
    for (const field of [email, password]) field.setAttribute("aria-invalid", isProblem);
  };
  const forget = () => { password.value = ""; };
  /** Whoever signed in in another tab would be signed out by this, even where the password is wrong. */
  const warn = async () => {
    const { kind, name } = await look(form).catch(() => ({}));
    if (kind === "stranger" && dialog.open && !told.textContent) tell(`Signing in here signs out ${name}.`);
  };
  let isBusy = false;

  entry.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isBusy) return;
    isBusy = true;
    const fields = { login: email.value.trim(), password: password.value };
    forget();
    tell("Signing in");
    const refusal = await enter(form, dialog.dataset, fields).catch(() => UNREACHABLE);
    isBusy = false;
    if (!dialog.open) return;
    if (refusal) {
      tell(refusal, true);
      find("copy").hidden = false;
      password.focus();
      return;
    }
    dialog.close();
    whenIn();
  });
  find("cancel").onclick = () => dialog.close();
  find("copy").onclick = () => copyMine((words) => tell(words), dialog);
  dialog.addEventListener("close", forget);
  addEventListener("pagehide", forget);
  return () => {
    tell("");
    find("copy").hidden = true;
    if (!dialog.open) dialog.showModal();
    password.focus();
    warn();
  };
}

/** "" once the writer is signed in, else why not. */
async function enter(form, { signIn, signOut }, fields) {
  if ((await look(form)).kind === "writer") return "";
  let door = await ask(signIn, { redirect: "follow" });
  if (door.wasLedOn) {
    // Somebody else is signed in, and who signs in here takes their place.
    await post(signOut, door, {});
    door = await ask(signIn, { redirect: "follow" });
  }
  if (door.status >= 500) return UNREACHABLE;
  const answer = await post(signIn, door, fields);
  if (answer.status === 429) return TOO_MANY;
  if (answer.status >= 500) return UNREACHABLE;
  if (!answer.isElsewhere) return [...page(answer).querySelectorAll(".error-summary li")].map((each) => each.textContent).join(" ") || NOT_TAKEN;
  const { kind, words } = await look(form);
  if (kind === "writer") return "";
  if (kind === "signed-out") return page(await ask(signIn, { redirect: "follow" })).querySelector("[name=code]") ? CODE : CLOSED;
  return kind === "later" ? UNREACHABLE : `Nothing was saved: ${words}`;
}

function post(address, door, fields) {
  const token = page(door).querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: token });
  return ask(address, { method: "POST", body, headers: { Accept: "text/html" } });
}
