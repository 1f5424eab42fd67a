/** What a person does, and what its reply asks for: words that appeared, a form to open, problems to show. */

import { ApiError, api } from "./api.js";
import { openDialog, toast, whileBusy } from "./dom.js";
import { form } from "./forms.js";

/**
 * `at()` → {me, here}; `knows(conversation)`: may it be opened; `sync()` fetches what changed; `open(conversation)`;
 * `said()`: an answer stands at the end of the conversation.
 */
export function doing({ at, knows, sync, open, said }) {
  /** Does what a reply says. Answers the problems of a form, or null. */
  async function take(reply, origin) {
    switch (reply?.kind) {
      case "form":
        openForm(reply, origin);
        return null;
      case "errors":
        return reply.errors;
      case "say":
      case "replace":
        await sync();
        if (reply.conversation === at().here) {
          if (reply.kind === "say") said();
        } else if (knows(reply.conversation)) {
          const action = { label: "Show", run: () => open(reply.conversation) };
          toast("Circlet answered in another conversation.", { action });
        }
        return null;
      default:
        await sync();
        return null;
    }
  }

  function openForm(spec, origin) {
    const made = form(spec, {
      titled: false,
      me: at().me,
      cancel: () => dialog.close(),
      send: async (values) => {
        const errors = await submit(origin, spec.token, values);
        if (!errors) dialog.close();
        return errors;
      },
    });
    const dialog = openDialog(spec.title, made.node, "form-dialog");
    made.focus();
  }

  /** A submission; problems come back by field id, a failure as a problem of the whole form. */
  async function submit(origin, token, values) {
    try {
      const { reply } = await api.submit(at().me, at().here, token, values, origin);
      return await take(reply, origin);
    } catch (error) {
      return { "": error.message };
    }
  }

  function press(message, token, button) {
    return whileBusy(button, () =>
      trying(async () => {
        const { reply } = await api.press(at().me, at().here, message.id, token);
        tell(await take(reply, message.id));
      }),
    );
  }

  /** True when the command was taken; otherwise what was typed should stay. */
  async function command(text) {
    const answer = await trying(() => api.command(at().me, at().here, text));
    if (!answer) return false;
    const errors = await take(answer.reply, null);
    tell(errors);
    return !errors;
  }

  return { submit, press, command, trying, complain };
}

async function trying(work) {
  try {
    return await work();
  } catch (error) {
    complain(error);
    return undefined;
  }
}

function complain(error) {
  if (!(error instanceof ApiError)) console.error(error);
  toast(error.message, { bad: true });
}

function tell(errors) {
  if (errors) toast(Object.values(errors).filter(Boolean).join(" ") || "That did not work.", { bad: true });
}
