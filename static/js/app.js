// Small behaviours; every page works without them.

// Copy buttons: <button class="copy" data-copy="text">
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Press Ctrl+C";
  }
  announce(button.textContent);
  setTimeout(() => { button.textContent = label; }, 1500);
});

// Confirm a dangerous form: <form data-confirm="Really?">
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// "/" goes to the search box, Escape closes menus, a click elsewhere too.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const box = document.querySelector("main input[type=search]") || document.querySelector("input[type=search]");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  }
  if (event.key === "Escape") closeMenus(null);
});
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
function closeMenus(except) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
}

function announce(text) {
  const region = document.getElementById("announce");
  if (region) region.textContent = text;
}

// Comments below their lines: the + of a line fetches the form, Shift takes the lines up to it along.
document.addEventListener("click", (event) => {
  const plus = event.target.closest("a.say");
  if (!plus || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const row = plus.closest("tr");
  const section = row.closest("section");
  const open = section.querySelector("form.say-form");
  if (event.shiftKey && open) {
    const lines = [open.elements.first, open.elements.line];
    const line = Number(new URL(plus.href).searchParams.get("line"));
    lines[line < Number(lines[0].value) ? 0 : 1].value = line;
    return;
  }
  htmx.ajax("GET", plus.href, { target: row, swap: "afterend" });
});
// A form that opens takes the caret, as `autofocus` does on a page of its own.
document.addEventListener("htmx:afterSwap", (event) => {
  (event.detail.elt.nextElementSibling?.querySelector("[data-autofocus]") || event.detail.elt.querySelector?.("[data-autofocus]:only-of-type"))?.focus();
});
document.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector("[data-autofocus]")?.focus();
}, true);
// What was refused comes with this status, and is shown where it was sent from.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, boosted } = event.detail;
  if (xhr.status === 422 || (boosted && xhr.status >= 400 && xhr.status < 500)) { event.detail.shouldSwap = true; event.detail.isError = false; }
});
document.addEventListener("click", (event) => {
  const cancel = event.target.closest("[data-close]");
  if (cancel) { event.preventDefault(); cancel.closest(cancel.dataset.close).remove(); }
  const suggest = event.target.closest("[data-suggest]");
  if (suggest) beginSuggestion(suggest.closest("form"));
});
// The lines as they are, between the marks of a suggestion, to be changed.
function beginSuggestion(form) {
  const [first, last] = [Number(form.elements.first.value), Number(form.elements.line.value)];
  const numbers = [...form.closest("table").querySelectorAll("td.n + td.t:not(.del)")];
  const lines = numbers.filter((cell) => {
    const number = Number(cell.previousElementSibling.textContent);
    return number >= first && number <= last;
  });
  const box = form.elements.body;
  box.value = `${box.value}\n\`\`\`suggestion\n${lines.map((cell) => cell.textContent).join("\n")}\n\`\`\`\n`.trimStart();
  box.rows = Math.min(lines.length + 5, 20);
  box.focus();
}
// Ctrl+Enter sends the form one writes in; a choice with data-submit sends its own.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
    event.target.form?.requestSubmit();
  }
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

// Keys of lists and reviews; "?" shows them.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) return;
  const keys = document.getElementById("keys");
  if (!keys) return;
  const stops = [...document.querySelectorAll("[data-stop]")];
  const at = stops.indexOf(document.activeElement.closest("tr")?.querySelector("[data-stop]"));
  const acts = {
    "?": () => keys.showModal(),
    j: () => stops[Math.min(at + 1, stops.length - 1)]?.focus(),
    k: () => stops[Math.max(at - 1, 0)]?.focus(),
    x: () => stops[at]?.closest("tr").querySelector("input[type=checkbox]")?.click(),
    a: () => document.querySelector("[data-approve]")?.focus(),
    n: () => document.querySelector("[data-next]")?.click(),
  };
  if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
});

// Publishing: drop a folder or an archive; the paths travel beside the files.
const ARCHIVE = /\.(zip|skill|tar|gz|tgz|zst)$/i;
// Thousands of files that no skill keeps: an empty one travels in their place, so that the server says so.
const NOT_SENT = /(^|\/)(\.git|\.hg|\.svn|\.venv|node_modules|__pycache__)\//i;
function readyDrop() {
  const drop = document.querySelector("[data-drop]");
  if (!drop) return;
  const form = drop.closest("form");
  const status = drop.querySelector("[data-drop-status]");
  drop.querySelectorAll("input[type=file]").forEach((input) => {
    input.addEventListener("change", () => send([...input.files].map((file) => [file.webkitRelativePath || file.name, file])));
  });
  ["dragenter", "dragover"].forEach((name) => drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); }));
  ["dragleave", "drop"].forEach((name) => drop.addEventListener(name, () => drop.classList.remove("over")));
  drop.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
    const found = [];
    for (const entry of entries) await walk(entry, found);
    send(found);
  });
  async function walk(entry, found) {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      found.push([entry.fullPath.replace(/^\//, ""), file]);
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const batch = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!batch.length) return;
      for (const child of batch) await walk(child, found);
    }
  }
  function withoutHistory(files) {
    const folders = new Set();
    const kept = files.filter(([path]) => {
      const found = NOT_SENT.exec(path);
      if (found) folders.add(path.slice(0, found.index + found[0].length));
      return !found;
    });
    return [...kept, ...[...folders].map((folder) => [`${folder}all`, new File([], "all")])];
  }
  function send(files) {
    if (!files.length) return;
    const data = new FormData(form);
    ["files", "bundle"].forEach((name) => data.delete(name));
    files = withoutHistory(files);
    if (files.length === 1 && ARCHIVE.test(files[0][0])) {
      data.append("bundle", files[0][1]);
    } else {
      files.forEach(([path, file]) => { data.append("files", file, file.name); data.append("paths", path); });
    }
    status.textContent = `Checking ${files.length === 1 ? "one file" : files.length + " files"} …`;
    fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } })
      .then(async (response) => {
        const page = await response.text();
        if (response.redirected) { window.location = response.url; return; }
        const next = new DOMParser().parseFromString(page, "text/html");
        document.querySelector("main").replaceWith(next.querySelector("main"));
        document.querySelector("main h1").focus();
        readyDrop();
      })
      .catch(() => { status.textContent = "The upload did not arrive. Try again."; });
  }
}
readyDrop();

// On narrow screens the tab one is on may lie outside the strip.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
