// Warns before the session ends. The server is asked how long it still lasts, as another tab or a save may prolong it.

const EARLY = 180; // s before the end
const AGAIN = 20_000; // ms between two questions while the warning shows
const box = document.querySelector("[data-session]");
const find = (name) => document.querySelector(`[data-session-${name}]`);
const { session, person } = box.dataset;
const home = document.title;
let timer, isClosed = false;

function ask(method = "GET") {
  const headers = { Accept: "application/json", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value };
  return fetch(session, { method, headers, redirect: "manual", signal: AbortSignal.timeout(15_000) });
}

async function look(method) {
  const answer = await ask(method).catch(() => null);
  if (answer?.status === 401) return tell("over", "You are signed out. What you typed is still on this page: sign in in a new tab, then come back.");
  if (!answer?.ok) return later(AGAIN);
  const { seconds, latest, person: now, token } = await answer.json();
  if (now !== person) return tell("other", "Somebody else is signed in in this browser. Copy what you typed: it is not saved here.");
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  if (seconds > EARLY) return hide(seconds);
  const minutes = Math.max(1, Math.round(seconds / 60));
  const end = `You will be signed out in ${minutes === 1 ? "a minute" : `${minutes} minutes`}`;
  return latest <= EARLY
    ? tell("last", `${end}, twelve hours after you signed in. Save what you are doing.`)
    : tell("soon", `${end}, as nothing was saved or opened for a while.`);
}

function tell(kind, words) {
  find("told").textContent = words;
  if (box.dataset.kind !== kind) find("heard").textContent = words;
  isClosed &&= box.dataset.kind === kind;
  box.dataset.kind = kind;
  box.hidden = isClosed;
  find("stay").hidden = kind !== "soon";
  find("sign-in").hidden = kind !== "over";
  document.title = kind === "other" ? home : `${kind === "over" ? "Signed out" : "Signed out soon"}: ${home}`;
  later(AGAIN);
}

function hide(seconds) {
  if (box.contains(document.activeElement)) document.querySelector("main").focus({ preventScroll: true });
  Object.assign(box, { hidden: true }).dataset.kind = "";
  document.title = home;
  later((seconds - EARLY) * 1000);
}

function later(pause) {
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(pause, 1000));
}

find("stay").onclick = () => look("POST");
find("close").onclick = () => { box.hidden = isClosed = true; };
// A laptop that slept has slept through the timer.
document.addEventListener("visibilitychange", () => { if (!document.hidden && box.dataset.kind) look(); });
later((box.dataset.seconds - EARLY) * 1000);
