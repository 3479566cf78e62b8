// Shows one category, or some months, as the page's address says, and keeps the address true.
(() => {
  "use strict";
  const { page, about, within, show } = window.candour;
  const form = document.querySelector("form.filters");
  const first = page.months[0], last = page.months[page.months.length - 1];
  if (!form) { show(first, last); return; }
  const { place, category, from, to } = form.elements;
  const here = place ? place.value : "";
  const status = form.querySelector("[role=status]");

  // What the address asks for; what it does not know is everything.
  const asked = () => {
    const query = new URLSearchParams(location.search);
    const code = query.get("category") || "";
    const months = ["from", "to"].map((name) => query.get(name));
    const [start, end] = months.map((month, i) => (page.months.includes(month) ? month : [first, last][i]));
    return {
      category: [...category.options].some((option) => option.value === code) ? code : "",
      from: start <= end ? start : end,
      to: start <= end ? end : start,
    };
  };

  const address = ({ category: code, from: start, to: end }) => {
    const query = new URLSearchParams();
    if (code) query.set("category", code);
    if (start !== first) query.set("from", start);
    if (end !== last) query.set("to", end);
    return query.size ? `?${query}` : "";
  };

  const said = (choice) => {
    const parts = [];
    if (choice.category) parts.push(category.selectedOptions[0].text);
    const cut = choice.from !== first || choice.to !== last;
    if (cut) parts.push(choice.from === choice.to ? about(choice.from).name : `${about(choice.from).name} to ${about(choice.to).name}`);
    const whole = cut ? " Sentences and the latest figures are about all months of the release." : "";
    return parts.length ? `Showing ${parts.join(", ")}.${whole}` : "";
  };

  const apply = () => {
    const choice = asked();
    category.value = choice.category;
    if (from) { from.value = choice.from; to.value = choice.to; }
    document.querySelectorAll("[data-category]").forEach((one) => {
      one.hidden = Boolean(choice.category) && one.dataset.category !== choice.category;
    });
    document.querySelectorAll(".inset").forEach((box) => {
      const named = [...box.querySelectorAll("[data-category]")];
      if (named.length) box.hidden = named.every((one) => one.hidden);
    });
    const drawn = show(choice.from, choice.to);
    document.querySelectorAll("[data-period]").forEach((row) => { row.hidden = !within(row.dataset.period); });
    status.textContent = said(choice);
    return drawn;
  };

  const go = (choice) => {
    const query = address(choice);
    if (place && place.value !== here) location.href = place.value + query;
    else { history.pushState(null, "", location.pathname + query); apply(); }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [start, end] = from ? [from.value, to.value].sort() : [first, last];
    go({ category: category.value, from: start, to: end });
  });
  form.querySelector("[data-reset]").addEventListener("click", () => {
    if (place) place.value = here;
    go({ category: "", from: first, to: last });
  });
  window.addEventListener("popstate", apply);
  form.hidden = false;
  apply();
})();
