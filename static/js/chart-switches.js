// Each choice of a chart is a link to another address of this page. Who follows one comes back to the same place, with
// the same choice in focus, so that it is read out as it is now and the next one is a key away.

const KEY = "chart-place";

/** A switch says in its text how it stands, which changes: its name does not. */
const place = (link) => `${link.closest("[data-keep]").dataset.keep}: ${link.dataset.place ?? link.textContent}`;
/** The column that scrolls by itself on a large screen. */
const column = (link) => link.closest(".left");

export function keepPlace(links) {
  for (const link of links) {
    link.addEventListener("click", (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const kept = { path: location.pathname, link: place(link), page: scrollY, column: column(link)?.scrollTop ?? 0 };
      sessionStorage.setItem(KEY, JSON.stringify(kept));
    });
  }
  const kept = JSON.parse(sessionStorage.getItem(KEY));
  sessionStorage.removeItem(KEY);
  const link = kept?.path === location.pathname && [...links].find((each) => place(each) === kept.link);
  if (!link) return;
  const back = () => {
    scrollTo({ top: kept.page, behavior: "instant" });
    if (column(link)) column(link).scrollTop = kept.column;
    link.focus({ preventScroll: true });
  };
  back();
  // Where the address says #chart, the browser goes there and takes the focus away while the page loads.
  if (document.readyState !== "complete") addEventListener("load", back, { once: true });
}
