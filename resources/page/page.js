"use strict";
// The server writes the page; this asks for it again whenever there is another answer.
const AGAIN_MS = 3000;
const token = decodeURIComponent(location.hash.slice(1));
const headers = token ? { Authorization: `Bearer ${token}` } : {};

async function show() {
  const reply = await fetch(location.pathname, { headers });
  if (!reply.ok) return;
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const [now, next] = [document, page].map((one) => one.querySelector("main"));
  if (now.innerHTML !== next.innerHTML) now.replaceChildren(...next.childNodes);
}

async function listen() {
  const reply = await fetch("/events", { headers });
  if (!reply.ok) return;
  await show(); // what came before it was listened to
  let rest = "";
  for (const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    const told = (rest + value).split("\n\n");
    rest = told.pop();
    if (told.some((one) => /^event: answer$/m.test(one))) await show();
  }
}

async function follow() {
  for (;;) {
    try {
      await show();
      // who is not connected would ring the owner's bell there
      if (document.querySelector(".answer")) await listen();
    } catch (error) {
      console.warn("Frame Backend is not reached:", error);
    }
    await new Promise((later) => setTimeout(later, AGAIN_MS));
  }
}

addEventListener("hashchange", () => location.reload());
follow();
