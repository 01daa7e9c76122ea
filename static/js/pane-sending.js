// One request for one pane, what its answer means, and who may write the pane now.

const PATIENCE = 30_000; // ms until a request counts as lost
export const HERE = "Your text is kept on this page.";

/** The whole answer, read to its end. Rejects when there is none. */
export async function ask(address, options = {}) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), PATIENCE);
  try {
    const response = await fetch(address, { redirect: "manual", ...options, signal: giveUp.signal });
    const text = await response.text();
    const isJson = (response.headers.get("Content-Type") ?? "").startsWith("application/json");
    return {
      status: response.status,
      isElsewhere: response.type === "opaqueredirect",
      wasLedOn: response.redirected,
      pause: Number(response.headers.get("Retry-After")) || 0, // seconds
      data: isJson ? JSON.parse(text) : null,
      text,
    };
  } finally {
    clearTimeout(timer);
  }
}

/** The page of an answer; its own style element bears another nonce, which the policy of this page would complain of. */
export function page(answer) {
  return new DOMParser().parseFromString(answer.text.replace(/<style[^]*?<\/style>/g, ""), "text/html");
}

/** {kind: saved, conflict, refused, signed-out, stranger or later; words; data; pause}. Never rejects. */
export async function send(form, text) {
  try {
    let answer = await post(form, text);
    if (answer.status === 403 && !answer.data) {
      // The form's token is from before a sign-in elsewhere.
      const who = await look(form);
      if (who.kind !== "writer") return who;
      answer = await post(form, text);
    }
    return meaning(answer);
  } catch (error) {
    return later(error.name === "AbortError" ? "no answer from the server" : "no connection");
  }
}

function post(form, text) {
  const body = new FormData();
  body.set("text", text);
  for (const name of ["version", "csrfmiddlewaretoken"]) body.set(name, form.elements.namedItem(name).value);
  return ask(form.dataset.save, { method: "POST", body, headers: { Accept: "application/json" } });
}

function meaning({ status, isElsewhere, pause, data }) {
  if (isElsewhere || status === 401) return { kind: "signed-out" };
  if (status === 429) return later("the server has too much to do", pause);
  if (status >= 500 || status === 408) return later("the server could not answer", pause);
  const isOk = status >= 200 && status < 300;
  // What is not from our server, such as the sign-in page of a public network.
  if (isOk && !Number.isInteger(data?.version)) return later("no connection");
  if (isOk) return { kind: "saved", data };
  if (status === 409 && data?.held) return { kind: "conflict", words: data.message, data };
  return { kind: "refused", words: data?.message ?? "the server did not accept it." };
}

function later(words, pause = 0) {
  return { kind: "later", words: `${words}, still trying.`, pause };
}

/**
 * Who may write the pane now, as its own page says: {kind: writer, there}, where `there` is the form as it is held;
 * signed-out; stranger with the name of who is signed in, as `name`; or refused. Only the form's own writer gets a fresh token, and
 * a token is good for one sign-in: so nothing can be saved under another name.
 */
export async function look(form) {
  const answer = await ask(location.href, { headers: { Accept: "text/html" } });
  if (answer.isElsewhere || answer.status === 401) return { kind: "signed-out" };
  if (answer.status >= 500 || answer.status === 429) return later("the server could not answer", answer.pause);
  const found = page(answer);
  const there = found.querySelector(`form[data-save="${form.dataset.save}"]`);
  if (there?.dataset.writer === form.dataset.writer) {
    const token = there.elements.namedItem("csrfmiddlewaretoken").value;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    return { kind: "writer", there };
  }
  const who = (from) => from.querySelector(".whoami .muted")?.textContent ?? "";
  if (who(found) && who(found) === who(document)) {
    return { kind: "refused", words: "this text can no longer be changed. Copy it, then open the page again to see why." };
  }
  const name = found.querySelector(".whoami b")?.textContent ?? "Somebody else";
  return { kind: "stranger", name, words: `${name} is signed in now, and nothing is saved under another name.` };
}

/** A text without what the server takes away or adds. */
export function plain(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const element of body.querySelectorAll("*")) {
    for (const name of element.getAttributeNames()) if (!["href", "start"].includes(name)) element.removeAttribute(name);
  }
  // Only read, of a document that is shown nowhere and runs nothing.
  return body.innerHTML.trim();
}
