// The developer's workbench: explain as one types, try, run, watch. All words come from the page; nothing is HTML.
(() => {
  "use strict";
  const board = JSON.parse(document.getElementById("dev-board")?.textContent || "null");
  if (!board) return;
  const words = document.getElementById("dev-words").dataset, area = document.getElementById("dev-sql"), form = document.getElementById("dev-form");
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value, at = (id) => document.getElementById(id);
  const say = (word, values = {}) => words[word].replace(/\{(\w)\}/g, (_, k) => values[k]);
  const el = (tag, props = {}, ...inside) => { const n = Object.assign(document.createElement(tag), props); n.append(...inside.filter((x) => x !== null && x !== undefined)); return n; };
  const show = (box, ...nodes) => box.replaceChildren(...nodes.filter(Boolean));
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  const call = async (path, body) => {
    const answer = await fetch(path, body === undefined ? { headers: { Accept: "application/json" } } : {
      method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(body) });
    if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) throw new Error(String(answer.status));
    return answer.json();
  };

  // The editor. Tab leaves it, so that the keyboard is never trapped.
  const completions = (editor) => {
    const cursor = editor.getCursor(), line = editor.getLine(cursor.line).slice(0, cursor.ch), typed = /[\w$]*$/.exec(line)[0], start = cursor.ch - typed.length;
    const table = /(\w+)\.$/.exec(line.slice(0, start))?.[1], alias = table && aliases(editor.getValue())[table.toLowerCase()];
    const columns = Object.entries(board.tables).filter(([name]) => !table || name === alias).flatMap(([name, cs]) => cs.map((c) => ({ text: c.name, displayText: `${c.name}　${name} · ${c.says}` })));
    const rest = table ? [] : [...Object.keys(board.tables).map((name) => ({ text: name, displayText: `${name}　▦` })), ...KEYWORDS.map((text) => ({ text })), ...board.functions.map((f) => ({ text: f, displayText: `${f}()` }))];
    const list = [...columns, ...rest].filter((c) => c.text.toLowerCase().startsWith(typed.toLowerCase())).slice(0, 60);
    return { list, from: CodeMirror.Pos(cursor.line, start), to: cursor };
  };
  const KEYWORDS = "select from where group by having order by limit join left join on as with union all case when then else end and or not in exists between like is null distinct count sum avg asc desc interval date cast".split(" ").filter((w, i, all) => all.indexOf(w) === i);
  const aliases = (sql) => {
    const found = Object.fromEntries(Object.keys(board.tables).map((n) => [n.toLowerCase(), n]));
    for (const [, table, alias] of sql.matchAll(/\b(?:from|join)\s+(\w+)(?:\s+(?:as\s+)?(\w+))?/gi)) if (alias && found[table.toLowerCase()]) found[alias.toLowerCase()] = found[table.toLowerCase()];
    return found;
  };
  const editor = window.CodeMirror ? CodeMirror.fromTextArea(area, {
    mode: "text/x-sql", lineNumbers: true, lineWrapping: true, matchBrackets: true, indentUnit: 2, gutters: ["CodeMirror-linenumbers", "dev-gutter"],
    extraKeys: { "Ctrl-Space": (cm) => cm.showHint({ hint: completions, completeSingle: false }), "Ctrl-Enter": () => attempt("twin"), "Cmd-Enter": () => attempt("twin"), Tab: false, "Shift-Tab": false },
  }) : null;
  editor?.getInputField().setAttribute("aria-label", document.querySelector("label[for=dev-sql]").textContent);
  editor?.getInputField().setAttribute("aria-describedby", "dev-keys");
  const text = () => (editor ? editor.getValue() : area.value);

  // Parameters are what the text names.
  const parameters = at("dev-parameters"), kept = new Map(board.parameters.map((p) => [p.name, { ...p, choices: (p.choices || []).join(", ") }]));
  const field = (name, key, label, value) => { const i = el("input", { className: "form-control", value: value || "", autocomplete: "off" }); i.dataset.of = name; i.dataset.key = key; i.setAttribute("aria-label", `$${name} ${label}`); return el("td", {}, i); };
  const declare = () => {
    const bare = text().replace(/'(?:[^']|'')*'|--[^\n]*/g, ""), names = [...new Set([...bare.matchAll(/\$([a-z][a-z0-9_]{0,39})\b/g)].map((m) => m[1]))];
    const body = parameters.querySelector("tbody"), now = [...body.rows].map((r) => r.dataset.name);
    if (names.join() === now.join()) return;
    show(body, ...names.map((name) => {
      const p = kept.get(name) || { type: "date", minimum: "", maximum: "", choices: "", value: "" }, select = el("select", { className: "form-select" }, ...["date", "integer", "decimal", "text"].map((t) => el("option", { value: t, textContent: words[t], selected: t === p.type })));
      select.dataset.of = name; select.dataset.key = "type"; select.setAttribute("aria-label", `$${name}`);
      const row = el("tr", {}, el("th", { scope: "row", className: "mono", textContent: `$${name}` }), el("td", {}, select), field(name, "minimum", words.least, p.minimum), field(name, "maximum", words.most, p.maximum), field(name, "choices", words.choices, p.choices), field(name, "value", words.value, p.value));
      row.dataset.name = name; kept.set(name, p); return row;
    }));
    parameters.hidden = !names.length;
  };
  parameters.addEventListener("input", (e) => { kept.get(e.target.dataset.of)[e.target.dataset.key] = e.target.value; later(); });
  const given = () => {
    const names = [...parameters.querySelectorAll("tbody tr")].map((r) => r.dataset.name);
    return {
      request: board.request, sql: text(), holdings: [...document.querySelectorAll("input[name=holdings]:checked")].map((i) => i.value),
      parameters: names.map((name) => { const p = kept.get(name); return { name, type: p.type, minimum: p.minimum || "", maximum: p.maximum || "", choices: (p.choices || "").split(/[,，]/).map((c) => c.trim()).filter(Boolean) }; }),
      arguments: Object.fromEntries(names.map((name) => [name, kept.get(name).value || ""])),
    };
  };

  // Explanations: refusals stand at their clause and in the list.
  let marks = [], asked = 0, timer = 0;
  const refusals = (list) => el("ul", { className: "dev-refusals" }, ...list.map((r) => {
    const where = r.line ? el("button", { type: "button", className: "where", textContent: `${say("line", { n: r.line })}${r.clause ? ` · ${r.clause}` : ""}` }) : null;
    where?.addEventListener("click", () => { editor?.setCursor(r.line - 1, Math.max(0, (r.col || 1) - 1)); editor?.focus(); });
    return el("li", {}, where, where ? el("br") : null, r.message, r.article ? el("small", { className: "muted", textContent: ` ${r.article}` }) : null, r.remedy ? el("span", { className: "mend" }, el("b", { textContent: `${words.mend}：` }), r.remedy) : null);
  }));
  const mark = (list) => {
    marks.forEach((m) => m.clear()); editor?.clearGutter("dev-gutter");
    marks = editor ? list.filter((r) => r.line && r.line <= editor.lineCount()).map((r) => {
      const line = r.line - 1, from = Math.max(0, (r.col || 1) - 1), long = Math.max(1, (r.clause || "").split("\n")[0].length), whole = editor.getLine(line).length;
      editor.setGutterMarker(line, "dev-gutter", el("span", { className: "dev-mark", textContent: "!", title: r.message }));
      return editor.markText(CodeMirror.Pos(line, Math.min(from, Math.max(0, whole - 1))), CodeMirror.Pos(line, Math.min(whole, from + long)), { className: "sql-bad", title: r.message });
    }) : [];
  };
  const table = (heads, rows, figures = []) => el("div", { className: "dev-scroll", tabIndex: 0 }, el("table", { className: "listing inner" },
    el("thead", {}, el("tr", {}, ...heads.map((h, i) => el("th", { scope: "col", textContent: h, className: figures.includes(i) ? "num" : "" })))),
    el("tbody", {}, ...rows.map((r) => el("tr", {}, ...r.map((v, i) => el("td", { textContent: v === null ? "—" : String(v), className: figures.includes(i) ? "num" : "" })))))));
  const reason = (d) => { const [, word, k] = /^([a-z]+)(?:>=(\d+)|[:=].*)?$/.exec(d) || []; return words[word] ? say(word, { k }) : d; };
  const by = (column) => column.declassified_by.split(", ").map(reason).join(document.documentElement.lang === "en" ? ", " : "、");
  const explained = (found) => {
    at("dev-verdict").replaceChildren(el("span", { className: `tone tone-${found.allowed ? "force" : "stopped"}`, textContent: found.allowed ? words.allowed : words.refused }));
    mark(found.refusals || []);
    show(at("dev-explain"), found.allowed ? table([words.column, words.type, words.from, words.by], found.columns.map((c) => [c.name, c.type, c.sources.join(", "), by(c)])) : refusals(found.refusals || []));
  };
  const explain = async () => {
    const mine = ++asked;
    declare();
    if (!text().trim()) return;
    at("dev-verdict").textContent = words.checking;
    try { const found = await call("/develop/explain", given()); if (mine === asked) explained(found); } catch { if (mine === asked) at("dev-verdict").textContent = words.failed; }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(explain, 350); };
  editor?.on("change", () => { declare(); later(); dirty = true; });
  document.querySelectorAll("input[name=holdings]").forEach((i) => i.addEventListener("change", later));

  // Tries: asked, waited for, shown with what was suppressed.
  let dirty = false;
  const status = (words_) => { at("dev-status").textContent = words_; };
  const facts = (o) => el("p", { className: "dev-facts" }, el("span", {}, el("b", { textContent: say("rows", { n: o.total ?? o.rows }) })), el("span", { textContent: o.suppressed ? say("suppressed", { n: o.suppressed }) : words.none }), o.seconds === undefined ? null : el("span", { className: "muted", textContent: say("seconds", { n: o.seconds }) }));
  const plot = (names, rows, figures) => {
    const labels = names.map((_, i) => i).filter((i) => !figures.includes(i));
    if (!window.echarts || !labels.length || !figures.length || rows.length < 2 || rows.length > 60) return null;
    const box = el("div", { className: "dev-plot" });
    box.setAttribute("role", "img"); box.setAttribute("aria-label", names.join(", "));
    requestAnimationFrame(() => window.dianchi.draw(box, { categories: rows.map((r) => labels.map((i) => r[i]).join(" · ")), series: figures.slice(0, 3).map((i) => ({ name: names[i], data: rows.map((r) => (r[i] === null ? null : Number(r[i]))) })) }));
    return box;
  };
  const numeric = (rows, names) => names.map((_, i) => i).filter((i) => rows.length && rows.every((r) => r[i] === null || typeof r[i] === "number" || /^-?\d+(\.\d+)$/.test(r[i])));
  const tried = (o) => {
    status("");
    if (!o.allowed) { explained(o); show(at("dev-result"), refusals(o.refusals)); return; }
    const head = el("h3", { textContent: o.kind === "twin" ? words.twin : words.dry });
    if (o.kind === "dry") { show(at("dev-result"), head, facts(o), el("p", { className: "muted", textContent: say("sizes", { n: o.ledger_index }) }), table([words.column, words.type, words.by], o.columns.map((c) => [c.name, c.type, by(c)]))); return; }
    const figures = numeric(o.rows, o.names), lang = document.documentElement.lang === "en" ? "en" : "zh";
    show(at("dev-result"), head, facts(o), o.trust ? el("p", { className: "dev-trust", textContent: o.trust[lang] }) : null, o.rows.length ? table(o.names, o.rows, figures) : el("p", { textContent: words.empty }), o.total > o.rows.length ? el("p", { className: "muted small", textContent: say("cut", { n: o.rows.length }) }) : null, plot(o.names, o.rows, figures));
  };
  const attempt = async (kind) => {
    clearTimeout(timer); status(words.queued); at("dev-result-panel").scrollIntoView({ block: "nearest" });
    try {
      const asked_ = await call(`/develop/try/${kind}`, given());
      if (asked_.refusals) { status(""); show(at("dev-result"), refusals(asked_.refusals)); return; }
      for (let i = 0; i < 400; i += 1) {
        await wait(i < 20 ? 200 : 600);
        const { outcome } = await call(`/develop/tries/${asked_.key}`);
        if (outcome) { tried(outcome); return; }
      }
      status(words.failed);
    } catch { status(words.failed); }
  };
  document.querySelectorAll("[data-try]").forEach((b) => b.addEventListener("click", () => attempt(b.dataset.try)));

  // Save, run, watch, cancel.
  document.querySelector("[data-save]").addEventListener("click", async () => {
    const title = at("dev-title");
    if (!title.value.trim()) { status(words.title); title.focus(); return; }
    try {
      const done = await call("/develop/save", { ...given(), program: board.program, title: title.value, note: at("dev-note").value });
      if (done.refusals) { status(""); show(at("dev-result"), refusals(done.refusals)); return; }
      location.assign(done.url);
    } catch { status(words.failed); }
  });
  const watch = async (run) => {
    for (;;) {
      const bar = el("progress", { max: run.steps, value: Math.min(run.step, run.steps) }), stop = el("button", { type: "button", className: "btn btn-small", textContent: words.cancel });
      bar.setAttribute("aria-label", run.label);
      stop.addEventListener("click", async () => { stop.disabled = true; await call(`/develop/run/${run.code}/cancel`, {}).catch(() => null); });
      status(run.label);
      if (!run.under_way) {
        show(at("dev-result"), run.problems.length ? refusals(run.problems.map((message) => ({ message }))) : null, run.state === "isolated" ? facts(run) : null, el("p", {}, el("a", { className: "btn btn-primary", href: run.url, textContent: words.open })));
        return;
      }
      show(at("dev-result"), el("p", { textContent: `${board.steps[Math.min(run.step, board.steps.length - 1)]}　${say("step", { n: Math.min(run.step + 1, run.steps), m: run.steps })}` }), el("div", { className: "dev-bar" }, bar), stop);
      await wait(700);
      run = await call(`/develop/run/${run.code}`);
    }
  };
  document.querySelector("[data-start]").addEventListener("click", async () => {
    if (dirty) status(words.unsaved);
    try {
      const run = await call("/develop/start", { ...given(), program: board.program });
      if (run.refusals) { status(""); show(at("dev-result"), refusals(run.refusals)); return; }
      await watch(run);
    } catch { status(words.failed); }
  });
  document.querySelectorAll("[data-insert]").forEach((b) => b.addEventListener("click", () => { if (editor) { editor.replaceSelection(b.dataset.insert); editor.focus(); } }));
  declare(); dirty = false; explain();
})();
