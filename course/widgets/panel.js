/* The front of course.widgets.panel.Panel: native controls, one picture, and a layout that keeps all of it in sight. */

const GAP = 12; // pixels between the parts
const SCROLLER = ".jp-WindowedPanel-outer, .jp-Notebook";
const SMALLEST = 0.2; // of the natural size: below, a picture shows nothing

/* The layouts to try, the pleasantest first. `columns`: where the controls' places mean something; 0: anywhere. */
function layouts(columns) {
  const found = [];
  for (const tight of columns ? [false, true] : [false]) {
    for (const compact of [false, true]) {
      for (const beside of [false, true]) {
        for (const across of columns ? [columns] : beside ? [1] : [1, 2, 3]) found.push({ beside, across, compact, tight });
      }
    }
  }
  return found;
}

function element(tag, attributes = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") made.textContent = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/* What stands beside a slider: the word of a list, or the number with its digits. */
function reading(spec, value) {
  return spec.kind === "list" ? spec.labels[value] : Number(value).toFixed(spec.digits);
}

function makeControl(spec, id, changed) {
  if (spec.kind === "button" || spec.kind === "toggle") {
    const button = element("button", { type: "button", id, text: spec.label });
    const control = { rows: [button], input: button, count: 0 };
    control.show = (value) => {
      control.value = value;
      if (spec.kind === "toggle") button.setAttribute("aria-pressed", String(Boolean(value)));
    };
    button.addEventListener("click", () => {
      control.show(spec.kind === "toggle" ? !control.value : control.value + 1);
      changed(control.value);
    });
    return control;
  }
  if (spec.kind === "check") {
    const box = element("input", { type: "checkbox", id });
    box.addEventListener("change", () => changed(box.checked));
    const label = element("label", { for: id, class: "wide" }, [box, " " + spec.label]);
    return { rows: [label], input: box, show: (value) => { box.checked = value; } };
  }
  const slider = element("input", { type: "range", id, min: spec.min, max: spec.max, step: spec.step });
  const output = element("output", { for: id });
  const show = (value) => {
    slider.value = value;
    output.textContent = reading(spec, value);
    slider.setAttribute("aria-valuetext", output.textContent);
  };
  slider.addEventListener("input", () => {
    show(Number(slider.value));
    changed(Number(slider.value));
  });
  return { rows: [element("label", { for: id, text: spec.label }), slider, output], input: slider, show };
}

/* The part of the page in which the panel must fit: JupyterLab's notebook, or the window. */
function room(root) {
  const scroller = root.closest(SCROLLER);
  const height = scroller ? scroller.clientHeight : 0.85 * window.innerHeight;
  return { width: root.parentElement.clientWidth, height: height - 2 * GAP };
}

function render({ model, el }) {
  const prefix = "panel-" + Math.random().toString(36).slice(2);
  const root = element("div", { class: "course-panel", role: "group" });
  const side = element("div", { class: "side" });
  const grid = element("div", { class: "controls" });
  const verdict = element("div", { class: "verdict", "aria-live": "polite" });
  const text = element("div", { class: "caption" });
  const picture = element("img", { class: "picture" });
  side.append(grid, verdict, text);
  root.append(side, picture);
  el.append(root);

  const controls = {};
  for (const spec of model.get("_specs")) {
    const control = makeControl(spec, prefix + spec.name, (value) => {
      model.set("_values", { ...model.get("_values"), [spec.name]: value });
      model.save_changes();
    });
    controls[spec.name] = control;
    const cell = element("div", { class: "control " + spec.kind }, control.rows);
    grid.append(cell);
  }
  const reset = element("button", { type: "button", class: "reset", text: "Reset" });
  reset.addEventListener("click", () => {
    model.set("_values", { ...model.get("_values"), ...model.get("_first") });
    model.save_changes();
  });
  grid.append(element("div", { class: "control" }, [reset]));
  for (const one of grid.querySelectorAll("input, button")) {
    one.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab's keys stay out of the way
  }

  function showValues() {
    for (const [name, value] of Object.entries(model.get("_values"))) controls[name].show(value);
  }

  let address = null;
  function showPicture() {
    const bytes = model.get("_png");
    if (!bytes || !bytes.byteLength) return;
    if (address) URL.revokeObjectURL(address);
    address = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
    picture.src = address;
    picture.alt = model.get("caption");
  }

  function showTexts() {
    const error = model.get("_error");
    text.textContent = error || model.get("caption");
    text.classList.toggle("error", Boolean(error));
    verdict.textContent = model.get("_verdict");
    verdict.hidden = !model.get("_verdict");
    root.setAttribute("aria-label", model.get("caption"));
  }

  function lay({ beside, across, compact, tight }) {
    root.classList.toggle("beside", beside);
    root.classList.toggle("compact", compact);
    grid.classList.toggle("tight", tight);
    grid.style.setProperty("--across", across);
    side.style.width = beside ? "" : "100%";
  }

  /* Try a layout: how large can the picture be (at most 1: never enlarged), how high is it all, and does it fit? */
  function tried(layout, space, width, height) {
    lay(layout);
    const used = side.getBoundingClientRect();
    const wide = layout.beside ? space.width - used.width - GAP : space.width;
    const high = layout.beside ? space.height : space.height - used.height - GAP;
    const scale = Math.min(1, wide / width, high / height);
    const fits = grid.scrollWidth <= side.clientWidth + 1 && used.height <= space.height && scale >= SMALLEST;
    const total = layout.beside ? Math.max(used.height, scale * height) : used.height + scale * height;
    return { ...layout, scale, fits, total };
  }

  const watcher = new ResizeObserver(() => requestAnimationFrame(arrange));
  let watched = null;

  /* A window that becomes lower leaves the panel as wide as it was: the part of the page around it is watched too. That
     part is known only once the panel stands in the page. */
  function watchRoom() {
    const scroller = root.closest(SCROLLER);
    if (!scroller || scroller === watched) return;
    if (watched) watcher.unobserve(watched);
    watcher.observe(scroller);
    watched = scroller;
  }

  /* Controls above the picture or beside it: whichever leaves the picture larger; of equals, the lower one. */
  function arrange() {
    const [width, height] = model.get("_size");
    if (!width || !root.isConnected || !root.parentElement.clientWidth) return;
    watchRoom();
    const space = room(root), columns = model.get("_columns");
    let best = null;
    for (const layout of layouts(columns)) {
      const now = tried(layout, space, width, height);
      const dear = best && ((layout.compact && !best.compact) || (layout.tight && !best.tight));
      const gain = dear ? 0.15 : 0.02; // the caption is left out, and the labels' room taken, only for much
      const larger = best && now.scale > best.scale + gain;
      const lower = best && !dear && now.scale > best.scale - gain && now.total < best.total;
      if (!best || (now.fits && !best.fits) || (now.fits === best.fits && (larger || lower))) best = now;
    }
    lay(best);
    const size = Math.max(SMALLEST, best.scale);
    picture.style.width = Math.floor(size * width) + "px";
    const dots = Math.round(4 * size * (window.devicePixelRatio || 1)) / 4;
    if (model.get("_sharp") && dots && dots !== model.get("_dots")) {
      model.set("_dots", dots);
      model.save_changes();
    }
  }

  showValues();
  showPicture();
  showTexts();
  const shown = { "change:_values": showValues, "change:_png": showPicture, "change:_size": arrange };
  for (const name of ["_error", "_verdict", "caption"]) shown["change:" + name] = showTexts;
  for (const [event, action] of Object.entries(shown)) model.on(event, action);
  watcher.observe(el);
  requestAnimationFrame(arrange);

  return () => {
    watcher.disconnect();
    for (const [event, action] of Object.entries(shown)) model.off(event, action);
    if (address) URL.revokeObjectURL(address);
  };
}

export default { render };
