// Nobody leaves a page with unsaved text unasked, and nobody comes back to an old text unawares.

import { look } from "perfmon/sending";

const PATIENCE = 3_000; // ms that a link waits for the save

export function guard(saver) {
  addEventListener("beforeunload", (event) => {
    if (saver.dirty) event.preventDefault();
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!saver.dirty || event.defaultPrevented || !link || !leads(link, event)) return;
    event.preventDefault();
    await Promise.race([saver.save(), new Promise((done) => setTimeout(done, PATIENCE))]);
    // Asks first if the text is still not saved.
    location.assign(link.href);
  });
}

/** Whether following the link ends this page. */
function leads(link, event) {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return false;
  if (link.closest("[contenteditable=true]") || link.hasAttribute("download")) return false;
  if (link.target && link.target !== "_self") return false;
  const here = location.href.split("#")[0];
  return /^https?:$/.test(link.protocol) && !(link.hash && link.href.split("#")[0] === here);
}

/** A page that the browser kept as it was left: what was saved since is shown, and what is unsaved goes its usual way. */
export function onReturn(form, saver, newer) {
  addEventListener("pageshow", async ({ persisted }) => {
    if (!persisted) return;
    if (saver.dirty) return saver.soon(0, true);
    const { there } = await look(form).catch(() => ({}));
    const version = there?.elements.namedItem("version").value;
    if (!version || version === saver.versionField.value || saver.dirty) return;
    const state = there.ownerDocument.getElementById(there.dataset.state);
    newer({ version, html: there.elements.namedItem("text").value, words: state.textContent.trim() });
  });
}
