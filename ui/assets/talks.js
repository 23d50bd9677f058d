// The list of earlier conversations.

import { busy, menu, tell, view } from "./page.js";

let typing;

export const talkActs = {
  talk: ({ dataset: { talk } }) => {
    if (busy()) return;
    view("chat");
    menu(false);
    tell("side", "select", { talk });
  },
  forget: ({ dataset: { talk } }) => tell("side", "edit", { talk, forget: true }),
};

export const talkForms = {
  rename: ({ dataset: { talk } }, { title }) => tell("side", "edit", { talk, title }),
};

export const talkInputs = {
  find: (field) => {
    clearTimeout(typing);
    typing = setTimeout(() => tell("side", "input", { search: field.value }), 250);
  },
};
