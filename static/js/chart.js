// Lays a Plotly figure exactly over each server-drawn SVG. The SVG stays what is named, printed
// and shown where Plotly cannot load; Plotly adds hover and the PNG.

const NARROW_BELOW = 440; // As in chart.css.
const dark = matchMedia("(prefers-color-scheme: dark)");
const charts = new Map();
let library;

function loadPlotly(url) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => { library = undefined; reject(new Error("Plotly did not load")); };
    document.head.append(script);
  });
  return library;
}

/** A copy of a figure's part with each "var(--name)" replaced by what `look` finds for it. */
function resolved(part, look) {
  if (Array.isArray(part)) return part.map(item => resolved(item, look));
  if (part && typeof part === "object") {
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, resolved(item, look)]));
  }
  return typeof part === "string" && part.startsWith("var(--") ? look(part) : part;
}

const font = element => getComputedStyle(element).getPropertyValue("--chart-font");
const onScreen = element => name => (name === "var(--chart-font)" ? font(element) : colour(name, element));

/** Through a pixel, because Plotly knows neither light-dark() nor color-mix(). */
function colour(value, element) {
  const probe = document.createElement("span");
  probe.style.color = value;
  element.append(probe);
  const computed = getComputedStyle(probe).color;
  probe.remove();
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.fillStyle = computed;
  pen.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
  return `rgba(${red},${green},${blue},${alpha / 255})`;
}

function shapeOf(frame) {
  return frame.clientWidth < NARROW_BELOW ? "narrow" : "wide";
}

function fit(chart) {
  const [width] = chart.figure.sizes[chart.shape];
  chart.layer.style.transform = `scale(${chart.frame.clientWidth / width})`;
}

async function draw(chart) {
  const plotly = await loadPlotly(chart.frame.dataset.plotly);
  chart.shape = shapeOf(chart.frame);
  const { data, config } = chart.figure;
  const look = onScreen(chart.frame);
  const layout = chart.shape === "narrow" ? chart.figure.narrow : chart.figure.layout;
  await plotly.react(chart.layer, resolved(data, look), resolved(layout, look), config);
  const rings = chart.layer.querySelectorAll(".points path.point");
  for (const index of chart.figure.dashed) rings[index]?.style.setProperty("stroke-dasharray", "2.2 1.4");
  fit(chart);
  chart.frame.classList.add("chart-drawn");
}

function enhance(frame) {
  const layer = document.createElement("div");
  layer.className = "chart-layer";
  layer.setAttribute("aria-hidden", "true");
  const figure = JSON.parse(document.getElementById(frame.dataset.chart).textContent);
  const chart = { frame, layer, figure, drawing: undefined };
  charts.set(frame, chart);
  frame.append(layer);
  new ResizeObserver(() => {
    if (!frame.classList.contains("chart-drawn") || !frame.clientWidth) return;
    if (shapeOf(frame) === chart.shape) fit(chart);
    else redraw(chart);
  }).observe(frame);
  return chart;
}

/** One drawing at a time; a failure leaves the SVG as it was. */
function redraw(chart) {
  chart.drawing = Promise.resolve(chart.drawing).then(() => draw(chart)).catch(() => {
    chart.frame.classList.remove("chart-drawn");
  });
  return chart.drawing;
}

/** The picture carries its title, and says what is illustrative, since it leaves the page without them. */
async function download(button) {
  const chart = charts.get(document.querySelector(`[data-chart="${CSS.escape(button.dataset.chartPng)}"]`));
  const plotly = await loadPlotly(chart.frame.dataset.plotly);
  const { data, layout, sizes, paper, title, note } = chart.figure;
  const [width, height] = sizes.wide;
  const room = 56;
  const picture = resolved({ data, layout }, name => paper[name] ?? font(chart.frame));
  picture.layout.height = height + room;
  picture.layout.margin.t += room;
  picture.layout.paper_bgcolor = paper["var(--chart-card)"];
  picture.layout.title = {
    text: title, subtitle: { text: note, font: { size: 12 } }, font: { size: 15, weight: 600 },
    x: 0.02, xanchor: "left", y: 0.97, yanchor: "top",
  };
  const filename = button.dataset.filename || "chart";
  await plotly.downloadImage(picture, { format: "png", width, height: height + room, scale: 3, filename });
}

const seen = new IntersectionObserver(entries => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    redraw(charts.get(entry.target));
  }
}, { rootMargin: "300px" });

for (const frame of document.querySelectorAll("[data-chart]")) {
  enhance(frame);
  seen.observe(frame);
}
for (const button of document.querySelectorAll("[data-chart-png]")) {
  button.hidden = false;
  const said = button.parentElement.querySelector("[data-chart-said]");
  const say = words => { if (said) said.textContent = words; };
  button.addEventListener("click", () => {
    say("");
    download(button).catch(() => say("The picture could not be made."));
  });
}
dark.addEventListener("change", () => {
  for (const chart of charts.values()) if (chart.frame.classList.contains("chart-drawn")) redraw(chart);
});
