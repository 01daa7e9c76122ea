// A chart is the server's SVG. Here its points can be walked through by keyboard, and Plotly takes over for hovering:
// when the page has loaded, the chart is on the screen and the browser is idle, or at the first contact. Plotly also
// makes the picture.

import { Chart } from "perfmon/chart-plotly";
import { keepPlace } from "perfmon/chart-switches";
import { walk } from "perfmon/chart-walk";

const CONTACT = ["pointerenter", "focusin", "touchstart"];
const idle = (timeout) => new Promise((resolve) => {
  if (window.requestIdleCallback) requestIdleCallback(resolve, { timeout });
  else setTimeout(resolve, 200);
});
const charts = new Map();

const onScreen = new IntersectionObserver(async (entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    onScreen.unobserve(target);
    await idle();
    charts.get(target).takeOver("low", () => idle(2000));
  }
});

function whenLoaded(act) {
  if (document.readyState === "complete") act();
  else addEventListener("load", act, { once: true });
}

for (const frame of document.querySelectorAll("[data-chart]")) {
  const chart = new Chart(frame);
  charts.set(frame, chart);
  walk(chart);
  for (const type of CONTACT) frame.addEventListener(type, () => chart.takeOver("high"), { passive: true });
  // Who asked their browser to save data gets Plotly at the first contact only.
  if (!navigator.connection?.saveData) whenLoaded(() => onScreen.observe(frame));
}

for (const button of document.querySelectorAll("[data-chart-png]")) {
  button.hidden = false;
  const said = button.parentElement.querySelector("[data-chart-said]");
  const say = (words) => { if (said) said.textContent = words; };
  button.addEventListener("click", () => {
    say("");
    const { chartPng, picture, filename } = button.dataset;
    const frame = document.querySelector(`[data-chart="${CSS.escape(chartPng)}"]`);
    // A series that stands above or below another one leaves the page alone, with its own axis of time.
    const own = picture && JSON.parse(document.getElementById(picture).textContent);
    charts.get(frame).download(filename || "chart", own || undefined).catch(() => say("The picture could not be made."));
  });
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const chart of charts.values()) if (chart.drawn) chart.redraw();
});

keepPlace(document.querySelectorAll("#chart [data-keep] a"));
