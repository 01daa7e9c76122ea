// Goes through the points of a chart with the arrow keys. Each point's sentence comes with the page: it is shown below
// the chart, where screen readers are told of it, and a mark of ours stands at the point, whoever has drawn the chart.

const SVG = "http://www.w3.org/2000/svg";
const RADIUS = 9;

export function walk({ frame, figure }) {
  const told = frame.parentElement.querySelector("[data-walk-told]");
  const keys = frame.parentElement.querySelector("[data-walk-keys]");
  if (!told) return;
  const mark = new Mark(frame, figure);
  let at = -1;

  // Only with this script is it something to enter; without one it is a picture with a table.
  frame.tabIndex = 0;
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-roledescription", "chart");
  frame.setAttribute("aria-labelledby", frame.querySelector("svg title").id);
  frame.setAttribute("aria-describedby", keys.id);

  const show = (index) => {
    at = index;
    told.textContent = figure.walk[at] ?? "";
    mark.place(at);
  };
  const last = figure.walk.length - 1;
  const next = {
    ArrowRight: () => Math.min(at + 1, last),
    // The newest is what one looks for first.
    ArrowLeft: () => (at < 0 ? last : Math.max(at - 1, 0)),
    Home: () => 0,
    End: () => last,
    Escape: () => -1,
  };
  frame.addEventListener("keydown", (event) => {
    const go = next[event.key];
    if (!go || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Escape" && at < 0) return;
    event.preventDefault();
    show(go());
  });
  frame.addEventListener("blur", () => show(-1));
  new ResizeObserver(() => mark.place(at)).observe(frame);
}

/** A ring and a line in a drawing of their own above the others, in the measures of the SVG that is shown. */
class Mark {
  constructor(frame, figure) {
    this.frame = frame;
    this.figure = figure;
    this.drawing = document.createElementNS(SVG, "svg");
    this.drawing.setAttribute("class", "chart-mark");
    this.drawing.setAttribute("aria-hidden", "true");
    this.line = this.drawing.appendChild(document.createElementNS(SVG, "line"));
    this.ring = this.drawing.appendChild(document.createElementNS(SVG, "circle"));
    this.ring.setAttribute("r", RADIUS);
  }

  /** Over the point at this index; away for one that there is not. */
  place(index) {
    const shown = [...this.frame.querySelectorAll("svg.chart")].find((svg) => getComputedStyle(svg).display !== "none");
    const { sizes, places, narrow, layout } = this.figure;
    const isNarrow = shown?.viewBox.baseVal.width === sizes.narrow[0];
    const place = places[isNarrow ? "narrow" : "wide"][index];
    if (!shown || !place) {
      this.drawing.remove();
      return;
    }
    const [x, y] = place;
    const { height, margin } = isNarrow ? narrow : layout;
    this.drawing.setAttribute("viewBox", shown.getAttribute("viewBox"));
    set(this.line, { x1: x, x2: x, y1: margin.t, y2: height - margin.b });
    set(this.ring, { cx: x, cy: y });
    this.frame.append(this.drawing);
  }
}

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
