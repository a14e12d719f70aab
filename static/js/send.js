// Sends a form without leaving the page. The answer is {state, ...}: see matrix/views/saving.py; and "offline" when
// nothing came back, "fault" when the server stumbled, "page" when it answered with a page for people.
const body = document.body;
const HEADERS = { "X-Bewaar": "1" };
// A browser takes 64 kB along when a page is left, for all requests together.
const ONE_OF_MANY = 15_000;
const LAST = 60_000;

export async function post(action, data, { leaving = false } = {}) {
  data.set("csrfmiddlewaretoken", body.dataset.token);
  let answer = await once(action, data, leaving);
  if (answer.state === "token") { // it changes with each login
    const page = await freshPage();
    if (page === null) return { state: "offline" };
    if (!page.body.dataset.token) return { state: "away" };
    takeToken(page.body.dataset.token);
    data.set("csrfmiddlewaretoken", body.dataset.token);
    answer = await once(action, data, leaving);
  }
  return answer;
}

async function once(action, data, leaving) {
  let response;
  try {
    response = await fetch(action, { method: "POST", body: data, headers: HEADERS, redirect: "manual", keepalive: String(data).length < (leaving ? LAST : ONE_OF_MANY) });
  } catch { return { state: "offline" }; }
  if (response.type === "opaqueredirect") return { state: "away" };
  try { return await response.json(); } catch { return { state: response.status < 500 ? "page" : "fault" }; }
}

function takeToken(token) {
  body.dataset.token = token;
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
}

// A page as the server has it now; null without a connection.
export async function freshPage(address = location.href) {
  try {
    const response = await fetch(address, { headers: HEADERS, cache: "no-store" });
    return new DOMParser().parseFromString(await response.text(), "text/html");
  } catch { return null; }
}

// ---- the login ran out ----
const BACK = "veerkracht:terug";
export function loginLink() {
  const link = Object.assign(document.createElement("a"), { className: "tall-link", textContent: "Meld u weer aan" });
  const { login, who } = body.dataset;
  link.href = who === "begeleider" ? `${login}?next=${encodeURIComponent(location.pathname)}` : login;
  link.addEventListener("click", () => sessionStorage.setItem(BACK, location.href));
  return link;
}
// Who took the seat again comes at the page of the step, and goes on to where the text is.
const back = sessionStorage.getItem(BACK);
sessionStorage.removeItem(BACK);
if (back && back !== location.href && new URL(back).pathname.startsWith(body.dataset.home)) location.replace(back);

// ---- who went on to something else is not called back ----
let leaving = false;
addEventListener("beforeunload", () => { leaving = true; setTimeout(() => { leaving = false; }, 10_000); });
export const isLeaving = () => leaving;

// ---- try again what did not get through ----
const AGAIN = 5000;
export function whenItMayWork(tryAgain) {
  body.addEventListener("online-again", tryAgain);
  addEventListener("online", tryAgain);
  addEventListener("focus", tryAgain); // perhaps the login was renewed in another tab
  setInterval(tryAgain, AGAIN);
}
