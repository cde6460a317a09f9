import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { EditGrid } from "./EditGrid";

const ITEMS = [
  { id: "a", x: 0, y: 0, w: 6, h: 4 },
  { id: "b", x: 6, y: 0, w: 6, h: 4 },
];

function setup(isEnabled = true) {
  const onPlace = vi.fn();
  render(
    <MantineProvider env="test">
      <EditGrid
        items={ITEMS}
        titleOf={(id) => (id === "a" ? "Revenue" : "Costs")}
        rowHeight={80}
        gap={16}
        isEnabled={isEnabled}
        renderTile={(id) => <button type="button">menu {id}</button>}
        onPlace={onPlace}
      />
    </MantineProvider>,
  );
  return { onPlace, user: userEvent.setup() };
}

const tile = (name: RegExp) => screen.getByRole("group", { name });

test("a tile is moved and resized by keyboard alone, and the live region says where it is", async () => {
  const { onPlace, user } = setup();

  await user.tab();
  expect(tile(/Revenue/)).toHaveFocus();
  await user.keyboard("{Enter}");
  expect(screen.getByRole("status")).toHaveTextContent("Revenue lifted. It is at column 1, row 1");
  await user.keyboard("{ArrowRight}{ArrowDown}{Shift>}{ArrowRight}{/Shift}");
  expect(screen.getByRole("status")).toHaveTextContent("Now at column 2, row 2, 7 wide, 4 tall.");
  expect(onPlace).not.toHaveBeenCalled();
  await user.keyboard("{Enter}");

  expect(onPlace).toHaveBeenCalledExactlyOnceWith("a", { x: 1, y: 1, w: 7, h: 4 });
});

test("Escape puts the tile back and saves nothing", async () => {
  const { onPlace, user } = setup();

  await user.tab();
  await user.keyboard("{Enter}{ArrowDown}{Escape}");

  expect(screen.getByRole("status")).toHaveTextContent("Revenue is back where it was.");
  expect(onPlace).not.toHaveBeenCalled();
});

test("keys pressed inside a tile do not move it", async () => {
  const { onPlace } = setup();

  fireEvent.keyDown(screen.getByRole("button", { name: "menu a" }), { key: "Enter" });

  expect(screen.getByRole("status")).toHaveTextContent("");
  expect(onPlace).not.toHaveBeenCalled();
});

test("leaving a lifted tile drops it where it is", async () => {
  const { onPlace, user } = setup();

  await user.tab();
  await user.keyboard("{Enter}{ArrowDown}");
  await user.tab();

  expect(onPlace).toHaveBeenCalledExactlyOnceWith("a", { x: 0, y: 1, w: 6, h: 4 });
});

test("in a narrow window nothing can be lifted", async () => {
  const { user } = setup(false);

  await user.tab();
  await user.keyboard("{Enter}");

  expect(screen.getByRole("status")).toHaveTextContent("");
});
