// The page's own password, where it has one. It needs nothing but this file and the style.

class PasswordForm extends HTMLElement {
  connectedCallback() {
    if (this.firstElementChild) return;
    const form = document.createElement("form");
    form.className = "password-form";
    const label = make("label", { for: "page-password" }, "Password of this page");
    const input = make("input", {
      id: "page-password",
      type: "password",
      autocomplete: "current-password",
      required: "",
    });
    const submit = make("button", { type: "submit", class: "primary" }, "Sign in");
    const problem = make("p", { class: "notice bad", role: "alert", hidden: "" });
    const hint = make("p", { class: "hint" }, "It is the setting http.password of the bridge.");
    form.append(label, input, hint, problem, submit);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      submit.disabled = true;
      const sentence = await signIn(input.value);
      submit.disabled = false;
      problem.hidden = sentence === null;
      problem.textContent = sentence ?? "";
      if (sentence === null) this.dispatchEvent(new Event("signed-in"));
      else input.select();
    });
    this.append(form);
  }
}

customElements.define("password-form", PasswordForm);

// On the page that has nothing else, the way in leads to what was asked for.
document.querySelector("password-form[data-alone]")?.addEventListener("signed-in", () => location.reload());

/** Says why it was refused, or null. */
async function signIn(password) {
  try {
    const response = await fetch("api/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ password }),
    });
    if (response.ok) return null;
    if (response.status === 401) return "This is not the password.";
    if (response.status === 429) return "Too many wrong passwords. Wait a minute and try again.";
    const { error } = await response.json().catch(() => ({}));
    return typeof error === "string" ? error : `The bridge answered with status ${response.status}.`;
  } catch {
    return "The bridge cannot be reached. Is it running?";
  }
}

function make(tag, attributes, text = "") {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}
