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
