//! Headless Chromium over its DevTools protocol: commands and answers are JSON texts ended by a zero byte, on file
//! descriptors 3 and 4 (`--remote-debugging-pipe`), which a shell makes of its input and output.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Nothing on the page takes longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// What a root user and a machine without a screen need, and what keeps the browser from asking for anything by itself.
const FLAGS: [&str; 11] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
    "about:blank",
];
/// Under these names the browser may stand on the path.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// A browser with one page.
pub struct Chrome {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    session: Option<String>,
    last: u64,
    /// What was said without being asked for.
    events: Vec<Value>,
    _profile: tempfile::TempDir,
}

impl Chrome {
    /// Starts it with an empty profile; none where there is no such program.
    pub fn start() -> Option<Chrome> {
        let paths = std::env::var_os("PATH")?;
        let mut found = std::env::split_paths(&paths).flat_map(|dir| NAMES.map(|name| dir.join(name)));
        let program = found.find(|path| path.is_file())?;
        let profile = tempfile::tempdir().unwrap();
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null", "sh"])
            .arg(program)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(FLAGS)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut chrome = Chrome { child, to, from, session: None, last: 0, events: Vec::new(), _profile: profile };
        let page = chrome.command("Target.createTarget", json!({ "url": "about:blank" }))["targetId"].clone();
        let session = chrome.command("Target.attachToTarget", json!({ "targetId": page, "flatten": true }));
        chrome.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Network", "Log"] {
            chrome.command(&format!("{domain}.enable"), json!({}));
        }
        Some(chrome)
    }

    /// Sends a command and waits for its answer.
    pub fn command(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = session.clone().into();
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        self.to.flush().unwrap();
        loop {
            let mut text = Vec::new();
            self.from.read_until(0, &mut text).unwrap();
            assert_eq!(text.pop(), Some(0), "the browser has gone");
            let message: Value = serde_json::from_slice(&text).unwrap();
            if message["id"] == self.last {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    /// The value of an expression; promises are waited for.
    pub fn run(&mut self, code: &str) -> Value {
        let params = json!({ "expression": code, "awaitPromise": true, "returnByValue": true });
        let result = self.command("Runtime.evaluate", params);
        assert!(result["exceptionDetails"].is_null(), "{code}: {}", result["exceptionDetails"]);
        result["result"]["value"].clone()
    }

    /// Waits until an expression is true.
    pub fn until(&mut self, code: &str) {
        let begun = Instant::now();
        while self.run(code) != true {
            assert!(begun.elapsed() < PATIENCE, "not within a minute: {code}; {:?}", self.complaints());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Opens a file and waits until its page is drawn.
    pub fn open(&mut self, path: &Path) {
        self.events.clear();
        self.command("Page.navigate", json!({ "url": format!("file://{}", path.display()) }));
        self.until("document.body !== null && document.body.dataset.ready === 'true'");
    }

    /// The size of the window, in pixels of the page.
    pub fn size(&mut self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.command("Emulation.setDeviceMetricsOverride", size);
    }

    /// Presses a key.
    pub fn press(&mut self, key: &str) {
        for kind in ["keyDown", "keyUp"] {
            let code = match key {
                "Enter" => 13,
                "Tab" => 9,
                _ => 27,
            };
            let text = if key == "Enter" && kind == "keyDown" { "\r" } else { "" };
            let params = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text });
            self.command("Input.dispatchKeyEvent", params);
        }
    }

    /// Everything that the console said, every exception, and every request of another file.
    pub fn complaints(&mut self) -> Vec<String> {
        // What was said meanwhile comes before the answer.
        self.run("1");
        let complaint = |event: &Value| {
            let params = &event["params"];
            match event["method"].as_str()? {
                "Runtime.exceptionThrown" | "Runtime.consoleAPICalled" | "Log.entryAdded" => Some(params.to_string()),
                "Network.requestWillBeSent" if params["type"] != "Document" => Some(params["request"].to_string()),
                _ => None,
            }
        };
        self.events.iter().filter_map(complaint).collect()
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
