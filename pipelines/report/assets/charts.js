// Draws every chart of a page from the templates and data embedded in it.
window.candour = (() => {
  "use strict";
  const page = JSON.parse(document.getElementById("charts").textContent);
  const OPTIONS = { actions: false, renderer: "svg", tooltip: { theme: "candour" } };
  const LABELS = 5; // on a time axis
  const WIDE = 0.25; // of the axis: room for a level label
  const WITHHELD = "Not enough data: too few people, or it would reveal another figure";
  let span = { from: page.months[0], to: page.months[page.months.length - 1] };

  const day = (text) => Date.parse(`${text}T00:00:00Z`);
  const about = (period) => {
    const [name, start, middle, end] = page.periods[period];
    return { name, start: day(start), middle: day(middle), end: day(end) };
  };
  const within = (period) => {
    const { start, end } = about(period);
    return start < about(span.to).end && end > about(span.from).start;
  };

  // A figure's rows as the table has them, those within the months chosen.
  const rowsOf = (id) => {
    const { rows } = page.charts[id];
    const names = Object.keys(rows);
    const whole = rows[names[0]].map((_, i) => Object.fromEntries(names.map((n) => [n, rows[n][i]])));
    return whole.filter((row) => !row.period || within(row.period));
  };

  // The same with what a time axis needs; months that the figure leaves out are empty rows.
  const timed = (rows, gap) => {
    const known = new Map(rows.map((row) => [row.period, row]));
    const monthly = rows.every((row) => page.months.includes(row.period));
    const periods = monthly ? page.months.filter(within) : [...known.keys()];
    const found = periods.map((period) => ({ period, ...known.get(period), ...about(period) }));
    const has = (row) => row !== undefined && row[gap] !== null && row[gap] !== undefined;
    found.forEach((row, i) => { row.alone = has(row) && !has(found[i - 1]) && !has(found[i + 1]); });
    return found;
  };

  const gapsIn = (rows, gap, ends) => {
    const found = [];
    rows.filter((row) => row[gap] === null).forEach(({ start, end }) => {
      const last = found[found.length - 1];
      if (last && last.end === start) last.end = end;
      else found.push({ start, end });
    });
    found.forEach((one) => {
      one.start = Math.max(one.start, ends[0]);
      one.end = Math.min(one.end, ends[1]);
      one.middle = (one.start + one.end) / 2;
      one.wide = one.end - one.start >= WIDE * (ends[1] - ends[0]);
      one.said = WITHHELD;
    });
    return found;
  };

  // Trainings within the months chosen, cut to them.
  const cut = (marks, ends) => marks
    .map((mark) => ({ ...mark, start: day(mark.start), end: day(mark.end) }))
    .filter((mark) => mark.start >= ends[0] && mark.start < ends[1])
    .map((mark) => ({ ...mark, end: Math.min(mark.end, ends[1]) }));

  const utc = (time) => {
    const date = new Date(time);
    return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, date: 1, utc: true };
  };

  // A template, as large as the page's text: a 4K screen has larger letters.
  const sized = (template) => {
    const spec = structuredClone(page.templates[template]);
    const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    spec.height *= scale;
    [spec.config.axis, spec.config.legend].forEach((part) => {
      part.labelFontSize *= scale;
      part.titleFontSize *= scale;
    });
    return spec;
  };

  // A chart's whole specification, for the months chosen.
  const specOf = (id) => {
    const { template, gap, beside } = page.charts[id];
    const spec = sized(template);
    const rows = rowsOf(id);
    const time = (spec.layer || []).find((layer) => layer.name === "time");
    if (!time) return { ...spec, datasets: { rows, ...beside } };
    const months = page.months.filter(within);
    const ends = [about(months[0]).start, about(months[months.length - 1]).end];
    const step = Math.max(1, Math.ceil(months.length / LABELS));
    time.encoding.x.scale.domain = ends.map(utc);
    time.encoding.x.axis.values = months.filter((_, i) => i % step === 0).map((m) => utc(about(m).start));
    const drawn = timed(rows, gap);
    const trainings = cut(beside.trainings || [], ends);
    return { ...spec, datasets: { rows: drawn, gaps: gap ? gapsIn(drawn, gap, ends) : [], trainings } };
  };

  const draw = async (box) => {
    const { view } = await window.vegaEmbed(box, specOf(box.dataset.chart), OPTIONS);
    box.view = view;
    // What is around the box has the alternative text; Vega's own would be read beside it.
    box.setAttribute("aria-hidden", "true");
  };

  // One after the other, with the page free to answer in between.
  let run = 0;
  const drawAll = async () => {
    const mine = ++run;
    document.body.removeAttribute("data-drawn");
    const boxes = [...document.querySelectorAll("[data-chart]")].filter((box) => box.offsetParent);
    for (const box of boxes) {
      await draw(box);
      await new Promise((done) => { setTimeout(done); });
      if (mine !== run) return;
    }
    document.body.setAttribute("data-drawn", boxes.length);
  };

  const show = (from, to) => { span = { from, to }; return drawAll(); };
  return { page, rowsOf, specOf, about, within, show };
})();
