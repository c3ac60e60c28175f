// A reason is `CODE:TASK`; a full-width colon is one, too.

export function splitReason(reason: string): { code: string; task: string } {
  const at = reason.search(/[:：]/);
  return at < 0 ? { code: reason, task: "" } : { code: reason.slice(0, at), task: reason.slice(at + 1) };
}

export function joinReason(code: string, task: string): string {
  return `${code}:${task.trim()}`;
}
