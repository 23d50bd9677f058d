// The library: files are sent one after another, then read and indexed together.

import { part, tell, view } from "./page.js";

const MOST_BYTES = 200 * 1024 * 1024;
const MOST_FILES = 100;

const act = (name, data = {}) => tell("library", "submit", { act: name, ...data });

const list = (files) => {
  const box = document.createElement("ul");
  box.className = "files sending";
  const rows = files.map((file) => {
    const row = document.createElement("li");
    const name = document.createElement("bdi");
    const state = document.createElement("span");
    name.textContent = file.name;
    state.className = "state";
    row.append(name, " ", state);
    box.append(row);
    return (said, kind = "") => {
      state.textContent = said;
      row.className = kind;
    };
  });
  const target = part("sending").querySelector("section");
  target.querySelectorAll(".ended").forEach((old) => old.remove());
  target.append(box);
  return { rows, end: (refused) => (refused ? box.classList.add("ended") : box.remove()) };
};

// Work goes on also while the page shows none, because it has turned to another collection.
let working = false;
let shows = 0; // how often work was shown

document.addEventListener("dalil:shown", ({ detail }) => {
  const work = detail === "work" && part("work").querySelector(".work");
  if (!work) return;
  working = work.ariaBusy === "true";
  shows += 1;
});

const pause = () => new Promise((go) => setTimeout(go, 200));

const idle = async () => {
  while (working) await pause();
};

// Until the page shows what becomes of the files; a refusal like the one before shows nothing new.
const begun = async (before) => {
  for (let tries = 0; tries < 100 && shows === before; tries += 1) await pause();
};

const send = async (files, words, { rows, end }) => {
  await idle();
  const sent = [];
  let refused = 0;
  for (const [place, file] of files.entries()) {
    const known = words.kinds.split(",").some((ending) => file.name.toLowerCase().endsWith(ending));
    if (!known || file.size > MOST_BYTES) {
      rows[place](known ? words.tooLarge : words.unknownKind, "refused");
      refused += 1;
      continue;
    }
    rows[place](words.sending, "reading");
    try {
      const { path } = await window.dalil.parts.library.upload(file);
      sent.push({ name: file.name, path });
      rows[place]("✓", "read");
    } catch {
      rows[place](words.failed, "refused");
      refused += 1;
    }
  }
  end(refused);
  if (!sent.length) return;
  await idle(); // sending takes its time, and something else may have begun meanwhile
  const before = shows;
  act("add", { files: sent, collection: words.collection });
  await begun(before);
};

let last = Promise.resolve(); // one batch after another: the server refuses a second one meanwhile

// The zone's words and its collection are those of this moment: the page may turn to another one.
const add = (files, zone) => {
  if (!files.length) return;
  const words = { ...zone.dataset };
  const shown = list(files);
  if (files.length > MOST_FILES) {
    shown.rows[0](words.tooMany, "refused");
    shown.end(1);
    return;
  }
  shown.rows.forEach((say) => say(words.waiting));
  last = last.then(() => send(files, words, shown)).catch(console.error);
};

export const libraryActs = {
  collection: ({ dataset: { collection } }) => tell("head", "select", { collection }),
  refresh: () => act("refresh"),
  rebuild: () => act("rebuild"),
  check: () => act("check"),
  "drop-collection": () => act("delete"),
  remove: ({ dataset: { source } }) => act("remove", { source }),
};

export const libraryForms = {
  create: (_form, { name }) => act("create", { name }),
  "rename-collection": (_form, { name }) => act("rename", { name }),
};

export const libraryChanges = {
  files: (field) => {
    const files = [...field.files];
    field.value = ""; // else the same file, chosen again, would be no change
    add(files, field.closest("[data-drop]"));
  },
};

const over = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

document.addEventListener("dragover", (event) => {
  if (!over(event)) return;
  event.preventDefault(); // else the browser would leave the page for the file
  part("library")?.querySelector("[data-drop]")?.classList.toggle("over", true);
});

document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) part("library")?.querySelector("[data-drop]")?.classList.remove("over");
});

document.addEventListener("drop", (event) => {
  if (!over(event)) return;
  event.preventDefault();
  const zone = part("library")?.querySelector("[data-drop]");
  zone?.classList.remove("over");
  if (!zone) return;
  view("library");
  add([...event.dataTransfer.files], zone);
});
