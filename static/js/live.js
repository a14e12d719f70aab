// Keeps this screen up to date: hears each event of the session and tells the regions it concerns to fetch themselves.
// After a break it asks for everything since the last event that it saw, so nothing is missed.
const body = document.body;
let since = Number(body.dataset.revision);
let wait = 500;
let source;
let again;

function connect() {
  if (document.hidden) return;
  source = new EventSource(`${body.dataset.live}?since=${since}`);
  source.onopen = () => { wait = 500; showOffline(false); };
  source.onmessage = (message) => tell(JSON.parse(message.data));
  source.onerror = () => {
    source.close(); // the browser's own retry gives up for ever on some answers, and forgets what it saw
    showOffline(true);
    again = setTimeout(connect, wait);
    wait = Math.min(wait * 2, 8000);
  };
}

function tell({ revision, regions }) {
  since = Math.max(since, revision);
  for (const region of regions) body.dispatchEvent(new CustomEvent(`${region}-changed`));
}

let offline;
function showOffline(is) {
  clearTimeout(offline);
  const bar = document.querySelector("[data-offline]");
  if (!is) { bar.hidden = true; return; }
  offline = setTimeout(() => { bar.hidden = false; }, 1500); // a hiccup is not worth a fright
}

connect();
// A page that goes to sleep in the browser's back-forward cache wakes up with a dead stream.
addEventListener("pageshow", (event) => { if (event.persisted) { source?.close(); connect(); } });
addEventListener("pagehide", () => source?.close());
// A browser keeps six connections to one address, so a tab that nobody looks at gives its own back.
document.addEventListener("visibilitychange", () => {
  clearTimeout(again);
  source?.close();
  if (!document.hidden) connect();
});
