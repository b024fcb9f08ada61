// The control API of the local Bot API server, and its stream of events.

export class Refused extends Error {}

async function ask(method, path, body) {
  const options = { method };
  if (body instanceof FormData) options.body = body;
  else if (body) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const response = await fetch("/control" + path, options);
  const answer = await response.json();
  if (!response.ok) throw new Refused(answer.error || response.statusText);
  return answer;
}

export const state = () => ask("GET", "/state");
export const chat = (id) => ask("GET", `/chats/${id}`);
export const join = (first_name, language_code) => ask("POST", "/shoppers", { first_name, language_code });
export const act = async (id, what, body = {}) => (await ask("POST", `/chats/${id}/${what}`, body)).result;
export const picture = (fileId) => `/pictures/${encodeURIComponent(fileId)}`;

// EventSource connects again by itself; every new connection starts with "hello", upon which all is read anew.
export function listen({ hello, event, lost }) {
  const source = new EventSource("/control/events");
  source.addEventListener("hello", hello);
  source.addEventListener("message", (message) => event(JSON.parse(message.data)));
  source.addEventListener("error", () => {
    lost();
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(() => listen({ hello, event, lost }), 1500);
    }
  });
}
