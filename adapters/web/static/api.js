/** The JSON interface of the local chat, and its stream of events. Knows nothing of the page. */

export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function request(path, body) {
  const options =
    body === undefined
      ? {}
      : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let response;
  try {
    response = await fetch(path, { ...options, cache: "no-store" });
  } catch {
    throw new ApiError("Circlet cannot be reached. Is it still running?", 0);
  }
  const data = await response.json().catch(() => ({}));
  if (!response.ok)
    throw new ApiError(data.error || `Something went wrong (${response.status}). Please try again.`, response.status);
  return data;
}

export const api = {
  state: () => request("/api/state"),
  messages: (conversation, as) =>
    request(`/api/conversations/${encodeURIComponent(conversation)}/messages?as=${encodeURIComponent(as)}`),
  command: (as, conversation, text) => request("/api/commands", { as, conversation, text }),
  press: (as, conversation, message, token) => request("/api/presses", { as, conversation, message, token }),
  submit: (as, conversation, token, values, message) =>
    request("/api/submissions", { as, conversation, token, values, ...(message ? { message } : {}) }),
  clock: (body) => request("/api/clock", body),
  read: (as, conversation) => request("/api/read", { as, conversation }),
};

const PATIENCE = 1500; // a blip is not worth a banner
const LONGEST = 10000;

/**
 * Follows the events of one person until closed. `on` has change(data), clock(data), state(data), and
 * connection(up, again): `again` says that events may have been missed before.
 */
export function follow(as, on) {
  let source = null;
  let retry = 0;
  let wait = 500;
  let complaint = 0;
  let lost = false;

  const open = () => {
    source = new EventSource(`/api/events?as=${encodeURIComponent(as)}`);
    for (const name of ["change", "clock", "state"]) {
      source.addEventListener(name, (event) => on[name](JSON.parse(event.data || "{}")));
    }
    source.addEventListener("open", () => {
      clearTimeout(complaint);
      complaint = 0;
      wait = 500;
      on.connection(true, lost);
      lost = false;
    });
    source.addEventListener("error", () => {
      lost = true;
      complaint ||= setTimeout(() => on.connection(false), PATIENCE);
      if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      clearTimeout(retry);
      retry = setTimeout(open, wait);
      wait = Math.min(wait * 2, LONGEST);
    });
  };
  open();
  return {
    close() {
      clearTimeout(retry);
      clearTimeout(complaint);
      source.close();
    },
  };
}
