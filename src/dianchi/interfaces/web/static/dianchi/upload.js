// Sends a file in pieces, each with its digest; what the server has is never sent again, also after a reload.
(() => {
  "use strict";
  const form = document.getElementById("upload");
  if (!form || !window.crypto?.subtle) return;
  const at = (id) => document.getElementById(id), words = JSON.parse(at("upload-words").textContent);
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const base = `/cases/supply/${form.dataset.load}/uploads`, size = Number(form.dataset.piece);
  const status = at("upload-status"), bar = at("upload-bar"), said = at("upload-said"), list = at("upload-problem"), stop = at("upload-stop");
  let running = false;

  const say = (word, done, total, unit) => {
    status.hidden = false;
    if (total) { bar.max = total; bar.value = done; } else { bar.removeAttribute("value"); }
    const mb = (n) => (n / 1048576).toLocaleString(undefined, { maximumFractionDigits: 1 });
    said.textContent = word + (unit ? ` · ${done.toLocaleString()} ${unit}` : total ? ` · ${mb(done)} / ${mb(total)} MB（${Math.floor(done / total * 100)}%）` : "");
  };
  const problems = (reasons) => {
    list.replaceChildren(...reasons.map((r) => Object.assign(document.createElement("li"), { textContent: r.message })));
  };
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (b) => b.toString(16).padStart(2, "0")).join("");
  const digest = async (data) => hex(await crypto.subtle.digest("SHA-256", data));
  const wait = (ms) => new Promise((go) => setTimeout(go, ms));

  const post = async (path, body, headers = {}) => {
    const answer = await fetch(base + path, { method: "POST", body, headers: { "X-CSRFToken": token, ...headers }, credentials: "same-origin" });
    const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : {};
    if (!answer.ok) throw Object.assign(new Error("refused"), { refusals: told.refusals || [{ message: String(answer.status) }], again: answer.status >= 500 });
    return told;
  };

  // The same file is known again by its size, its date and its first and last megabyte.
  const mark = async (file) => {
    const ends = [await file.slice(0, 1048576).arrayBuffer(), await file.slice(-1048576).arrayBuffer()];
    const text = `${file.name}|${file.size}|${file.lastModified}|${await digest(ends[0])}|${await digest(ends[1])}`;
    return digest(new TextEncoder().encode(text));
  };

  const send = async (file) => {
    let told = await post("", JSON.stringify({ name: file.name, size: file.size, mark: await mark(file) }));
    if (told.offset) { say(words.resumed, told.offset, file.size); await wait(600); }
    while (told.offset < file.size && running) {
      const piece = await file.slice(told.offset, told.offset + size).arrayBuffer();
      try {
        told = await post(`/${told.key}/pieces`, piece, { "X-Offset": String(told.offset), "X-SHA-256": await digest(piece), "Content-Type": "application/octet-stream" });
        say(words.sending, told.offset, file.size);
      } catch (error) {
        if (error.refusals && !error.again) throw error;
        say(words.again, told.offset, file.size); await wait(3000);
        told = await post("", JSON.stringify({ name: file.name, size: file.size, mark: await mark(file) })).catch(() => told);
      }
    }
    if (!running) { say(words.stopped, told.offset, file.size); return; }
    await post(`/${told.key}/finish`, "");
    await follow(told.key);
  };

  const follow = async (key) => {
    for (;;) {
      const now = await (await fetch(`${base}/${key}`, { credentials: "same-origin" })).json();
      if (now.state === "received") { say(words.received, 1, 1); location.reload(); return; }
      if (now.state === "refused") { say(words.refused, 0, 1); problems(now.problem); return; }
      say(words.receiving, now.rows, 0, words.rows); await wait(700);
    }
  };

  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const file = at("upload-file").files[0];
    if (!file || running) return;
    running = true; problems([]); stop.hidden = false;
    try { await send(file); } catch (error) { say(words.refused, 0, 1); problems(error.refusals || [{ message: words.again }]); }
    running = false; stop.hidden = true;
  });
  stop.addEventListener("click", () => { running = false; });
})();
