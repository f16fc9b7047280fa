// One phone: a small client of one network.

import { choice, clock, element, field, get, send, setOptions, word } from "./dom.js";

const BUSINESS = "business";

// kind: which action, whether it is private, needs one of the account's posts, may be done by whom.
const KINDS = {
  x: [
    { name: "mention", word: "kind_mention", action: "mention", personOnly: true },
    { name: "reply", word: "kind_reply", action: "reply", post: "to" },
    { name: "quote", word: "kind_quote", action: "quote", post: "of" },
    { name: "message", word: "kind_message", action: "message", private: true },
    { name: "post", word: "kind_post", action: "post", businessOnly: true },
  ],
  facebook: [
    { name: "comment", word: "kind_comment", action: "comment", post: "post", photo: true },
    { name: "message", word: "kind_private", action: "message", private: true, attachment: true },
    { name: "visitor-post", word: "kind_visitor_post", action: "post", personOnly: true },
    { name: "wall-mention", word: "kind_wall_mention", action: "mention", personOnly: true },
    { name: "post", word: "kind_post", action: "post", businessOnly: true },
  ],
  instagram: [
    { name: "comment", word: "kind_comment", action: "comment", post: "post" },
    { name: "message", word: "kind_direct", action: "message", private: true, attachment: true },
    { name: "story-reply", word: "kind_story_reply", action: "message", private: true, story: true, personOnly: true },
    { name: "story-mention", word: "kind_story_mention", action: "story-mention", private: true, wordless: true, personOnly: true },
    { name: "mention", word: "kind_wall_mention", action: "mention", personOnly: true },
    { name: "comment-mention", word: "kind_comment_mention", action: "mention", extra: { comment: true }, personOnly: true },
    { name: "post", word: "kind_post", action: "post", businessOnly: true },
    { name: "story", word: "kind_story", action: "story", businessOnly: true },
  ],
  tiktok: [
    { name: "comment", word: "kind_comment_video", action: "comment", post: "post" },
    { name: "message", word: "kind_direct", action: "message", private: true, attachment: true },
    { name: "post", word: "kind_video", action: "post", businessOnly: true },
  ],
};

// What a private message may carry, and the things that cannot be changed, taken back or hidden.
const ATTACHMENTS = {
  x: ["none"],
  facebook: ["none", "image", "audio", "file", "sticker"],
  instagram: ["none", "image", "video", "audio", "file", "sticker", "share"],
  tiktok: ["none", "image", "video", "sticker", "share"],
};
const EDITABLE = {
  x: ["post"],
  facebook: ["page_post", "comment", "message"],
  instagram: ["message"],
  tiktok: [],
};
const REACTION = { facebook: "👍", instagram: "❤️", tiktok: "👍" };

export class Phone {
  constructor(root) {
    this.root = root;
    this.network = root.dataset.network;
    this.kinds = KINDS[this.network];
    this.kind = this.kinds[0];
    this.target = null; // { mode: "reply" | "edit" | "answer", thing }
    this.posts = [];
    this.build();
  }

  id(name) {
    return `${this.network}-${name}`;
  }

  build() {
    const name = word(`network_${this.network}`);
    this.account = choice([], { name: "account" });
    this.author = choice([], { name: "author" });
    this.to = choice([], { name: "to" });
    this.post = choice([], { name: "post" });
    this.attachment = choice(
      ATTACHMENTS[this.network].map((kind) => [kind, word(`attachment_${kind}`)]),
    );
    this.photo = element("input", { type: "checkbox", id: this.id("photo") });
    this.text = element("textarea", {
      name: "text", dir: "auto", rows: "4", maxlength: "20000", placeholder: word("text_hint"),
    });
    this.status = element("p", { class: "status", role: "status" });
    this.kindList = element("div", { class: "kinds" });
    this.context = element("div", { class: "context", hidden: true });
    this.toField = field(this.id("to"), word("to_person"), this.to);
    this.postField = field(this.id("post"), word("which_post"), this.post);
    this.attachmentField = field(this.id("attachment"), word("attachment"), this.attachment);
    this.story = choice([], { name: "story" });
    this.storyField = field(this.id("story"), word("which_story"), this.story);
    this.textField = field(this.id("text"), word("text"), this.text);
    this.photoField = element("label", { class: "check" }, this.photo, word("with_photo"));
    this.submit = element("button", { class: "button primary", type: "submit" });
    this.cancel = element("button", {
      class: "button", type: "button", text: word("cancel"), hidden: true, onclick: () => this.aim(null),
    });
    this.kindField = element(
      "fieldset", {}, element("legend", { text: word("kind") }), this.kindList,
    );
    this.form = element(
      "form", {},
      element("div", { class: "pair" },
        field(this.id("account"), word("account"), this.account),
        field(this.id("author"), word("write_as"), this.author)),
      this.kindField, this.context, this.toField, this.postField, this.storyField,
      this.textField,
      this.attachmentField, this.photoField,
      element("div", { class: "actions" }, this.submit, this.cancel),
      this.status,
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.deliver();
    });
    this.empty = element("p", { class: "meta" });
    this.shownName = element("h3");
    this.things = element("ol", { class: "things", tabindex: "0", "aria-labelledby": this.id("shown") });
    this.shownName.id = this.id("shown");
    this.only = element("input", { type: "checkbox", id: this.id("only") });
    this.onlyField = element("label", { class: "check" }, this.only, word("only_person"));
    this.only.addEventListener("change", () => this.show());
    this.root.append(
      element("header", { class: "phone-head" },
        element("span", { class: "mark", "aria-hidden": "true", text: { facebook: "f", instagram: "Ig", tiktok: "Tt" }[this.network] ?? name }),
        element("h2", { id: this.id("name"), text: name }),
        element("span", { class: "badge", text: word("simulated") })),
      this.form,
      element("div", { class: "shown" }, this.shownName, this.onlyField, this.empty, this.things),
    );
    this.account.addEventListener("change", () => this.aim(null));
    this.author.addEventListener("change", () => this.arrange(true));
    this.to.addEventListener("change", () => this.show());
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
    });
    this.arrange();
  }

  /** New people and accounts, and whatever happened. */
  async update(state) {
    const accounts = state.accounts.filter((one) => one.network === this.network);
    // A network of which nothing is connected has no phone, unless there would be none at all.
    this.root.hidden = accounts.length === 0 && state.accounts.length > 0;
    this.form.hidden = accounts.length === 0;
    setOptions(this.account, accounts.map((one) => [one.account_id, `@${one.handle} · ${one.name}`]));
    const people = state.personas.map((one) => [one.key, one.name]);
    setOptions(this.to, people);
    setOptions(this.author, [...people, [BUSINESS, word("business")]]);
    if (accounts.length === 0) {
      this.empty.textContent = word("no_accounts");
      return;
    }
    await this.show();
  }

  nameOf(key) {
    return [...this.author.options].find((one) => one.value === key)?.textContent ?? key;
  }

  isBusiness() {
    return this.author.value === BUSINESS;
  }

  isPrivate() {
    if (this.target) return this.target.thing.kind === "message";
    return Boolean(this.kind.private);
  }

  /** Shows the fields that the kind needs. */
  arrange(reload = false) {
    const fitting = this.kinds.filter((kind) => (this.isBusiness() ? !kind.personOnly : !kind.businessOnly));
    if (!fitting.includes(this.kind)) this.kind = fitting[0];
    const signature = fitting.map((kind) => kind.name).join();
    if (this.kindList.dataset.kinds !== signature) {
      this.kindList.dataset.kinds = signature;
      this.kindList.replaceChildren(...fitting.map((kind) => element("label", {},
        element("input", {
          type: "radio", name: this.id("kind"), value: kind.name,
          onchange: () => { this.kind = kind; this.arrange(true); },
        }), word(kind.word))));
    }
    for (const radio of this.kindList.querySelectorAll("input")) radio.checked = radio.value === this.kind.name;
    const aimed = this.target !== null;
    const edits = aimed && this.target.mode === "edit";
    this.kindField.hidden = aimed;
    this.context.hidden = !aimed;
    this.toField.hidden = aimed || !this.kind.private || !this.isBusiness();
    this.postField.hidden = aimed || !this.kind.post;
    this.attachmentField.hidden = aimed || !this.kind.attachment;
    this.photoField.hidden = aimed || !this.kind.photo;
    this.storyField.hidden = aimed || !this.kind.story;
    this.textField.hidden = !aimed && Boolean(this.kind.wordless);
    this.cancel.hidden = !aimed;
    this.submit.textContent = word(edits ? "save" : "send");
    if (reload) this.show();
  }

  /** Replies to or edits one thing; null goes back to writing something new. */
  aim(target) {
    this.target = target;
    if (target) {
      const label = word(target.mode === "edit" ? "editing" : "answering");
      this.context.replaceChildren(
        element("span", { class: "meta", text: label }),
        element("p", { dir: "auto", text: target.thing.text }),
      );
      if (target.mode === "edit") this.text.value = target.thing.words;
      this.text.focus();
    }
    this.arrange(true);
  }

  /** The customer whom a thing of the business concerns answers it. */
  answer(thing) {
    this.author.value = thing.customer;
    // The inbox stays in view after the answer.
    if (thing.kind === "message") this.kind = this.kinds.find((kind) => kind.private);
    this.aim({ mode: "answer", thing });
  }

  /** The same, from the list of what the business did. */
  answerCall(call) {
    const isMessage = ["direct_message", "message", "private_reply"].includes(call.kind);
    this.account.value = call.account;
    this.answer({
      id: call.external_id, kind: isMessage ? "message" : "post", text: call.text, customer: call.customer.key,
    });
    this.root.scrollIntoView({ block: "nearest" });
  }

  /** What to ask of the API. */
  wish() {
    const author = this.author.value;
    const text = this.text.value;
    if (this.target?.mode === "answer") {
      return ["answer", { to: this.target.thing.id, author: author || this.target.thing.customer, text }];
    }
    if (this.target?.mode === "edit") return ["edit", { id: this.target.thing.id, text }];
    if (this.target) return ["reply", { author, to: this.target.thing.id, text }];
    const body = this.kind.wordless ? { author } : { author, text, ...this.kind.extra };
    if (this.kind.story) body.story = this.story.value;
    if (this.kind.post) body[this.kind.post] = this.post.value;
    else body.account = this.account.value;
    if (this.kind.private && this.isBusiness()) body.to = this.to.value;
    if (this.kind.attachment && this.attachment.value !== "none") body.attachment = this.attachment.value;
    if (this.kind.photo) body.photo = this.photo.checked;
    return [this.kind.action, body];
  }

  async deliver() {
    const [action, body] = this.wish();
    this.submit.disabled = true;
    const done = await this.ask(action, body);
    this.submit.disabled = false;
    if (!done) return;
    this.text.value = "";
    this.photo.checked = false;
    this.attachment.value = "none";
    this.aim(null);
  }

  async ask(action, body) {
    try {
      const path = action === "answer" ? action : `${this.network}/${action}`;
      const performed = await send("POST", path, body);
      delete this.status.dataset.failed;
      this.status.textContent = word(performed.updates > 0 ? "sent" : "sent_silently");
      await this.show();
      return true;
    } catch (refusal) {
      this.status.dataset.failed = "";
      this.status.textContent = refusal.message;
      return false;
    }
  }

  /** Loads and draws what this network shows. */
  async show() {
    const account = this.account.value;
    if (!account) return;
    const persona = this.isBusiness() ? this.to.value : this.author.value;
    const isPrivate = this.isPrivate();
    const query = { network: this.network, account };
    this.onlyField.hidden = isPrivate || this.isBusiness();
    const isFiltered = this.only.checked && !this.onlyField.hidden;
    const [threads, messages] = await Promise.all([
      get("threads", isFiltered ? { ...query, persona } : query),
      isPrivate ? get("inbox", { ...query, persona }) : [],
    ]);
    const own = threads.filter((one) => !one.deleted && one.author.key === BUSINESS);
    const named = (one) => [one.id, shorten(one.text)];
    setOptions(this.post, own.filter((one) => one.kind !== "story").map(named));
    setOptions(this.story, own.filter((one) => one.kind === "story").map(named));
    const theirs = (one) => one.author.key === persona || one.answers.some(theirs);
    const shown = isPrivate ? messages : threads.filter((one) => !isFiltered || theirs(one));
    this.shownName.textContent = word(isPrivate ? "private" : "threads");
    this.empty.textContent = word(isPrivate ? "private_empty" : "threads_empty");
    this.empty.hidden = shown.length > 0;
    const drawn = JSON.stringify([persona, this.isBusiness(), isPrivate, shown]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const focused = document.activeElement?.dataset?.tool;
    this.things.replaceChildren(...shown.map((one) => this.draw(one)));
    if (focused) this.things.querySelector(`[data-tool="${CSS.escape(focused)}"]`)?.focus();
    if (isPrivate) this.things.scrollTop = this.things.scrollHeight;
  }

  draw(thing) {
    const isOwn = thing.author.key === BUSINESS;
    const who = element("p", { class: "who" },
      element("strong", {}, element("bdi", { text: thing.author.name })),
      isOwn ? element("span", { class: "chip", text: word(thing.by_call ? "is_business_by_call" : "is_business") }) : null,
      element("time", { class: "meta", datetime: thing.at, text: clock(thing.at) }),
      thing.kind === "story" ? element("span", { class: "chip", text: word("kind_story") }) : null,
      thing.story ? element("span", { class: "chip", "data-mark": `story-${thing.story}`, text: word(`story_${thing.story}`) }) : null,
      thing.edited ? element("span", { class: "chip", text: word("edited") }) : null,
      thing.hidden ? element("span", { class: "chip", "data-mark": "hidden", text: word("hidden") }) : null,
      ...["liked", "reposted", "followed"].map((mark) => this.mark(thing, mark)),
      thing.reaction ? element("span", { text: thing.reaction }) : null);
    const text = thing.deleted ? element("p", { class: "meta", text: word("deleted") })
      : element("p", { class: "words", dir: "auto", text: thing.text });
    const quoted = thing.quoted && !thing.deleted
      ? element("blockquote", { class: "quoted" }, element("p", { class: "words", dir: "auto", text: thing.quoted }))
      : null;
    const media = thing.attachment && !thing.deleted ? this.media(thing.attachment) : null;
    const answers = thing.answers.length === 0 ? null
      : element("ol", { class: "things" }, ...thing.answers.map((one) => this.draw(one)));
    return element("li", {},
      element("article", { class: isOwn ? "thing own" : "thing", "data-id": thing.id }, who, text, quoted, media, this.tools(thing)),
      answers);
  }

  /** What accounts of the business did to it, or to its author. */
  mark(thing, mark) {
    const by = thing[`${mark}_by`];
    if (by.length === 0) return null;
    const names = by.map((handle) => `@${handle}`).join(", ");
    return element("span", { class: "chip", "data-mark": mark, title: names, text: word(mark) });
  }

  media(kind) {
    if (kind === "image" || kind === "sticker") {
      return element("img", { class: "photo", src: `/playground/media/${kind}`, alt: word(`attachment_${kind}`) });
    }
    return element("a", { href: `/playground/media/${kind}`, text: word(`attachment_${kind}`) });
  }

  tools(thing) {
    if (thing.deleted) return null;
    const tool = (key, act, places = {}) => element("button", {
      class: "button quiet", type: "button", "data-tool": `${key}/${thing.id}`, onclick: act,
      "aria-label": `${word(`action_${key}`, places)}: ${shorten(thing.text || thing.author.name)}`,
      text: word(`action_${key}`, places),
    });
    const isX = this.network === "x";
    const isOwn = thing.author.key === BUSINESS;
    const tools = [];
    if (isOwn && thing.customer) tools.push(tool("answer", () => this.answer(thing), { name: this.nameOf(thing.customer) }));
    const answered = ["post", "comment"].includes(thing.kind) || (this.network === "instagram" && thing.kind === "wall_post");
    if (answered) tools.push(tool("reply", () => this.aim({ mode: "reply", thing })));
    if (EDITABLE[this.network].includes(thing.kind)) {
      tools.push(tool("edit", () => this.aim({ mode: "edit", thing })));
    }
    if (thing.kind !== "message" && thing.kind !== "wall_post") {
      tools.push(tool("delete", () => this.ask(isX ? "delete" : "remove", { id: thing.id })));
    }
    if (thing.kind === "comment") {
      const key = thing.hidden ? "unhide" : "hide";
      tools.push(tool(key, () => this.ask(key, { id: thing.id })));
    }
    if (this.network === "instagram" && thing.kind === "message") {
      tools.push(tool("unsend", () => this.ask("unsend", { id: thing.id })));
    }
    if (!isX && thing.kind === "message" && isOwn && !this.isBusiness()) {
      const emoji = REACTION[this.network];
      const body = { author: this.author.value, id: thing.id, emoji, withdraw: Boolean(thing.reaction) };
      tools.push(tool("react", () => this.ask("react", body), { emoji }));
    }
    if (thing.permalink) {
      tools.push(element("a", {
        class: "button quiet", href: thing.permalink,
        "aria-label": `${word("action_open")}: ${shorten(thing.text)}`, text: word("action_open"),
      }));
    }
    return element("div", { class: "tools" }, ...tools);
  }
}

function shorten(text) {
  const letters = [...text];
  return letters.length > 60 ? `${letters.slice(0, 59).join("")}…` : text;
}
