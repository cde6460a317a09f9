import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LoginPage } from "@/features/auth/LoginPage";
import { setLocale } from "@/lib/locale";
import { fakeServer, makeMe, renderPage } from "../make";

beforeEach(() => setLocale("en"));
afterEach(() => vi.unstubAllGlobals());

describe("logging in", () => {
  test("sends what was typed and goes on", async () => {
    const bodies: unknown[] = [];
    const server = fakeServer({
      "POST /api/auth/login": (body) => {
        bodies.push(body);
        return Response.json({ user: makeMe() });
      },
    });
    vi.stubGlobal("fetch", server.fetch);
    const onDone = vi.fn();
    await renderPage(<LoginPage onDone={onDone} />, null);

    await userEvent.type(screen.getByLabelText("E-mail"), " ana@example.com");
    await userEvent.type(screen.getByLabelText("Password"), "correct horse");
    await userEvent.click(screen.getByRole("button", { name: "Log in" }));

    await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
    expect(bodies).toEqual([{ email: "ana@example.com", password: "correct horse" }]);
  });

  test("shows the server's sentence when it says no", async () => {
    const server = fakeServer({
      "POST /api/auth/login": () =>
        Response.json({ detail: "The e-mail or the password is wrong" }, { status: 401 }),
    });
    vi.stubGlobal("fetch", server.fetch);
    await renderPage(<LoginPage onDone={() => undefined} />, null);

    await userEvent.type(screen.getByLabelText("E-mail"), "ana@example.com");
    await userEvent.type(screen.getByLabelText("Password"), "wrong");
    await userEvent.click(screen.getByRole("button", { name: "Log in" }));

    expect(await screen.findByRole("alert")).toHaveTextContent("The e-mail or the password is wrong");
  });
});

describe("a login link", () => {
  test("is spent once and offers to set a password", async () => {
    const server = fakeServer({
      "POST /api/auth/login": () => Response.json({ user: makeMe({ has_password: false }) }),
      "PUT /api/auth/password": () => new Response(null, { status: 204 }),
    });
    vi.stubGlobal("fetch", server.fetch);
    const onDone = vi.fn();
    await renderPage(<LoginPage link="token" onDone={onDone} />, null);

    await userEvent.type(await screen.findByLabelText("New password"), "a long enough one");
    await userEvent.type(screen.getByLabelText("The same password again"), "another one entirely");
    await userEvent.click(screen.getByRole("button", { name: "Set password" }));
    expect(screen.getByText("The two passwords differ.")).toBeInTheDocument();
    await userEvent.clear(screen.getByLabelText("The same password again"));
    await userEvent.type(screen.getByLabelText("The same password again"), "a long enough one");
    await userEvent.click(screen.getByRole("button", { name: "Set password" }));

    await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
    expect(server.asked).toEqual(["POST /api/auth/login", "PUT /api/auth/password"]);
  });

  test("that is old says so and leaves the form", async () => {
    const server = fakeServer({
      "POST /api/auth/login": () => Response.json({ detail: "expired" }, { status: 401 }),
    });
    vi.stubGlobal("fetch", server.fetch);
    await renderPage(<LoginPage link="old" onDone={() => undefined} />, null);

    expect(await screen.findByRole("alert")).toHaveTextContent("does not work any more");
    expect(screen.getByLabelText("Password")).toBeInTheDocument();
  });
});
