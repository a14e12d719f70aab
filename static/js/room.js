// The room as one: the clock that everyone sees, following the facilitator, and what the beamer shows.
const body = document.body;
const bar = () => document.querySelector("#kop");

// ---- the clock: by the server's time, because the clock of a phone may be wrong ----
let ahead = Number(body.dataset.now) * 1000 - performance.now();
function tick() {
  const clock = document.querySelector("[data-clock]");
  if (!clock) return;
  clock.hidden = !clock.dataset.until;
  if (clock.hidden) return;
  const left = Math.ceil((Number(clock.dataset.until) * 1000 - ahead - performance.now()) / 1000);
  const size = Math.abs(left);
  const text = `${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
  clock.textContent = left >= 0 ? `nog ${text}` : `${text} over tijd`;
  clock.classList.toggle("is-over", left < 0);
}
setInterval(tick, 500);
tick();

// ---- follow the facilitator, or look around by oneself ----
const AROUND = `veerkracht:rondkijken:${body.dataset.live}`;
const follows = () => sessionStorage.getItem(AROUND) === null;
let stage = body.dataset.stage;

function showFollowing() {
  const following = document.querySelector("[data-following]");
  if (!following) return;
  const here = !document.querySelector("[data-follow]");
  following.hidden = !(here && follows());
  const again = document.querySelector("[data-follow-again]");
  if (again) again.hidden = !(here && !follows());
}

// Words that are not sent yet would be out of sight: then only the button shows where the others are.
const isBusy = () => [...document.querySelectorAll("main textarea, main input[type=text]")].some((field) => field.value !== field.defaultValue || field === document.activeElement);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-look-around]")) sessionStorage.setItem(AROUND, "1");
  if (event.target.closest("[data-follow], [data-follow-again]")) sessionStorage.removeItem(AROUND);
  showFollowing();
});
body.addEventListener("live", ({ detail }) => {
  ahead = detail.now - performance.now();
  tick();
  const now = bar()?.dataset;
  if (!now || now.stageNow === stage) { showFollowing(); return; }
  const wasHere = body.dataset.stage === stage && stageOfPage() === stage;
  stage = now.stageNow;
  showFollowing();
  if (body.dataset.beamerTo !== undefined) return; // who leads goes by the own buttons
  if (wasHere && follows() && !isBusy()) location.assign(now.stagePage);
});
function stageOfPage() {
  return bar().dataset.part.split("/")[1];
}
showFollowing();

// ---- the beamer shows what the facilitator looks at ----
export function show(spotlight) {
  if (body.dataset.beamerTo === undefined || spotlight === body.dataset.shown) return;
  body.dataset.shown = spotlight;
  const data = new URLSearchParams({ spotlight, csrfmiddlewaretoken: body.dataset.token });
  fetch(body.dataset.beamerTo, { method: "POST", body: data }).catch(() => {});
}
if (body.dataset.shows) show(body.dataset.shows);
body.addEventListener("buurt", ({ detail }) => show(detail ? `area/${detail}` : body.dataset.shows));
