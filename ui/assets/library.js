// The library: files are sent one after another, then read and indexed together.

import { part, tell, view } from "./page.js";

const MOST_BYTES = 200 * 1024 * 1024;
const MOST_FILES = 100;

const act = (name, data = {}) => tell("library", "submit", { act: name, ...data });

const list = (files) => {
  const words = part("library").querySelector("[data-drop]").dataset;
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
  target.replaceChildren(box);
  return { rows, words, done: () => target.replaceChildren() };
};

const add = async (files) => {
  if (!files.length) return;
  const { rows, words, done } = list(files);
  if (files.length > MOST_FILES) {
    rows[0](words.tooMany, "refused");
    return;
  }
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
  if (!refused) done();
  if (sent.length) act("add", { files: sent });
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
  files: (field) => add([...field.files]),
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
  add([...event.dataTransfer.files]);
});
