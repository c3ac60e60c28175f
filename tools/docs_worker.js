// The search of the site runs in a worker, which a browser refuses to a page that was opened from a folder. There a hidden
// frame takes its place: the same messages, one after another.
"use strict";
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(script) {
      super();
      const from = new URL(script, document.baseURI).href;
      this.ready = new Promise((done) => {
        const frame = document.createElement("iframe");
        frame.hidden = true;
        frame.srcdoc = "<!doctype html><title>search</title>";
        frame.onload = () => {
          frame.onload = null;
          const inside = frame.contentWindow;
          const load = (source) =>
            new Promise((loaded, failed) => {
              const element = inside.document.createElement("script");
              element.src = new URL(source, from).href;
              element.onload = loaded;
              element.onerror = failed;
              inside.document.body.append(element);
            });
          inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
          inside.importScripts = (...sources) =>
            sources.reduce((before, source) => before.then(() => load(source)), Promise.resolve());
          load(from).then(() => done(inside));
        };
        document.documentElement.append(frame);
      });
      this.addEventListener("message", (event) => this.onmessage?.(event));
    }
    postMessage(data) {
      this.ready.then((inside) => inside.dispatchEvent(new inside.MessageEvent("message", { data })));
    }
    terminate() {}
  };
}
