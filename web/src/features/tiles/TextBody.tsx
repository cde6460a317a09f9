/** Markdown without raw HTML; links lead only to the web, mail, or within the app. */
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import { safeLink } from "./links";
import classes from "./tiles.module.css";

const plugins = [remarkGfm];

const components: Components = {
  a: ({ href, children }) => {
    const safe = safeLink(href);
    if (safe === undefined) return <span>{children}</span>;
    const isOutside = /^https?:/i.test(safe);
    return (
      <a href={safe} rel="noopener noreferrer" target={isOutside ? "_blank" : undefined}>
        {children}
      </a>
    );
  },
  // An image would tell another server who looks at the dashboard, and the content security policy refuses it.
  img: ({ alt }) => <em>{alt}</em>,
  table: ({ children }) => (
    <div className={classes.proseTable}>
      <table>{children}</table>
    </div>
  ),
};

export default function TextBody({ content }: { content: string }) {
  return (
    <div className={classes.prose} data-ready="true">
      <Markdown
        remarkPlugins={plugins}
        components={components}
        skipHtml
        urlTransform={(url) => safeLink(url) ?? ""}
      >
        {content}
      </Markdown>
    </div>
  );
}
