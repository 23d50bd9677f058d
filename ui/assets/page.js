// Runs once in the conversation and once in the source panel, as a Gradio `js_on_load`:
// `element` is the component's own element, `trigger` sends an event to Python and `watch` runs
// after the component shows a new value.
const panel = element.closest("#source");

if (panel) {
  watch("value", () => {
    const body = panel.querySelector(".panel-body");
    const target = panel.querySelector("mark") ?? panel.querySelector(".passage");
    if (!body) return;
    const above = target ? target.getBoundingClientRect().top - body.getBoundingClientRect().top : 0;
    body.scrollTop += above - body.clientHeight / 3;
  });
} else {
  const root = document.documentElement;
  const phone = window.matchMedia("(max-width: 56rem)");
  let opener = null;

  window.dalilListening?.abort(); // Gradio may build the page again: listen once
  window.dalilListening = new AbortController();
  const { signal } = window.dalilListening;

  const busy = () => element.querySelector(".turns")?.getAttribute("aria-busy") === "true";

  const drawer = (open) => {
    root.classList.toggle("source-open", open);
    const talk = document.querySelector("#talk");
    if (talk) talk.inert = open;
    if (open) document.querySelector("#source .close")?.focus({ preventScroll: true });
    else opener?.focus({ preventScroll: true });
  };

  const open = (control) => {
    const { turn, number, hit } = control.dataset;
    const choice = { turn: Number(turn) };
    if (number !== undefined) choice.number = Number(number);
    if (hit !== undefined) choice.hit = Number(hit);
    element.querySelectorAll("[aria-current]").forEach((old) => old.removeAttribute("aria-current"));
    const which = number === undefined ? `[data-hit="${hit}"]` : `[data-number="${number}"]`;
    element.querySelector(`.card[data-turn="${turn}"]${which}`)?.setAttribute("aria-current", "true");
    trigger("select", choice);
    opener = control;
    if (phone.matches) drawer(true);
  };

  // Gradio's box takes a value from outside only as if it were typed.
  const edit = (control) => {
    const box = document.querySelector("#question textarea");
    box.value = control.closest(".search").querySelector("bdi").textContent;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
  };

  const acts = {
    open,
    edit,
    close: () => drawer(false),
    example: (control) => busy() || trigger("example_select", { number: Number(control.dataset.number) }),
    clear: () => busy() || trigger("clear"),
  };

  document.addEventListener("click", (event) => {
    const control = event.target.closest?.("[data-act]");
    if (control) acts[control.dataset.act]?.(control);
    else if (root.classList.contains("source-open") && !event.target.closest?.("#source")) drawer(false);
  }, { signal });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.classList.contains("source-open")) drawer(false);
  }, { signal });

  phone.addEventListener("change", () => drawer(false), { signal });

  watch("value", () => {
    const last = element.querySelector(".turn:last-child");
    const scroller = document.querySelector("#log");
    if (!last || !scroller) return;
    const above = last.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop += above - 16;
  });
}
