// Draws every chart of a page from the templates and data embedded in it.
(() => {
  "use strict";
  const page = JSON.parse(document.getElementById("charts").textContent);
  const options = { actions: false, renderer: "svg", tooltip: { theme: "candour" } };
  const draw = async (box) => {
    const { template, data } = page.charts[box.dataset.chart];
    const spec = { ...page.templates[template], datasets: data };
    await window.vegaEmbed(box, spec, options);
    // The box carries the alternative text; the drawing inside it would only be read twice.
    box.querySelector("svg").setAttribute("aria-hidden", "true");
  };
  const boxes = [...document.querySelectorAll("[data-chart]")];
  Promise.all(boxes.map(draw)).then(() => document.body.setAttribute("data-drawn", boxes.length));
})();
