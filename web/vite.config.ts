import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig(({ command }) => ({
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  server: {
    port: 5173,
    proxy: { "/api": { target: "http://127.0.0.1:8000", changeOrigin: false } },
  },
  // Names of classes are half of a small style sheet.
  css: {
    modules: { generateScopedName: command === "build" ? "t[hash:base64:5]" : "[local]_[hash:base64:5]" },
  },
  build: {
    // The Python package serves this folder; the wheel carries it.
    outDir: "../src/tesela/web_dist",
    emptyOutDir: true,
    target: "es2022",
    manifest: true,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // Two groups only: a wider one drags shared helpers, and with them the charts, into the first load.
          groups: [
            { name: "tslib", test: /[\\/]node_modules[\\/]tslib[\\/]/, priority: 20 },
            { name: "vendor", tags: ["$initial"], test: /[\\/]node_modules[\\/]/, priority: 10 },
          ],
        },
      },
    },
  },
}));
