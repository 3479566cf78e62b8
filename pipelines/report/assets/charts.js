// Draws every chart of a page from the templates and data embedded in it.
(() => {
  "use strict";
  const page = JSON.parse(document.getElementById("charts").textContent);
  const options = { actions: false, renderer: "svg", tooltip: { theme: "candour" } };
  const draw = async (box) => {
    const { template, data } = page.charts[box.dataset.chart];
    const spec = { ...page.templates[template], datasets: data };
    await window.vegaEmbed(box, spec, options);
    // What is around the box has the alternative text; Vega's own would be read beside it.
    box.setAttribute("aria-hidden", "true");
  };
  const boxes = [...document.querySelectorAll("[data-chart]")];
  Promise.all(boxes.map(draw)).then(() => document.body.setAttribute("data-drawn", boxes.length));
})();
