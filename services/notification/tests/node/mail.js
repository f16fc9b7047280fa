// A mail server: takes every mail, and prints what a mail program makes of it, one JSON line each.
import { Parser } from "htmlparser2";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

// Every element with its attributes, and what is read between them.
const shown = (html) => {
  const tags = [];
  let text = "";
  const parser = new Parser({
    onopentag: (name, attributes) => tags.push([name, attributes]),
    ontext: (piece) => (text += piece),
    oncomment: () => tags.push(["comment", {}]),
    onprocessinginstruction: (name) => tags.push([name, {}]),
  });
  parser.end(html);
  return { tags, words: text };
};

const server = new SMTPServer({
  authOptional: true,
  allowInsecureAuth: true,
  disabledCommands: ["STARTTLS"],
  onAuth: ({ username, password }, session, done) =>
    username === "care" && password === "secret" ? done(null, { user: username }) : done(new Error("no")),
  onRcptTo: ({ address }, session, done) => {
    const refused = address.startsWith("nobody@");
    const error = Object.assign(new Error("no such mailbox"), { responseCode: 550 });
    done(refused ? error : null);
  },
  onData: async (stream, session, done) => {
    const mail = await simpleParser(stream);
    say({
      user: session.user ?? null,
      envelope: session.envelope.rcptTo.map(({ address }) => address),
      from: mail.from.text,
      to: mail.to.text,
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      ...shown(mail.html),
      headers: mail.headerLines.map(({ key }) => key).sort(),
      name: mail.to.value.map(({ name }) => name).join(),
      files: mail.attachments.length,
      auto: mail.headers.get("auto-submitted"),
      recipients: [mail.to, mail.cc, mail.bcc].filter(Boolean).flatMap(({ value }) => value.map(({ address }) => address)),
    });
    done();
  },
});
server.listen(0, "127.0.0.1", () => say({ port: server.server.address().port }));
