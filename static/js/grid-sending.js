// One request for one row of the entry grid, and what its answer means. Nothing is ever sent again by itself.

const PATIENCE = 30_000; // ms until a request counts as lost
const SIGNED_OUT = "you are signed out. Sign in in another tab, then press Retry.";
const UNREACHABLE = "the server cannot be reached.";

/** {kind: saved, invalid, moved, refused, signed-out, unsent or dropped; message; html}. */
export async function send(form, fields, signal) {
  try {
    let response = await post(form, fields, signal);
    if (response.status === 403 && !isJson(response)) {
      // The form's token is from before a sign-in elsewhere.
      if (!(await renewToken(form))) return { kind: "signed-out", message: SIGNED_OUT };
      response = await post(form, fields, signal);
    }
    return await meaning(response);
  } catch {
    return signal?.aborted ? { kind: "dropped" } : { kind: "unsent", message: UNREACHABLE };
  }
}

function post(form, fields, signal) {
  const body = new URLSearchParams(fields);
  body.set("csrfmiddlewaretoken", form.elements.namedItem("csrfmiddlewaretoken").value);
  return fetch(form.action, {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
    redirect: "manual",
    signal: signal ?? AbortSignal.timeout(PATIENCE),
  });
}

async function meaning(response) {
  if (response.type === "opaqueredirect" || response.status === 401) return { kind: "signed-out", message: SIGNED_OUT };
  if (response.status >= 500 || response.status === 429) return { kind: "unsent", message: "the server could not answer." };
  if (!isJson(response)) return { kind: "refused", message: "the server did not accept it." };
  const { message, html } = await response.json();
  const kind = response.ok ? "saved" : !html ? "refused" : response.status === 409 ? "moved" : "invalid";
  return { kind, message, html };
}

/** A fresh token from this same page; false when the row may no longer be typed into. */
async function renewToken(form) {
  const { page } = document.querySelector("[data-grid]").dataset;
  const response = await fetch(page, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
  if (!response.ok) return false;
  const there = new DOMParser().parseFromString(await response.text(), "text/html").getElementById(form.id);
  const token = there?.elements.namedItem("csrfmiddlewaretoken")?.value;
  if (!token) return false;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  return true;
}

function isJson(response) {
  return (response.headers.get("Content-Type") ?? "").startsWith("application/json");
}
