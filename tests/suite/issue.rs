//! Issuing as a user does it: what was reviewed is frozen, once, and stays; whatever is killed or runs at the same time,
//! the folder is as before or as after.

use crate::common::program::yugu;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use assert_cmd::assert::Assert;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tempfile::TempDir;
use yugu::dataset::Mode;
use yugu::dataset::ledger::{Source, Step};

fn said(assert: &Assert) -> String {
    let output = assert.get_output();
    String::from_utf8(output.stdout.clone()).unwrap() + &String::from_utf8(output.stderr.clone()).unwrap()
}

/// Two regions, two products, from 2022-01 to `months` months later; a front-line answer in each of the last ones.
fn folder(months: usize) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let month = |t: usize| format!("{}-{:02}", 2022 + t / 12, t % 12 + 1);
    let mut sales = "month,region,product,units\n".to_owned();
    for t in 0..months {
        for (r, region) in ["north", "=south"].iter().enumerate() {
            for (p, product) in ["a", "b"].iter().enumerate() {
                sales.push_str(&format!("{},{region},{product},{}\n", month(t), 100 + 7 * ((t * (p + 2) + r) % 9)));
            }
        }
    }
    fs::write(home.path().join("sales.csv"), sales).unwrap();
    let mut front = "made,month,region,product,units,by,reason\n".to_owned();
    for t in 12..months {
        front.push_str(&format!("{},{},north,,240,Li Na,promotion\n", month(t), month(t + 1)));
    }
    fs::write(home.path().join("frontline.csv"), front).unwrap();
    home
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .map(|entries| entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

#[test]
fn what_was_reviewed_is_issued_once_and_stays() {
    let home = folder(24);
    let at = home.path().to_str().unwrap();
    assert!(said(&yugu(&["issue", at]).code(2)).contains("yugu plan"), "nothing reviewed yet");
    yugu(&["plan", at]).code(0);
    // Another day, another input, another forecast: each is refused, and says how to go on.
    assert!(said(&yugu(&["issue", at, "--as-of", "2024-02-15"]).code(2)).contains("--as-of 2023-12-31"));
    let front = home.path().join("frontline.csv");
    let before = fs::read_to_string(&front).unwrap();
    fs::write(&front, before.replace(",240,", ",241,")).unwrap();
    let refused = said(&yugu(&["issue", at]).code(2));
    assert!(refused.contains("frontline.csv") && refused.contains("yugu plan"), "{refused}");
    fs::write(&front, before).unwrap();
    let forecast = home.path().join("out/2023-12/forecast.csv");
    let planned = fs::read_to_string(&forecast).unwrap();
    fs::write(&forecast, planned.replacen(",a,", ",b,", 1)).unwrap();
    assert!(said(&yugu(&["issue", at]).code(2)).contains("overrides"));
    fs::write(&forecast, &planned).unwrap();
    assert!(names(&home.path().join("ledger")).is_empty());

    yugu(&["issue", at]).code(0);
    let file = home.path().join("ledger/2023-12.csv");
    let issued = fs::read_to_string(&file).unwrap();
    let cell = |row: &str, i: usize| row.split(',').nth(i).unwrap().to_owned();
    let of = |source: &str| issued.lines().filter(|l| cell(l, 8) == source).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!([of("stat").len(), of("final").len(), of("front").len()], [8, 8, 1]);
    // The final numbers are those of forecast.csv, bounds included.
    let printed: Vec<String> = planned.lines().skip(1).map(|l| cell(l, 6)).collect();
    let kept: Vec<String> = ["2024-01", "2024-02"]
        .iter()
        .flat_map(|m| of("final").into_iter().filter(|l| cell(l, 4) == **m).collect::<Vec<_>>())
        .map(|l| cell(&l, 9))
        .collect();
    let by_month: Vec<String> = (0..2).flat_map(|k| printed.iter().skip(k).step_by(2).cloned()).collect();
    assert_eq!(kept, by_month);
    assert!(of("front")[0].ends_with(",Li Na,promotion,frontline.csv:13:1"), "{:?}", of("front"));

    let again = said(&yugu(&["issue", at]).code(2));
    assert!(again.contains("--correction"), "{again}");
    yugu(&["plan", at]).code(0);
    yugu(&["issue", at, "--correction", "typing error in the north"]).code(0);
    assert_eq!(names(&home.path().join("ledger")), ["2023-12.2.csv", "2023-12.csv"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), issued, "what was issued is never changed");
    let correction = fs::read_to_string(home.path().join("ledger/2023-12.2.csv")).unwrap();
    assert!(correction.contains(",correction,2,") && correction.contains("typing error in the north"));
    let refused = said(&yugu(&["issue", at, "--as-of", "2023-11-30", "--correction", "x", "--lang", "zh"]).code(2));
    assert!(refused.contains("尚未发布"), "{refused}");
}

#[test]
fn a_ledger_that_was_damaged_is_told_at_its_place() {
    let home = folder(24);
    let at = home.path().to_str().unwrap();
    yugu(&["plan", at]).code(0);
    yugu(&["issue", at]).code(0);
    let issued = fs::read_to_string(home.path().join("ledger/2023-12.csv")).unwrap();
    let lines: Vec<&str> = issued.lines().collect();
    let stat = lines.iter().position(|l| l.contains(",stat,")).unwrap();
    let damaged = [
        (issued.replace(",close,", ",sometimes,"), "ledger/2023-11.csv:2:"),
        (issued.replacen(",stat,", ",guess,", 1), ":9"),
        ([&lines[..], &lines[stat..=stat]].concat().join("\n"), "second"),
        (issued.replacen("2023-12,1,", "2023-11,1,", 1), "one issued forecast"),
        (lines[0].to_owned(), "without rows"),
        (issued.clone(), "version 1"),
    ];
    let other = home.path().join("ledger/2023-11.csv");
    for (text, word) in damaged {
        fs::write(&other, text).unwrap();
        let shown = said(&yugu(&["check", at]).code(1));
        let place = word.strip_prefix(':').is_none() || shown.contains("ledger/2023-11.csv:");
        assert!(place && (word.starts_with(':') || shown.contains(word)), "{word}: {shown}");
    }
    // Names that are gone leave the rest readable; Chinese headers of a re-saved file too.
    fs::remove_file(&other).unwrap();
    let renamed = issued.replace("2023-12,1,close,2023-12-31", "2023-11,1,close,2023-11-30").replace(",b,", ",c,");
    fs::write(&other, renamed.replacen("month,", "月份,", 1)).unwrap();
    assert!(said(&yugu(&["check", at])).contains("no longer"), "unknown names");
}

/// Of two at once one wins and the other says so; the file is whole.
#[test]
fn two_at_once() {
    let home = folder(24);
    let at = home.path().to_str().unwrap();
    yugu(&["plan", at]).code(0);
    let both: Vec<Child> = (0..2).map(|_| start(&["issue", at])).collect();
    let codes: Vec<i32> = both.into_iter().map(|c| c.wait_with_output().unwrap().status.code().unwrap()).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [0, 2]);
    assert_eq!(names(&home.path().join("ledger")), ["2023-12.csv"]);
    yugu(&["check", at]).code(0);
}

fn start(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_yugu")).args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// `plan` and `issue` killed at 200 random moments: the plan is the old one or the new one, whole, and so is the ledger.
#[test]
fn killed_at_any_moment() {
    let rng = &mut ChaCha8Rng::seed_from_u64(11);
    let home = folder(26);
    let at = home.path().to_str().unwrap();
    let out = home.path().join("out/2024-02");
    let front = home.path().join("frontline.csv");
    let text = fs::read_to_string(&front).unwrap();
    let versions = [text.clone(), text.replace(",240,", ",260,")];
    // What each version of the inputs gives, and how long a run takes.
    let mut plans: Vec<Vec<(String, Vec<u8>)>> = Vec::new();
    let begun = std::time::Instant::now();
    for version in &versions {
        fs::write(&front, version).unwrap();
        yugu(&["plan", at]).code(0);
        plans.push(contents(&out));
    }
    assert_ne!(plans[0], plans[1]);
    let mut run = begun.elapsed() / 2;
    let mut killed = [0, 0];
    for i in 0..200 {
        let moment = run.mul_f64(rng.random_range(0.0..1.3));
        if i % 2 == 0 {
            fs::write(&front, &versions[i / 2 % 2]).unwrap();
            killed[0] += usize::from(kill(start(&["plan", at]), moment));
            assert!(plans.contains(&contents(&out)), "after {moment:?}");
        } else {
            // What is reviewed is what its inputs give, so that it can be issued.
            let begun = std::time::Instant::now();
            yugu(&["plan", at, "--out", out.to_str().unwrap()]).code(0);
            run = run.min(begun.elapsed());
            killed[1] += usize::from(kill(start(&["issue", at]), moment));
            let file = home.path().join("ledger/2024-02.csv");
            if let Ok(bytes) = fs::read(&file) {
                let text = String::from_utf8(bytes).unwrap();
                assert!(text.ends_with('\n') && text.matches(",final,").count() == 8, "after {moment:?}: {text}");
                fs::remove_file(&file).unwrap();
            }
        }
    }
    assert!(killed.iter().all(|k| *k > 10), "{killed:?}");
    // The next runs are as if nothing had been.
    yugu(&["plan", at]).code(0);
    yugu(&["issue", at]).code(0);
    assert_eq!(names(&home.path().join("out")), ["2024-02"]);
    assert_eq!(names(&home.path().join("ledger")), ["2024-02.csv"]);
}

/// Whether it was still running.
fn kill(mut child: Child, after: Duration) -> bool {
    sleep(after);
    let running = child.try_wait().unwrap().is_none();
    let _ = child.kill();
    child.wait().unwrap();
    running
}

fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    names(folder).into_iter().map(|name| (name.clone(), fs::read(folder.join(name)).unwrap())).collect()
}

/// Every command leaves a ledger that cannot be written to as it is.
#[test]
fn no_command_writes_to_what_was_issued() {
    let home = folder(26);
    let at = home.path().to_str().unwrap();
    let ledger = home.path().join("ledger");
    for as_of in ["2023-12", "2024-01"] {
        yugu(&["plan", at, "--as-of", as_of]).code(0);
        yugu(&["issue", at, "--as-of", as_of]).code(0);
    }
    let before = contents(&ledger);
    let locked = |readonly: bool| {
        let paths: Vec<PathBuf> = names(&ledger).iter().map(|n| ledger.join(n)).chain([ledger.clone()]).collect();
        for path in paths {
            let mut permissions = fs::metadata(&path).unwrap().permissions();
            permissions.set_readonly(readonly);
            fs::set_permissions(&path, permissions).unwrap();
        }
    };
    locked(true);
    yugu(&["plan", at]).code(0);
    let explain = ["explain", at, "--region", "north", "--product", "a", "--month", "2024-03"];
    let backtest = ["backtest", at, "--cutoffs", "2023-12..2024-01"];
    for command in [&["check", at][..], &["target", at], &explain, &backtest, &["accuracy", at]] {
        yugu(command).code(0);
    }
    // A user who may write anywhere (root) issues all the same: a new file, and nothing else.
    let _ = yugu(&["issue", at]);
    locked(false);
    assert_eq!(contents(&ledger)[..2], before[..]);
}

/// Files of earlier formats stay readable: one of each stands in `tests/golden/ledger`.
#[test]
fn old_files_stay_readable() {
    let home = folder(24);
    fs::create_dir(home.path().join("ledger")).unwrap();
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/ledger/format-1.csv");
    fs::copy(golden, home.path().join("ledger/2023-12.csv")).unwrap();
    let loaded = yugu::folder::load(home.path(), None, "2030-01-01".parse().unwrap()).unwrap();
    let (data, issue) = (&loaded.dataset, &loaded.dataset.ledger[0]);
    assert_eq!((issue.made.to_string(), issue.version, issue.mode), ("2023-12".to_owned(), 1, Mode::Close));
    let first = &issue.months[0];
    assert_eq!((first.month.to_string(), first.lag, first.issued.clone()), ("2024-01".to_owned(), 1, vec![true; 4]));
    let of = |region: &str, product: usize| {
        let leaf = (0..2).find(|l| data.grid.regions.code(data.grid.regions.node_of(*l)) == region).unwrap();
        data.grid.find(leaf, product).unwrap()
    };
    let (north, south) = (of("north", 0), of("=south", 1));
    assert_eq!([first.after(Step::Stat)[north], first.after(Step::Cut)[north]], [114.92346280654576; 2]);
    assert_eq!([first.after(Step::Combined)[north], first.after(Step::Planned)[north]], [113.62918782953325; 2]);
    assert_eq!(first.after(Step::Planned)[south], 133.97939589361758);
    assert_eq!(
        (first.after(Step::Final)[south], first.bounds.as_ref().unwrap()[south]),
        (134.0, [108.0, 155.0, 98.0, 162.0])
    );
    let said: Vec<_> = first.of(Source::Front).map(|s| (s.units, &*s.by, &*s.reason, &*s.at)).collect();
    assert_eq!(said, [(240.0, "Li Na", "promotion", "frontline.csv:13:1")]);
    assert_eq!(first.of(Source::Calendar).map(|s| s.units).collect::<Vec<_>>(), [31.0]);
}

/// Answers that cannot be used are told at their lines: of a later day, of a month too far ahead; and where somebody
/// answers twice, the newest counts.
#[test]
fn answers_that_are_not_used_are_told() {
    let home = folder(24);
    let front = home.path().join("frontline.csv");
    let text = fs::read_to_string(&front).unwrap()
        + "2023-12,2024-07,north,,240,Li Na,promotion\n2024-01-05,2024-02,north,,250,Li Na,promotion\n\
           2023-12-20,2024-01,north,,260,Li Na,promotion\n";
    let at_line = |line: usize| format!("frontline.csv:{line}:");
    fs::write(&front, text).unwrap();
    let at = home.path().to_str().unwrap();
    let shown = said(&yugu(&["check", at]).code(0));
    let line_of =
        |word: &str| shown.lines().find(|l| l.contains(word)).unwrap_or_else(|| panic!("{word}: {shown}")).to_owned();
    assert!(line_of("speaks of 2024-07").starts_with(&at_line(14)), "{shown}");
    assert!(line_of("made on 2024-01-05").starts_with(&at_line(15)), "{shown}");
    assert!(line_of("frontline.csv:16").starts_with(&at_line(13)), "{shown}");
    let explained = said(&yugu(&["explain", at, "--region", "north", "--product", "a", "--month", "2024-01"]));
    assert!(explained.contains("frontline.csv:16") && !explained.contains("frontline.csv:13"), "{explained}");
}
