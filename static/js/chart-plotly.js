// Draws a Plotly figure exactly over the server's SVG, and makes the picture that one downloads.

const NARROW_BELOW = 440; // As in chart.css.
let library;

function loadPlotly(url, priority) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.fetchPriority = priority;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => { library = undefined; script.remove(); reject(new Error("Plotly did not load")); };
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

/** Plotly cuts a line that is too long; `letters` are what fits, an entity such as &amp; counted as it is written. */
function lines(text, letters) {
  const found = [""];
  for (const word of text.split(" ")) {
    if (found.at(-1) && `${found.at(-1)} ${word}`.length > letters) found.push(word);
    else found.push(`${found.pop()} ${word}`.trim());
  }
  return found;
}

/** One chart of the page: its frame with the SVGs, and the layer that Plotly draws on above them. */
export class Chart {
  #drawing;

  constructor(frame) {
    this.frame = frame;
    this.figure = JSON.parse(document.getElementById(frame.dataset.chart).textContent);
    this.layer = document.createElement("div");
    this.layer.className = "chart-layer";
    this.layer.setAttribute("aria-hidden", "true");
    frame.append(this.layer);
    new ResizeObserver(() => {
      if (!this.drawn || !frame.clientWidth) return;
      if (this.#shapeNow === this.shape) this.#fit();
      else this.redraw();
    }).observe(frame);
  }

  get drawn() {
    return this.frame.classList.contains("chart-drawn");
  }

  /** Has Plotly draw, unless it has or is about to. `ready` is waited for between the loading and the drawing. */
  takeOver(priority, ready) {
    if (!this.drawn && !this.#drawing) this.#draw(async () => {
      await loadPlotly(this.frame.dataset.plotly, priority);
      await ready?.();
    });
  }

  redraw() {
    this.#draw();
  }

  /** One drawing at a time; a failure leaves the SVG as it was, and the next contact may try again. */
  #draw(before) {
    const drawing = Promise.resolve(this.#drawing).then(before).then(() => this.#react()).catch(() => {
      this.frame.classList.remove("chart-drawn");
    }).finally(() => {
      if (this.#drawing === drawing) this.#drawing = undefined;
    });
    this.#drawing = drawing;
  }

  async #react() {
    const plotly = await loadPlotly(this.frame.dataset.plotly);
    this.shape = this.#shapeNow;
    const { data, config } = this.figure;
    const look = onScreen(this.frame);
    const layout = this.shape === "narrow" ? this.figure.narrow : this.figure.layout;
    await plotly.react(this.layer, resolved(data, look), resolved(layout, look), config);
    this.#fit();
    this.frame.classList.add("chart-drawn");
  }

  get #shapeNow() {
    return this.frame.clientWidth < NARROW_BELOW ? "narrow" : "wide";
  }

  #fit() {
    const [width] = this.figure.sizes[this.shape];
    this.layer.style.transform = `scale(${this.frame.clientWidth / width})`;
  }

  /** The picture carries its title, what its shapes mean and its marks, since it leaves the page without them. */
  async download(filename, figure = this.figure) {
    const plotly = await loadPlotly(this.frame.dataset.plotly);
    const { data, layout, sizes, paper } = figure;
    const [width, height] = sizes.wide;
    const title = lines(figure.title, 54);
    const note = [figure.note, ...figure.notes].filter(Boolean).flatMap(row => lines(row, 76));
    const room = 20 + 20 * title.length + 16 * note.length;
    const picture = resolved({ data, layout }, name => paper[name] ?? font(this.frame));
    const { margin } = picture.layout;
    picture.layout.height = height + room;
    margin.t += room;
    picture.layout.paper_bgcolor = paper["var(--chart-card)"];
    // Plotly's own title is placed by its last line, so that a second one would leave the picture.
    const words = (text, below, style) => ({
      text: text.join("<br>"), align: "left", showarrow: false, font: { color: paper["var(--chart-ink)"], ...style },
      xref: "paper", x: 0, xanchor: "left", xshift: 10 - margin.l,
      yref: "paper", y: 1, yanchor: "top", yshift: margin.t - below,
    });
    picture.layout.annotations.push(
      words(title, 10, { size: 15, weight: 600 }),
      words(note, 14 + 20 * title.length, { size: 12 }),
    );
    await plotly.downloadImage(picture, { format: "png", width, height: height + room, scale: 3, filename });
  }
}
