import { render } from "preact";

import { App, start } from "./app.tsx";
import "./style.css";

await start();
render(<App />, document.getElementById("app")!);
