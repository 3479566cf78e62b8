// Buttons below each chart: its data as CSV, as the release prints it, and its picture.
(() => {
  "use strict";
  const { page, rowsOf, specOf } = window.candour;
  const PICTURE_WIDTH = 720;
  const PNG_SCALE = 2;

  const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href));
  };

  const printed = (value, missing) => {
    if (value === null) return missing;
    const text = typeof value === "number" ? String(value) : value;
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };

  const csv = (id) => {
    const { columns } = page.charts[id];
    const lines = rowsOf(id).map((row) => columns.map(([name, missing, decimals]) =>
      printed(typeof row[name] === "number" && decimals ? row[name].toFixed(decimals) : row[name], missing)));
    const heading = columns.map(([name]) => printed(name, ""));
    return `${[heading, ...lines].map((cells) => cells.join(",")).join("\n")}\n`;
  };

  // Drawn anew, on white and under its title: what leaves the page has to speak for itself.
  const picture = async (id, take) => {
    const box = document.createElement("div");
    const title = { text: page.charts[id].title, anchor: "start", offset: 14 };
    const spec = { ...specOf(id), width: PICTURE_WIDTH, title, background: "#fff", padding: 16 };
    const { view } = await window.vegaEmbed(box, spec, { actions: false, renderer: "svg" });
    const taken = await take(view);
    view.finalize();
    return taken;
  };

  const png = (canvas) => new Promise((done) => { canvas.toBlob(done, "image/png"); });
  const kinds = {
    CSV: ["Data", async (id) => new Blob([csv(id)], { type: "text/csv" })],
    SVG: ["Picture", (id) => picture(id, async (view) =>
      new Blob([await view.toSVG()], { type: "image/svg+xml" }))],
    PNG: ["Picture", (id) => picture(id, async (view) => png(await view.toCanvas(PNG_SCALE)))],
  };

  const unseen = (text) => {
    const made = document.createElement("span");
    made.className = "visually-hidden";
    made.textContent = text;
    return made;
  };

  const button = (id, kind) => {
    const { file, title } = page.charts[id];
    const [what, make] = kinds[kind];
    const made = document.createElement("button");
    made.type = "button";
    made.className = "plain";
    made.append(unseen("Download "), `${what} (${kind})`, unseen(`: ${title}`));
    made.addEventListener("click", async () => save(await make(id), `${file}.${kind.toLowerCase()}`));
    return made;
  };

  document.querySelectorAll("[data-chart]").forEach((box) => {
    const tools = document.createElement("p");
    tools.className = "tools";
    tools.append("Download:", ...Object.keys(kinds).map((kind) => button(box.dataset.chart, kind)));
    box.closest("figure").querySelector("details").before(tools);
  });
})();
