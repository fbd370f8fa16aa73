// Comfort on top of pages that are complete without it: cards that close, rows that grow, drafts that keep themselves.
(() => {
  "use strict";
  const $$ = (s, within = document) => Array.from(within.querySelectorAll(s));

  // Menus and citation cards: one open at a time, closed by Escape or a click elsewhere, kept inside the window.
  const pops = () => $$("details[data-pop][open]");
  document.addEventListener("click", (e) => pops().forEach((d) => d.contains(e.target) || (d.open = false)));
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return;
    pops().forEach((d) => { d.open = false; if (d.contains(document.activeElement)) d.querySelector("summary").focus(); });
  });
  document.addEventListener("toggle", (e) => {
    const card = e.target.open && e.target.matches?.(".cite") && e.target.querySelector(".cite-card");
    if (card) { e.target.classList.remove("flip"); if (card.getBoundingClientRect().right > innerWidth - 8) e.target.classList.add("flip"); }
  }, true);

  // The sidebar is open on wide screens (the style sheet shows it) and folds on narrow ones.
  const wide = (fold) => matchMedia(fold.matches(".side-fold") ? "(min-width: 1025px)" : "(min-width: 721px)");
  $$("details[data-fold]").forEach((fold) => {
    const query = wide(fold), set = () => { fold.open = query.matches; };
    set(); query.addEventListener("change", set);
  });

  // Refusals are read first.
  $$("[data-print]").forEach((button) => { button.hidden = false; button.addEventListener("click", () => print()); });
  $$("[data-focus]").slice(0, 1).forEach((box) => box.focus());

  // Rows of a form: added from the template, removed and counted anew.
  const number = (list) => $$(":scope > .entry-row", list).forEach((row, i) => { row.querySelector(".row-number").textContent = i + 1; });
  let next = 1000;
  document.addEventListener("click", (e) => {
    const add = e.target.closest("[data-add]"), remove = e.target.closest("[data-remove]");
    if (add) {
      e.preventDefault();
      const set = add.closest("[data-rows]"), row = set.querySelector(":scope > template").content.cloneNode(true), path = set.dataset.rows;
      next += 1;
      $$("[name],[id],[for],[aria-describedby]", row).forEach((n) => ["name", "id", "for", "aria-describedby"].forEach((a) => {
        if (n.hasAttribute(a)) n.setAttribute(a, n.getAttribute(a).replace("__row__", String(next)));
      }));
      const list = set.querySelector(":scope > .row-list");
      list.append(row); number(list);
      list.lastElementChild.querySelector("input,select,textarea")?.focus();
    } else if (remove) {
      const row = remove.closest(".entry-row"), list = row.parentElement;
      row.remove(); number(list); list.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  $$("[data-remove][hidden]").forEach((b) => { b.hidden = false; });

  // A choice that changes what is shown is sent at once.
  $$("[data-submits]").forEach((choice) => choice.addEventListener("change", () => choice.form.requestSubmit()));

  // Long lists of choices narrow down as one types.
  $$("[data-narrow]").forEach((box) => {
    box.hidden = false;
    box.addEventListener("input", () => $$(".option", box.parentElement).forEach((o) => {
      o.hidden = !o.textContent.toLowerCase().includes(box.value.trim().toLowerCase());
    }));
  });

  // A form is submitted once, and kept as a draft while it is filled in.
  $$("form[data-keep]").forEach((form) => {
    let timer = 0, sent = false;
    const said = form.querySelector("[data-kept]");
    form.addEventListener("submit", (e) => { if (sent && !e.submitter?.name) e.preventDefault(); sent = true; clearTimeout(timer); });
    addEventListener("pageshow", () => { sent = false; });
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const body = new FormData(form);
        body.append("_keep", "1");
        const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } }).catch(() => null);
        if (answer?.ok && said) said.textContent = said.dataset.said;
      }, 1500);
    });
  });
  // Two spaces for Tab would trap the keyboard; the editor of queries leaves Tab alone.

  $$("[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.parentElement.querySelector("[data-secret]").textContent);
      button.textContent = button.dataset.said;
    });
  });

  // htmx: pages of refusals are shown too.
  document.addEventListener("htmx:beforeSwap", (e) => {
    if ([403, 404, 409, 422].includes(e.detail.xhr.status)) { e.detail.shouldSwap = true; e.detail.isError = false; }
  });

  // Charts: data from json_script, one theme, the table stands beside it.
  const draw = (box, data) => {
    const chart = echarts.init(box, null, { renderer: "svg" });
    const names = { type: "category", data: data.categories, axisTick: { show: false }, axisLabel: { interval: data.lying ? 0 : "auto", hideOverlap: true, width: data.lying ? 170 : undefined, overflow: "truncate" } };
    const figure = { type: "value", minInterval: data.lying ? 0 : 1, splitLine: { lineStyle: { color: "#e9eef4" } } };
    const second = data.series.some((s) => s.axis) ? [figure, { type: "value", splitLine: { show: false } }] : figure;
    chart.setOption({
      color: ["#1a5fb4", "#2a9d8f", "#e2762b", "#6a3ea1", "#7d8a99"], textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches, aria: { enabled: true },
      grid: { left: 8, right: 16, top: data.series.length > 1 ? 36 : 14, bottom: 8, containLabel: true },
      legend: data.series.length > 1 ? { top: 0, icon: "roundRect" } : { show: false },
      tooltip: { trigger: "axis", renderMode: "richText" },
      xAxis: data.lying ? figure : names, yAxis: data.lying ? names : second,
      series: data.series.map((s) => ({ name: s.name, type: s.type || "bar", data: s.data, stack: s.stack, yAxisIndex: s.axis || 0, barMaxWidth: 28, smooth: false, itemStyle: s.type === "line" ? {} : { borderRadius: 2 } })),
    });
    new ResizeObserver(() => chart.resize()).observe(box);
  };
  window.dianchi = { draw };
  if (window.echarts) $$("[data-chart]").forEach((box) => draw(box, JSON.parse(document.getElementById(box.dataset.chart).textContent)));

  // A file may be dropped on its form.
  $$("form[data-drop]").forEach((form) => {
    const input = form.querySelector("input[type=file]"), over = (on) => (e) => { e.preventDefault(); form.classList.toggle("over", on); };
    form.addEventListener("dragover", over(true)); form.addEventListener("dragleave", over(false));
    form.addEventListener("drop", (e) => { over(false)(e); if (e.dataTransfer.files.length) input.files = e.dataTransfer.files; });
  });

  // The QR code of a certificate, read from a picture where the browser can.
  $$("[data-scan]").forEach((label) => {
    if (!("BarcodeDetector" in window)) return;
    label.hidden = false;
    const said = label.parentElement.querySelector("[data-scan-said]"), input = label.querySelector("[data-scan-file]");
    input.addEventListener("change", async () => {
      const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(await createImageBitmap(input.files[0])).catch(() => []);
      const code = found.map((f) => { try { return new URL(f.rawValue).searchParams.get("code"); } catch { return f.rawValue; } }).find(Boolean);
      if (code) location.assign(`/certificates?code=${encodeURIComponent(code)}`); else said.textContent = input.dataset.none;
    });
  });
})();
