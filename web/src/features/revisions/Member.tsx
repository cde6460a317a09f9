/** One member that changed: short values side by side, long ones line by line. */
import type { Difference } from "@/api/types";
import { isShort, lineDiff, written } from "./lines";
import classes from "./revisions.module.css";
import { useRevisionsText } from "./text";

const SIGNS = { same: " ", added: "+", removed: "−", gap: "⋯" };

export function Member({ member }: { member: Difference["members"][number] }) {
  const t = useRevisionsText();
  const before = written(member.before);
  const after = written(member.after);
  const option = /^chart_config\.(.+)$/.exec(member.name)?.[1];
  const label = option ? t.option(option) : (t.members[member.name] ?? member.name);
  return (
    <div className={classes.member}>
      <span className={classes.memberName}>{label}</span>
      {isShort(before, after) ? (
        <span className={classes.values}>
          <del>{before || t.nothingThere}</del>
          <span aria-hidden="true">→</span>
          <ins>{after || t.nothingThere}</ins>
        </span>
      ) : (
        <pre className={classes.lines}>
          {lineDiff(before, after).map((line, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name, and the list never changes
            <span key={at} data-kind={line.kind}>
              {SIGNS[line.kind]} {line.text}
              {"\n"}
            </span>
          ))}
        </pre>
      )}
    </div>
  );
}
