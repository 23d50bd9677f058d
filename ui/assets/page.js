// The page's behaviour. Gradio renders each part's HTML; `window.dalil.parts` holds for each one its
// element and how it tells Python of an event (see PART in ui/app.py). Controls say what they do by
// `data-act`, forms by `data-form`, fields by `data-change` and `data-input`.

import "./stream.js";
import { libraryActs, libraryChanges, libraryForms } from "./library.js";
import { talkActs, talkForms, talkInputs } from "./talks.js";

const root = document.documentElement;
const phone = window.matchMedia("(max-width: 56rem)");
const narrow = window.matchMedia("(max-width: 75rem)");
const parts = () => (window.dalil ??= { parts: {} }).parts;

export const tell = (part, event, data) => parts()[part]?.trigger(event, data);
export const part = (name) => document.querySelector(`#${name}`);
export const busy = () => part("log")?.querySelector(".turns")?.ariaBusy === "true";

/* Views and drawers */

export const view = (name) => {
  root.dataset.view = name;
  markView();
};

const markView = () =>
  document.querySelectorAll(".views [data-view]").forEach((button) => {
    if (button.dataset.view === (root.dataset.view ?? "chat")) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  });

let opener = null;

const drawer = (open) => {
  root.classList.toggle("source-open", open);
  if (!open) root.classList.remove("source-whole");
  const talk = part("talk");
  if (talk) talk.inert = open && phone.matches;
  if (open && phone.matches) part("source")?.querySelector(".close")?.focus({ preventScroll: true });
  else if (!open) document.querySelector(opener ?? "#question textarea")?.focus({ preventScroll: true });
};

export const menu = (open = !root.classList.contains("past-open")) => {
  root.classList.toggle("past-open", open);
  if (open) part("finder")?.querySelector("input")?.focus({ preventScroll: true });
};

/* Sources */

const cardOf = ({ turn, number, hit }) =>
  `.card[data-turn="${turn}"]${number === undefined ? `[data-hit="${hit}"]` : `[data-number="${number}"]`}`;

let chosen = null; // the source that is open, and what the log was when it was chosen

const shownLog = () =>
  `${part("log").querySelector(".turns")?.dataset.conversation} ${part("log").querySelectorAll(".turn").length}`;

// What a new sentence comes with shows the first source as the open one: it may be another by now.
const mark = () => {
  const log = part("log");
  const card = chosen?.log === shownLog() && log.querySelector(chosen.card);
  if (!card) return;
  log.querySelectorAll("[aria-current]").forEach((old) => old.removeAttribute("aria-current"));
  card.setAttribute("aria-current", "true");
};

const choose = (control, whole = false) => {
  const { turn, number, hit } = control.dataset;
  const choice = { turn: Number(turn), whole };
  if (number !== undefined) choice.number = Number(number);
  if (hit !== undefined) choice.hit = Number(hit);
  chosen = { card: cardOf(control.dataset), log: shownLog(), choice, tries: 0 };
  mark();
  root.classList.toggle("source-whole", whole);
  tell("log", "select", choice);
};

const open = (control) => {
  choose(control);
  if (control.closest("#source")) return;
  opener = control.classList.contains("card")
    ? cardOf(control.dataset)
    : `.reference[data-turn="${control.dataset.turn}"][data-number="${control.dataset.number}"]`;
  if (phone.matches) drawer(true);
};

const copy = async (control) => {
  const { copy: words, copied, failed } = control.dataset;
  const name = control.textContent;
  const done = await navigator.clipboard?.writeText(words).then(() => true, () => false);
  control.textContent = done ? copied : failed;
  setTimeout(() => (control.textContent = name), 2000);
};

// Up and down between the sources of an answer, opening each.
const step = (card, by) => {
  const cards = [...card.closest(".cards").querySelectorAll(".card")];
  const next = cards[cards.indexOf(card) + by];
  if (!next) return false;
  next.focus();
  if (!phone.matches) open(next);
  return true;
};

/* Questions */

// Gradio's box takes a value from outside only as if it were typed.
const edit = (control) => {
  const box = document.querySelector("#question textarea");
  box.value = control.closest(".search").querySelector("bdi").textContent;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
};

const example = (control) => {
  if (busy()) return;
  view("chat");
  tell("log", "example_select", { number: Number(control.dataset.number) });
};

const clear = () => {
  if (busy()) return;
  view("chat");
  menu(false);
  tell("log", "clear", {});
  document.querySelector("#question textarea")?.focus();
};

/* What a language model writes */

const writing = () => part("log")?.querySelector("[data-act=stop]");

// The button goes with the writing: the focus that it has must not be lost.
const stop = (control) => {
  control.disabled = true;
  tell("log", "stop", {});
};

let onStop = false;
document.addEventListener("focusin", (event) => (onStop = event.target.dataset?.act === "stop"));

const keepFocus = () => {
  if (!onStop || writing()) return;
  onStop = false;
  if (document.activeElement === document.body && !phone.matches) {
    document.querySelector("#question textarea")?.focus({ preventScroll: true });
  }
};

/* The frame */

const theme = () => {
  const dark = getComputedStyle(root).getPropertyValue("--dark").trim() === "1";
  root.dataset.theme = dark ? "light" : "dark";
  try {
    localStorage.setItem("dalil-theme", root.dataset.theme);
  } catch { /* private windows keep nothing: the theme holds until the page closes */ }
};

const language = (control) => {
  location.assign(control.getAttribute("href") + location.hash);
};

let called = null; // the turn that was just called wrong: its form is still to be brought into view

const judge = ({ dataset: { turn, kind } }) => {
  called = kind === "right" ? null : turn;
  tell("log", "like", { turn: Number(turn), kind });
};

const acts = {
  open, copy, edit, example, clear, theme, language, judge, stop,
  "open-whole": (control) => choose(control, true),
  view: (control) => view(control.dataset.view),
  menu: () => menu(),
  close: () => drawer(false),
  picture: () => part("source").querySelector(".page-picture")?.scrollIntoView({ block: "start" }),
  ...talkActs,
  ...libraryActs,
};
const forms = {
  comment: ({ dataset: { turn, kind } }, { comment }) =>
    tell("log", "like", { turn: Number(turn), kind, comment }),
  ...talkForms,
  ...libraryForms,
};
const changes = {
  collection: (field) => tell("head", "select", { collection: field.value }),
  ...libraryChanges,
};

document.addEventListener("click", (event) => {
  const control = event.target.closest?.("[data-act]");
  if (control) {
    if (control.matches("a")) event.preventDefault();
    acts[control.dataset.act]?.(control);
  } else if (phone.matches && root.classList.contains("source-open") && !event.target.closest?.("#source")) {
    drawer(false);
  } else if (root.classList.contains("past-open") && narrow.matches && !event.target.closest?.("#past")) {
    menu(false);
  }
  document.querySelectorAll("details.menu[open]").forEach((one) => one.contains(event.target) || (one.open = false));
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("form[data-form]");
  if (!form) return;
  event.preventDefault();
  forms[form.dataset.form]?.(form, Object.fromEntries(new FormData(form)));
  form.reset();
}, true);

document.addEventListener("change", (event) => {
  const field = event.target.closest?.("[data-change]");
  if (field) changes[field.dataset.change]?.(field);
});

document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-input]");
  if (field) talkInputs[field.dataset.input]?.(field);
});

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".card");
  if (card && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    if (step(card, event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
  } else if (event.key === "Escape") {
    const details = document.querySelector("details.menu[open], details.sure[open]");
    if (details) details.open = false;
    else if (root.classList.contains("source-whole") && !phone.matches) {
      part("source").querySelector("[data-act=open]")?.click();
    } else if (root.classList.contains("source-open") || root.classList.contains("source-whole")) drawer(false);
    else if (root.classList.contains("past-open")) menu(false);
    else if (root.dataset.view === "library") view("chat");
    else writing()?.click();
  }
});

phone.addEventListener("change", () => drawer(false));

/* What happens when a part shows something new */

// A choice that a person made outlasts what the page says since: another collection may be current.
const showHead = () => {
  markView();
  const choice = part("head").querySelector(".choice");
  const current = choice?.querySelector("option[selected]");
  if (current) choice.value = current.value;
};

// Only once: the log changes while somebody reads elsewhere in it, and a form may stay open.
const showForm = (log) => {
  const form = called !== null && log.querySelector(`.judging form[data-turn="${called}"]`);
  if (!form) return;
  called = null;
  form.scrollIntoView({ block: "nearest" });
};

const showLast = () => {
  const log = part("log");
  const last = log.querySelector(".turn:last-child");
  const turns = log.querySelector(".turns");
  if (turns) {
    const hash = turns.dataset.conversation ? `#c=${turns.dataset.conversation}` : "";
    if (hash || turns.querySelector(".turn")) {
      if (!busy()) history.replaceState(null, "", location.pathname + hash);
    } else if (arrived) history.replaceState(null, "", location.pathname);
  }
  const count = log.querySelectorAll(".turn").length;
  if (last && count !== shownTurns) {
    log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top - 16;
  }
  shownTurns = count;
  mark();
  keepFocus();
  showForm(log);
};

// Two choices made at once may be answered the wrong way round: then the latest is made again.
const insist = () => {
  const shown = part("source").querySelector(".acts [data-turn]");
  if (!shown || chosen?.log !== shownLog() || chosen.tries >= 3) return;
  if (cardOf(shown.dataset) === chosen.card && (shown.dataset.act === "open") === chosen.choice.whole) return;
  chosen.tries += 1;
  tell("log", "select", chosen.choice);
};

const showQuote = () => {
  insist();
  root.classList.toggle("source-whole", part("source").querySelector(".whole") !== null);
  const body = part("source").querySelector(".panel-body");
  const target = body?.querySelector("mark") ?? body?.querySelector(".passage");
  if (!target) return;
  body.scrollTop += target.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 3;
};

let arrived = false;
let shownTurns = 0;

// A page that is opened at a conversation's address asks for it once its list is there.
const arrive = () => {
  if (arrived || !part("side")?.querySelector(".talks, .none")) return;
  arrived = true;
  const talk = location.hash.match(/^#c=([\w-]+)$/)?.[1];
  if (talk) tell("side", "select", { talk });
};

const wait = () => {
  if (part("welcome").querySelector("[data-wait]")) tell("log", "tick", {});
};

const onShown = { head: showHead, log: showLast, source: showQuote, side: arrive, welcome: wait };

document.addEventListener("dalil:shown", ({ detail }) => onShown[detail]?.());

/* Whether the server is there */

let boot = null;

const beat = async () => {
  if (document.hidden) return;
  const said = await fetch("/dalil/health", { cache: "no-store" }).then((reply) => reply.json(), () => null);
  document.querySelectorAll(".lost").forEach((line) => (line.hidden = said !== null));
  root.classList.toggle("server-gone", said === null);
  if (said && boot && said.boot !== boot) location.reload();
  boot = said?.boot ?? boot;
};

beat();
setInterval(beat, 4000);
